// RequestHead: request line and headers of one request, read by llhttp after our own checks of what
// llhttp lets through: every line ends in CR LF and holds no other control character, no folding,
// no empty names, exactly one Host, one way to say how long the body is.
//
// Collects lines until the empty one and judges each line when it is complete; llhttp then sees the
// whole head at once. So the outcome cannot depend on how the input was cut, and all views point
// into one piece of memory. Knows nothing about bodies beyond what the headers announce.

#ifndef GRAMME_HTTP_REQUEST_HEAD_H_
#define GRAMME_HTTP_REQUEST_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/chunk_decoder.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/rejection.h"

namespace gramme {

// What the headers say about the body and the connection.
struct Framing {
  bool chunked = false;
  std::uint64_t content_length = 0;  // 0 when chunked
  bool gzip = false;
  bool expects_continue = false;
  bool keep_alive = false;
  bool is_http_1_0 = false;
};

// Not thread-safe. Owns the bytes that the request's views point into, until Reset().
class RequestHead {
 public:
  // Keeps the reference.
  explicit RequestHead(const Limits& limits) : limits_(limits) {}

  // REQUIRES: not done or rejected since the last Reset().
  ParseStep Consume(std::string_view input);

  // REQUIRES of both: done.
  Request& request() { return request_; }
  const Framing& framing() const { return framing_; }

  // No byte of a message has been seen.
  bool empty() const { return bytes_.empty(); }
  std::size_t capacity() const { return bytes_.capacity(); }
  void Reset();
  // Reset, and gives memory back.
  void Release();

 private:
  friend struct LlhttpCallbacks;

  // Judges the line that has just been completed.
  const Rejection* FinishLine();
  // Runs llhttp over the whole head and fills request_ and framing_.
  const Rejection* Parse();
  const Rejection* FillHost();
  const Rejection* FillTarget();
  const Rejection* FillBodyFraming();

  const Limits& limits_;
  std::string bytes_;
  std::size_t line_begin_ = 0;     // of the incomplete line, in bytes_
  std::size_t headers_begin_ = 0;  // 0 until the request line is complete
  std::size_t header_count_ = 0;
  bool done_ = false;
  Request request_;
  Framing framing_;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_REQUEST_HEAD_H_
