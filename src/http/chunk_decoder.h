// ChunkDecoder: undoes `Transfer-Encoding: chunked` (RFC 9112 section 7.1), stricter than the RFC
// where leniency lets two servers disagree about where a message ends: sizes of at most 16 digits,
// no white space around them, CR LF everywhere, extensions and trailers read, bounded and ignored.

#ifndef GRAMME_HTTP_CHUNK_DECODER_H_
#define GRAMME_HTTP_CHUNK_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/body_buffer.h"
#include "http/limits.h"
#include "http/rejection.h"

namespace gramme {

// What one piece of input led to. Neither done nor rejected: more input is needed.
struct ParseStep {
  std::size_t consumed = 0;  // bytes of the input that belong to this message
  bool done = false;
  const Rejection* rejection = nullptr;  // one of `rejections`; `consumed` then means nothing
  // Bytes of memory that the body may take from here on, where that is more than kUnchargedBytes:
  // RequestParser::GiveRoom() comes before the next Consume(). 0: go on.
  std::size_t wanted_bytes = 0;
};

// The outcome does not depend on how the input is cut into pieces. Not thread-safe.
class ChunkDecoder {
 public:
  // Keeps the reference.
  explicit ChunkDecoder(const Limits& limits) : limits_(limits) {}

  // Appends decoded bytes to `body`, never to more than Limits::body_bytes_max.
  // REQUIRES: not done or rejected since the last Reset().
  ParseStep Consume(std::string_view input, BodyBuffer& body);
  void Reset();

 private:
  enum class State {
    kSize,
    kExtension,
    kSizeLineFeed,
    kPayload,
    kPayloadReturn,
    kPayloadLineFeed,
    kTrailerBegin,
    kTrailer,
    kTrailerLineFeed,
    kEndLineFeed,
    kDone,
  };

  // Takes one byte that is not payload.
  const Rejection* Take(char c, std::size_t body_size);
  const Rejection* TakeSize(char c);
  const Rejection* TakeTrailer(char c);
  const Rejection* Expect(char c, char wanted, State next);

  const Limits& limits_;
  State state_ = State::kSize;
  std::uint64_t chunk_bytes_left_ = 0;
  std::size_t digit_count_ = 0;
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_CHUNK_DECODER_H_
