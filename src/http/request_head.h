// RequestHead: request line and headers of one request, read more strictly than RFC 9112 wherever
// leniency lets two servers disagree: every line ends in CR LF and holds no other control
// character, no folding, no empty names, exactly one Host, one way to say how long the body is.
//
// A head that comes in one piece is read where it lies and copied once; one that comes in several
// is collected, and read again from its beginning with each line that is completed. Both are one
// function of the bytes so far, so the outcome cannot depend on how the input was cut. Knows
// nothing about bodies beyond what the headers announce.

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
  // What decides how the message is framed. Counts tell of repetitions.
  struct FramingHeaders {
    std::string_view method;
    std::string_view host;
    std::string_view content_length;
    std::string_view transfer_encoding;
    std::string_view content_encoding;
    std::string_view expect;
    int host_count = 0;
    int content_length_count = 0;
    int transfer_encoding_count = 0;
    int content_encoding_count = 0;
    bool says_close = false;
    bool says_keep_alive = false;
  };

  // Reads `text`, which begins where the head begins, up to the end of the head or of the last
  // complete line.
  ParseStep Scan(std::string_view text);
  const Rejection* CheckSize(std::size_t size) const;
  // Each judges one line, given without its line end.
  const Rejection* TakeRequestLine(std::string_view line);
  const Rejection* TakeHeader(std::string_view line);
  void TakeFramingHeader(const Header& header);
  const Rejection* Finish();
  const Rejection* FillTarget();
  const Rejection* FillBodyFraming();
  // The views point into `from`, of which bytes_ is a copy now: points them there.
  void MoveViews(const char* from);

  const Limits& limits_;
  std::string bytes_;
  std::size_t line_begin_ = 0;     // of the incomplete line
  std::size_t headers_begin_ = 0;  // 0 until the request line is complete
  FramingHeaders framing_headers_;
  Request request_;
  Framing framing_;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_REQUEST_HEAD_H_
