#include "http/chunk_decoder.h"

#include <algorithm>

#include "http/characters.h"

namespace gramme {
namespace {

// 16 digits fill 64 bits: more can only be an overflow or a disguise.
constexpr std::size_t kSizeDigitsMax = 16;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void ChunkDecoder::Reset() {
  state_ = State::kSize;
  chunk_bytes_left_ = 0;
  digit_count_ = extension_bytes_ = trailer_bytes_ = 0;
}

ParseStep ChunkDecoder::Consume(std::string_view input, BodyBuffer& body) {
  std::size_t at = 0;
  while (at < input.size()) {
    if (state_ == State::kPayload) {
      const auto count =
          static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes_left_, input.size() - at));
      body.Append(input.substr(at, count));
      at += count;
      chunk_bytes_left_ -= count;
      if (chunk_bytes_left_ == 0) state_ = State::kPayloadReturn;
      continue;
    }
    if (const Rejection* rejection = Take(input[at], body.size())) return {.rejection = rejection};
    ++at;
    if (state_ == State::kDone) return {.consumed = at, .done = true};
  }
  return {.consumed = at};
}

const Rejection* ChunkDecoder::Take(char c, std::size_t body_size) {
  switch (state_) {
    case State::kSize:
      return TakeSize(c);
    case State::kExtension:
      if (c == '\r') {
        state_ = State::kSizeLineFeed;
        return nullptr;
      }
      if (!IsFieldCharacter(c) || ++extension_bytes_ > limits_.chunk_extension_bytes_max) {
        return &rejections::kChunk;
      }
      return nullptr;
    case State::kSizeLineFeed: {
      const bool last = chunk_bytes_left_ == 0;
      if (chunk_bytes_left_ > limits_.body_bytes_max - body_size) {
        return &rejections::kBodyTooLarge;
      }
      return Expect(c, '\n', last ? State::kTrailerBegin : State::kPayload);
    }
    case State::kPayloadReturn:
      return Expect(c, '\r', State::kPayloadLineFeed);
    case State::kPayloadLineFeed:
      digit_count_ = extension_bytes_ = 0;
      return Expect(c, '\n', State::kSize);
    case State::kTrailerBegin:
    case State::kTrailer:
      return TakeTrailer(c);
    case State::kTrailerLineFeed:
      return Expect(c, '\n', State::kTrailerBegin);
    case State::kEndLineFeed:
      return Expect(c, '\n', State::kDone);
    case State::kPayload:
    case State::kDone:
      break;
  }
  return &rejections::kChunk;
}

const Rejection* ChunkDecoder::TakeSize(char c) {
  if (const int digit = HexValue(c); digit >= 0) {
    if (++digit_count_ > kSizeDigitsMax) return &rejections::kChunk;
    chunk_bytes_left_ = chunk_bytes_left_ * 16 + static_cast<std::uint64_t>(digit);
    return nullptr;
  }
  if (digit_count_ == 0) return &rejections::kChunk;
  if (c == ';') {
    state_ = State::kExtension;
    return nullptr;
  }
  return Expect(c, '\r', State::kSizeLineFeed);
}

const Rejection* ChunkDecoder::TakeTrailer(char c) {
  const bool at_line_begin = state_ == State::kTrailerBegin;
  if (c == '\r') {
    state_ = at_line_begin ? State::kEndLineFeed : State::kTrailerLineFeed;
    return nullptr;
  }
  if (++trailer_bytes_ > limits_.trailer_bytes_max) return &rejections::kHeadersTooLarge;
  if (at_line_begin ? !IsTokenCharacter(c) : !IsFieldCharacter(c)) return &rejections::kChunk;
  state_ = State::kTrailer;
  return nullptr;
}

const Rejection* ChunkDecoder::Expect(char c, char wanted, State next) {
  if (c != wanted) return &rejections::kChunk;
  state_ = next;
  return nullptr;
}

}  // namespace gramme
