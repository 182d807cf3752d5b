// Base64 as RFC 4648 section 4 has it, strictly: padded, canonical, nothing between the characters.

#ifndef GRAMME_PROTOCOL_BASE64_H_
#define GRAMME_PROTOCOL_BASE64_H_

#include <string>
#include <string_view>

namespace gramme {

void AppendBase64(std::string_view bytes, std::string& out);

enum class Base64Error {
  kNone,
  kLength,     // not a multiple of four characters
  kCharacter,  // outside the alphabet, or padding that is not at the end
  kLastBits,   // the last character carries bits that no encoder writes
};

// Appends the bytes to `out`; on an error `out` holds part of them.
Base64Error DecodeBase64(std::string_view text, std::string& out);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_BASE64_H_
