#include "encoding/key_encoding.h"

#include <xxhash.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "base/planted_bug.h"
#include "base/result.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr char kStringTag = 0x10;
constexpr char kNumberTag = 0x20;
constexpr char kBinaryTag = 0x30;
// In strings and binaries. A zero byte is followed by kZeroEscape where it stands for itself and by
// kTerminator at the end, so that an end sorts before whatever may follow in a longer value.
constexpr char kTerminator = 0x01;
constexpr char kZeroEscape = '\xFF';
// In numbers. Negative ones are followed by the complement of what the positive one has.
constexpr char kNegative = 0x01;
constexpr char kZero = 0x02;
constexpr char kPositive = 0x03;
// A byte per pair of digits, 1 to 100, closed by one that is less than all of them.
constexpr unsigned char kDigitsEnd = 0;
constexpr std::size_t kPairCountMax = kNumberDigitCountMax / 2;

std::unexpected<Status> Damaged(std::string_view why) {
  return StoreError(StatusCode::kCorruption, "key: " + std::string(why));
}

void AppendEscaped(std::string_view value, std::string& out) {
  for (;;) {
    const std::size_t zero = value.find('\0');
    out += value.substr(0, zero);
    if (zero == std::string_view::npos) return;
    out += '\0';
    out += kZeroEscape;
    value.remove_prefix(zero + 1);
  }
}

// Bytes and type of a string or binary.
std::pair<char, std::string_view> TagAndBytes(const AttributeValue& value) {
  if (const auto* string = value.get_if<std::string>()) return {kStringTag, *string};
  const auto* binary = value.get_if<Binary>();
  GRAMME_CHECK(binary != nullptr, "only strings, numbers and binaries are keys");
  return {kBinaryTag, binary->bytes};
}

void AppendNumber(const Number& number, std::string& out) {
  out += kNumberTag;
  if (number.is_zero()) {
    out += kZero;
    return;
  }
  out += number.negative() ? kNegative : kPositive;
  // With the planted bug -1 comes after -2, and cannot be read back from its key.
  const bool is_turned = number.negative() && !BugIsPlanted("negatives_unturned");
  const unsigned char mask = is_turned ? 0xFF : 0;
  const auto append = [&out, mask](unsigned byte) { out += static_cast<char>(byte ^ mask); };

  const int digits = number.digit_count();
  append(static_cast<unsigned>(number.exponent() + digits - 1 - kNumberExponentMin));
  // Pairs count from the first digit; an odd last digit is followed by a zero.
  Number::Coefficient rest = number.coefficient();
  if (digits % 2 != 0) rest *= 10;
  std::array<unsigned char, kPairCountMax> pairs{};
  const auto count = static_cast<std::size_t>(digits + 1) / 2;
  for (std::size_t i = count; i > 0; --i, rest /= 100) {
    pairs[i - 1] = static_cast<unsigned char>(rest % 100);
  }
  for (std::size_t i = 0; i < count; ++i) append(pairs[i] + 1U);
  append(kDigitsEnd);
}

StoreResult<std::string> TakeEscaped(std::string_view& bytes) {
  std::string value;
  for (;;) {
    const std::size_t zero = bytes.find('\0');
    if (zero == std::string_view::npos || zero + 1 == bytes.size()) {
      return Damaged("a value without an end");
    }
    value += bytes.substr(0, zero);
    const char next = bytes[zero + 1];
    bytes.remove_prefix(zero + 2);
    if (next == kTerminator) return value;
    if (next != kZeroEscape) return Damaged("an unknown escape");
    value += '\0';
  }
}

StoreResult<Number> TakeNumber(std::string_view& bytes) {
  if (bytes.empty()) return Damaged("a number without a sign");
  const char sign = bytes[0];
  bytes.remove_prefix(1);
  if (sign == kZero) return Number();
  if (sign != kPositive && sign != kNegative) return Damaged("an unknown sign");
  const unsigned char mask = sign == kNegative ? 0xFF : 0;
  const auto at = [&bytes, mask](std::size_t i) {
    return static_cast<unsigned char>(static_cast<unsigned char>(bytes[i]) ^ mask);
  };
  if (bytes.size() < 2) return Damaged("a number without digits");
  const int first_digit = at(0) + kNumberExponentMin;
  Number::Coefficient coefficient = 0;
  std::size_t i = 1;
  for (; i < bytes.size() && at(i) != kDigitsEnd; ++i) {
    if (i > kPairCountMax || at(i) > 100) return Damaged("digits out of range");
    coefficient = coefficient * 100 + (at(i) - 1U);
  }
  if (i == bytes.size()) return Damaged("a number without an end");
  const int digits = static_cast<int>(2 * (i - 1));
  // One value, one encoding: the first digit is not zero, nor is the last pair.
  if (digits == 0 || at(1) <= 10 || at(i - 1) == 1) return Damaged("a number not in normal form");
  bytes.remove_prefix(i + 1);
  const auto number = Number::FromParts(sign == kNegative, coefficient, first_digit - digits + 1);
  if (!number) return Damaged("a number out of range");
  return *number;
}

}  // namespace

void AppendKeyValue(const AttributeValue& value, std::string& out) {
  if (const auto* number = value.get_if<Number>()) {
    AppendNumber(*number, out);
    return;
  }
  AppendKeyValuePrefix(value, out);
  out += '\0';
  out += kTerminator;
}

void AppendKeyTuple(std::span<const AttributeValue* const> values, std::string& out) {
  for (const AttributeValue* value : values) AppendKeyValue(*value, out);
}

void AppendKeyValuePrefix(const AttributeValue& value, std::string& out) {
  const auto [tag, bytes] = TagAndBytes(value);
  out += tag;
  AppendEscaped(bytes, out);
}

StoreResult<AttributeValue> TakeKeyValue(std::string_view& bytes) {
  if (bytes.empty()) return Damaged("a value is missing");
  std::string_view rest = bytes.substr(1);
  AttributeValue value;
  switch (bytes[0]) {
    case kStringTag: {
      GRAMME_TRY(value, TakeEscaped(rest));
      break;
    }
    case kBinaryTag: {
      GRAMME_TRY(std::string binary, TakeEscaped(rest));
      value = Binary{std::move(binary)};
      break;
    }
    case kNumberTag: {
      GRAMME_TRY(value, TakeNumber(rest));
      break;
    }
    default:
      return Damaged("an unknown type");
  }
  bytes = rest;
  return value;
}

std::uint64_t HashOfPartition(std::string_view encoded_partition_tuple) {
  return XXH3_64bits(encoded_partition_tuple.data(), encoded_partition_tuple.size());
}

std::string PrefixEnd(std::string_view prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.remove_suffix(1);
  std::string end(prefix);
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace gramme
