// The character classes of RFC 9110 section 5.6, as tables.

#ifndef GRAMME_HTTP_CHARACTERS_H_
#define GRAMME_HTTP_CHARACTERS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace gramme {

using CharacterClass = std::array<bool, 256>;

constexpr CharacterClass AlphanumericAnd(std::string_view others) {
  CharacterClass members{};
  for (std::size_t c = 0; c < members.size(); ++c) {
    members[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
  for (const char c : others) members[static_cast<unsigned char>(c)] = true;
  return members;
}

// Printable bytes, white space inside a line, and bytes above ASCII, which are opaque.
constexpr CharacterClass FieldCharacters() {
  CharacterClass members{};
  for (std::size_t c = 0; c < members.size(); ++c) {
    members[c] = c == '\t' || (c >= ' ' && c != 0x7f);
  }
  return members;
}

inline constexpr CharacterClass kTokenCharacters = AlphanumericAnd("!#$%&'*+-.^_`|~");
inline constexpr CharacterClass kFieldCharacters = FieldCharacters();
// Registered names, addresses, brackets and port; no user, no list, no white space.
inline constexpr CharacterClass kHostCharacters = AlphanumericAnd("-._~%:[]");

constexpr bool IsTokenCharacter(char c) { return kTokenCharacters[static_cast<unsigned char>(c)]; }
constexpr bool IsFieldCharacter(char c) { return kFieldCharacters[static_cast<unsigned char>(c)]; }

constexpr bool ConsistsOf(std::string_view text, const CharacterClass& members) {
  return std::ranges::all_of(text, [&](char c) { return members[static_cast<unsigned char>(c)]; });
}

}  // namespace gramme

#endif  // GRAMME_HTTP_CHARACTERS_H_
