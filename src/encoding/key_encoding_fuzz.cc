// Key values, over any bytes: what is read would be written just so; two values of a type order as
// their encodings do, and neither encoding begins with the other.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "encoding/key_encoding.h"

namespace gramme {
namespace {

std::string Encoded(const AttributeValue& value) {
  std::string bytes;
  AppendKeyValue(value, bytes);
  return bytes;
}

void CheckRead(std::string_view& bytes) {
  const std::string_view before = bytes;
  const auto value = TakeKeyValue(bytes);
  if (!value) {
    GRAMME_CHECK(bytes.size() == before.size(), "took bytes of a damaged value");
    return;
  }
  GRAMME_CHECK(Encoded(*value) == before.substr(0, before.size() - bytes.size()),
               "accepted bytes that it would not write");
}

void CheckPair(const AttributeValue& a, const AttributeValue& b, std::strong_ordering order) {
  const std::string encoded_a = Encoded(a);
  const std::string encoded_b = Encoded(b);
  GRAMME_CHECK((encoded_a <=> encoded_b) == order, "another order than the values'");
  GRAMME_CHECK(order == 0 || !encoded_a.starts_with(encoded_b), "the first begins with the second");
  GRAMME_CHECK(order == 0 || !encoded_b.starts_with(encoded_a), "the second begins with the first");
  std::string_view rest = encoded_a;
  const auto read = TakeKeyValue(rest);
  GRAMME_CHECK(read && *read == a && rest.empty(), "read back another value");
}

// Tuples order as their values do, one after the other.
void CheckTuples(const std::string& a, const std::string& b) {
  const auto halves = [](const std::string& text) {
    return std::pair<AttributeValue, AttributeValue>(text.substr(0, text.size() / 2),
                                                     Binary{text.substr(text.size() / 2)});
  };
  const auto encoded = [](const std::pair<AttributeValue, AttributeValue>& values) {
    const AttributeValue* const tuple[] = {&values.first, &values.second};
    std::string bytes;
    AppendKeyTuple(tuple, bytes);
    return bytes;
  };
  const auto [a_first, a_second] = halves(a);
  const auto [b_first, b_second] = halves(b);
  auto order = a_first.get<std::string>() <=> b_first.get<std::string>();
  if (order == 0) order = a_second.get<Binary>() <=> b_second.get<Binary>();
  const std::string encoded_a = encoded({a_first, a_second});
  const std::string encoded_b = encoded({b_first, b_second});
  GRAMME_CHECK((encoded_a <=> encoded_b) == order, "another order than the tuples'");
  GRAMME_CHECK((HashOfPartition(encoded_a) == HashOfPartition(encoded_b)) == (order == 0),
               "two tuples in one place");
}

// The range from a prefix to its end holds what begins with it and nothing else.
void CheckRange(const std::string& value, const std::string& prefix) {
  const std::string end = PrefixEnd(prefix);
  const bool inside = value >= prefix && (end.empty() || value < end);
  GRAMME_CHECK(inside == value.starts_with(prefix), "another range than the prefix's");
}

void CheckPrefix(const std::string& value, const std::string& prefix) {
  std::string start;
  AppendKeyValuePrefix(prefix, start);
  GRAMME_CHECK(Encoded(value).starts_with(start) == value.starts_with(prefix),
               "the prefix covers other values than those that begin with it");
}

}  // namespace
}  // namespace gramme

// First the input as an encoding; then as two values, its first byte the length of the first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gramme;
  const std::string input(data, data + size);
  std::string_view rest = input;
  CheckRead(rest);
  if (input.empty()) return 0;
  const std::size_t length = static_cast<unsigned char>(input[0]) % input.size();
  const std::string a = input.substr(1, length);
  const std::string b = input.substr(1 + length);
  CheckPair(a, b, a <=> b);
  CheckPair(Binary{a}, Binary{b}, a <=> b);
  CheckTuples(a, b);
  CheckRange(a, b);
  CheckRange(a, a.substr(0, a.size() / 2));
  CheckPrefix(a, b);
  CheckPrefix(a, a.substr(0, a.size() / 2));
  const auto number_a = Number::Parse(a);
  const auto number_b = Number::Parse(b);
  if (number_a && number_b) CheckPair(*number_a, *number_b, *number_a <=> *number_b);
  return 0;
}
