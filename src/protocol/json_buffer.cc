#include "protocol/json_buffer.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace gramme {
namespace {

constexpr std::size_t kFirstBytes = 512;
// The longest that a character becomes: `\u001f`.
constexpr std::size_t kEscapeBytesMax = 6;

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

char* WriteEscape(char c, char* out) {
  const auto write = [out](std::string_view text) {
    return std::copy(text.begin(), text.end(), out);
  };
  switch (c) {
    case '"':
      return write("\\\"");
    case '\\':
      return write("\\\\");
    case '\b':
      return write("\\b");
    case '\f':
      return write("\\f");
    case '\n':
      return write("\\n");
    case '\r':
      return write("\\r");
    case '\t':
      return write("\\t");
    default:
      break;
  }
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out = write("\\u00");
  *out++ = kHexDigits[static_cast<unsigned char>(c) >> 4];
  *out++ = kHexDigits[static_cast<unsigned char>(c) & 15U];
  return out;
}

// What is copied and looked at in one go.
#ifdef __SSE2__
constexpr std::size_t kStepBytes = 16;

// Copies a step and returns how many of its bytes come before the first that needs an escape.
std::size_t CopyClean(const char* from, char* to) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  // The minimum with 0x1F is the byte itself where it is no greater, unsigned.
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const int found = _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash)));
  return found == 0 ? kStepBytes
                    : static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
}
#else
constexpr std::size_t kStepBytes = 8;

std::size_t CopyClean(const char* from, char* to) {
  std::memcpy(to, from, kStepBytes);
  std::size_t clean = 0;
  while (clean < kStepBytes && !NeedsEscape(from[clean])) ++clean;
  return clean;
}
#endif

}  // namespace

void JsonBuffer::Grow(std::size_t byte_count) {
  const std::size_t needed = std::max(used_ + byte_count, kFirstBytes);
  // What was reserved may be all that it takes.
  const std::size_t wanted =
      needed <= out_.capacity() ? out_.capacity() : std::max(2 * out_.size(), needed);
  // Not filled: every byte is written before it counts.
  out_.resize_and_overwrite(wanted, [](char*, std::size_t size) { return size; });
}

void JsonBuffer::AppendString(std::string_view text) {
  // Room for what is left without escapes and for both quotes; each escape asks again.
  const auto reserve = [&](std::size_t left) { return Reserve(left + kEscapeBytesMax + 2); };
  const char* from = text.data();
  const char* const end = from + text.size();
  char* to = reserve(text.size());
  *to++ = '"';
  while (from != end) {
    if (static_cast<std::size_t>(end - from) >= kStepBytes) {
      const std::size_t clean = CopyClean(from, to);
      from += clean;
      to += clean;
      if (clean == kStepBytes) continue;
    } else if (!NeedsEscape(*from)) {
      *to++ = *from++;
      continue;
    }
    Advance(WriteEscape(*from++, to));
    to = reserve(static_cast<std::size_t>(end - from));
  }
  *to++ = '"';
  Advance(to);
}

}  // namespace gramme
