// Gunzip undoes `Content-Encoding: gzip` on a whole request body, without being a bomb's victim;
// GzipBody makes it for an answer.

#ifndef GRAMME_HTTP_GZIP_H_
#define GRAMME_HTTP_GZIP_H_

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "http/body_buffer.h"

namespace gramme {

// Deflate's best case is 258 bytes from two bits.
inline constexpr std::size_t kGzipExpansionMax = 1032;

enum class GunzipError {
  kInvalid,   // not one whole gzip member with the right checksum and length
  kTooLarge,  // would be longer than allowed
};

// Replaces the content of `decoded`. Never allocates more than `decoded_bytes_max` (and the slack),
// nor more than 1,032 times the input, which is all that deflate can expand to. Several members one
// after the other, which gzip allows and no SDK sends, are kInvalid. Thread-safe.
std::expected<void, GunzipError> Gunzip(std::string_view compressed, std::size_t decoded_bytes_max,
                                        BodyBuffer& decoded);

// `text` as one gzip member, fast rather than small; empty when it would not get smaller. About
// 5 ms per MB. Thread-safe.
std::string GzipBody(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_HTTP_GZIP_H_
