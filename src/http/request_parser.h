// RequestParser: bytes in, one Request at a time out. Pure: no socket, no time.
//
// Joins the three parts: http/request_head.h (line and headers), the body as announced (its length,
// or http/chunk_decoder.h), http/gzip.h. Whatever is not certainly one well-framed request is
// rejected, and how the input is cut into pieces never changes the outcome.

#ifndef GRAMME_HTTP_REQUEST_PARSER_H_
#define GRAMME_HTTP_REQUEST_PARSER_H_

#include <cstddef>
#include <string_view>

#include "http/body_buffer.h"
#include "http/chunk_decoder.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/request_head.h"

namespace gramme {

// Not thread-safe. Owns the memory behind request(), and keeps it for the next request.
class RequestParser {
 public:
  // Keeps the reference.
  explicit RequestParser(const Limits& limits) : limits_(limits), head_(limits), chunks_(limits) {}

  // Takes input up to the end of the request; what follows belongs to the next one. After `done`
  // or a rejection, Reset() comes first. Stops at most once before the end, where it wants memory.
  ParseStep Consume(std::string_view input);
  // There is as much memory as the last step wanted.
  void GiveRoom();

  // REQUIRES: head_done(). Without its body before Consume() reports done. Views live until Reset()
  // or Release().
  Request& request() { return head_.request(); }
  bool keep_alive() const { return head_.framing().keep_alive; }
  bool is_http_1_0() const { return head_.framing().is_http_1_0; }

  // Nothing of a request has come yet.
  bool idle() const { return head_.empty(); }
  bool head_done() const { return phase_ != Phase::kHead; }
  // The client holds its body back until it is told "100 Continue". True once per request.
  bool TakeContinueExpected();
  // Memory held for bodies, and how much of it is in use.
  std::size_t buffered_bytes() const { return body_.capacity() + decoded_.capacity(); }
  std::size_t used_bytes() const { return body_.size() + decoded_.size(); }

  // Ready for the next request; keeps memory.
  void Reset();
  // Reset, and gives the memory back.
  void Release();

 private:
  enum class Phase { kHead, kFixedBody, kChunkedBody };

  void BeginBody();
  // What a body takes at most, if it could be more than kUnchargedBytes with `byte_count` more
  // consumed; 0 if not.
  std::size_t WantedBytes(std::size_t byte_count) const;
  ParseStep ConsumeBody(std::string_view input);
  // All bytes are here: decodes, and makes the body part of the request.
  const Rejection* FinishBody();

  const Limits& limits_;
  Phase phase_ = Phase::kHead;
  RequestHead head_;
  ChunkDecoder chunks_;
  bool continue_expected_ = false;
  bool has_room_ = false;
  BodyBuffer body_;
  BodyBuffer decoded_;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_REQUEST_PARSER_H_
