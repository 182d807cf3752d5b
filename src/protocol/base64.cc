#include "protocol/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace gramme {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kInvalid = 0xff;

constexpr std::array<std::uint8_t, 256> kDigitOf = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kInvalid);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

std::uint32_t ByteAt(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

char CharacterOf(std::uint32_t bits, int shift) { return kAlphabet[(bits >> shift) & 63u]; }

char ByteOf(std::uint32_t bits, int shift) { return static_cast<char>((bits >> shift) & 0xffu); }

}  // namespace

void AppendBase64(std::string_view bytes, std::string& out) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits =
        ByteAt(bytes, i) << 16 | ByteAt(bytes, i + 1) << 8 | ByteAt(bytes, i + 2);
    const char group[4] = {CharacterOf(bits, 18), CharacterOf(bits, 12), CharacterOf(bits, 6),
                           CharacterOf(bits, 0)};
    out.append(group, 4);
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 1) {
    const std::uint32_t bits = ByteAt(bytes, i) << 16;
    const char group[4] = {CharacterOf(bits, 18), CharacterOf(bits, 12), '=', '='};
    out.append(group, 4);
  } else if (rest == 2) {
    const std::uint32_t bits = ByteAt(bytes, i) << 16 | ByteAt(bytes, i + 1) << 8;
    const char group[4] = {CharacterOf(bits, 18), CharacterOf(bits, 12), CharacterOf(bits, 6), '='};
    out.append(group, 4);
  }
}

Base64Error DecodeBase64(std::string_view text, std::string& out) {
  if (text.size() % 4 != 0) return Base64Error::kLength;
  if (text.empty()) return Base64Error::kNone;
  std::size_t padding = 0;
  if (text.back() == '=') padding = text[text.size() - 2] == '=' ? 2 : 1;

  out.reserve(out.size() + text.size() / 4 * 3);
  const std::size_t last_group = text.size() - 4;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digit_count = i == last_group ? 4 - padding : 4;
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const std::uint8_t digit =
          j < digit_count ? kDigitOf[static_cast<unsigned char>(text[i + j])] : std::uint8_t{0};
      if (digit == kInvalid) return Base64Error::kCharacter;
      bits = bits << 6 | digit;
    }
    if (digit_count == 2 && (bits & 0xffffu) != 0) return Base64Error::kLastBits;
    if (digit_count == 3 && (bits & 0xffu) != 0) return Base64Error::kLastBits;
    const char group[3] = {ByteOf(bits, 16), ByteOf(bits, 8), ByteOf(bits, 0)};
    out.append(group, digit_count - 1);
  }
  return Base64Error::kNone;
}

}  // namespace gramme
