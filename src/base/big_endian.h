// Eight bytes, the most significant first: numbers that sort as their bytes do.

#ifndef GRAMME_BASE_BIG_ENDIAN_H_
#define GRAMME_BASE_BIG_ENDIAN_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"

namespace gramme {

static_assert(std::endian::native == std::endian::little);

// Into eight bytes at `out`.
inline void WriteBigEndian64(std::uint64_t value, char* out) {
  const std::uint64_t swapped = __builtin_bswap64(value);
  std::memcpy(out, &swapped, sizeof(swapped));
}

inline void AppendBigEndian64(std::uint64_t value, std::string& out) {
  char bytes[sizeof(value)];
  WriteBigEndian64(value, bytes);
  out.append(bytes, sizeof(bytes));
}

inline std::string BigEndian64(std::uint64_t value) {
  std::string bytes;
  AppendBigEndian64(value, bytes);
  return bytes;
}

// REQUIRES: at least 8 bytes.
inline std::uint64_t ReadBigEndian64(std::string_view bytes) {
  GRAMME_CHECK(bytes.size() >= sizeof(std::uint64_t), "eight bytes are read");
  std::uint64_t swapped = 0;
  std::memcpy(&swapped, bytes.data(), sizeof(swapped));
  return __builtin_bswap64(swapped);
}

}  // namespace gramme

#endif  // GRAMME_BASE_BIG_ENDIAN_H_
