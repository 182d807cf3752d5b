#include "encoding/key_encoding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/big_endian.h"
#include "base/random.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

constexpr int kRunCount = 50'000;

std::string Encoded(const AttributeValue& value) {
  std::string bytes;
  AppendKeyValue(value, bytes);
  return bytes;
}

std::string EncodedPrefix(const AttributeValue& value) {
  std::string bytes;
  AppendKeyValuePrefix(value, bytes);
  return bytes;
}

AttributeValue N(std::string_view text) { return Number::Parse(text).value_or(Number()); }

// -1, 0 or 1, as unsigned bytes compare.
int Order(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// REQUIRES: of the same key type.
int ValueOrder(const AttributeValue& a, const AttributeValue& b) {
  if (const auto* number = a.get_if<Number>()) {
    const auto order = *number <=> b.get<Number>();
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  if (const auto* binary = a.get_if<Binary>()) return Order(binary->bytes, b.get<Binary>().bytes);
  return Order(a.get<std::string>(), b.get<std::string>());
}

void ExpectRoundTrip(const AttributeValue& value) {
  const std::string bytes = Encoded(value) + "rest";
  std::string_view rest = bytes;
  const auto taken = TakeKeyValue(rest);
  ASSERT_TRUE(taken.has_value()) << taken.error().message();
  ASSERT_EQ(*taken, value);
  ASSERT_EQ(rest, "rest");
}

TEST(KeyEncodingTest, OrdersAllPairsOfEdgeNumbersByValue) {
  const std::vector<Number> edges = EdgeNumbers();
  std::vector<std::string> encoded;
  for (const Number& number : edges) encoded.push_back(Encoded(number));
  for (std::size_t i = 0; i < edges.size(); ++i) {
    ExpectRoundTrip(edges[i]);
    for (std::size_t j = 0; j < edges.size(); ++j) {
      ASSERT_EQ(encoded[i] <=> encoded[j], i <=> j)
          << edges[i].ToString() << " and " << edges[j].ToString();
      ASSERT_TRUE(i == j || !encoded[i].starts_with(encoded[j]));
    }
  }
}

TEST(KeyEncodingTest, OrdersNegativeNumbersOfDifferentLengths) {
  EXPECT_LT(Encoded(N("-1.5")), Encoded(N("-1")));
  EXPECT_LT(Encoded(N("-15")), Encoded(N("-1.5")));
  EXPECT_LT(Encoded(N("-10")), Encoded(N("-9")));
  EXPECT_LT(Encoded(N("-1.51")), Encoded(N("-1.5")));
  EXPECT_LT(Encoded(N("-1E-130")), Encoded(N("0")));
}

TEST(KeyEncodingTest, EqualNumbersHaveEqualKeys) {
  for (const std::string_view text : {"1.0", "01", "1E0", "+1", "0.1e1", "10e-1"}) {
    EXPECT_EQ(Encoded(N(text)), Encoded(N("1"))) << text;
  }
  EXPECT_EQ(Encoded(N("-0")), Encoded(N("0")));
}

TEST(KeyEncodingTest, OrdersRandomValuesAndIsPrefixFree) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    const AttributeValue a = RandomKeyValue(random);
    const AttributeValue b = RandomKeyValue(random);
    const std::string encoded_a = Encoded(a);
    const std::string encoded_b = Encoded(b);
    ASSERT_EQ(encoded_a == encoded_b, a == b);
    ASSERT_TRUE(a == b || !encoded_a.starts_with(encoded_b));
    if (a.type() != b.type()) continue;
    ASSERT_EQ(Order(encoded_a, encoded_b), ValueOrder(a, b));
  }
}

TEST(KeyEncodingTest, OrdersTuplesFieldByField) {
  SeededRandom random(TestSeed());
  const auto string = [&random] { return AttributeValue(RandomBytes(random, 3)); };
  for (int i = 0; i < kRunCount; ++i) {
    const AttributeValue a[] = {string(), RandomNumber(random), string()};
    const AttributeValue b[] = {random.OneIn(2) ? a[0] : string(),
                                random.OneIn(2) ? a[1] : RandomNumber(random), string()};
    int expected = 0;
    for (std::size_t field = 0; field < 3 && expected == 0; ++field) {
      expected = ValueOrder(a[field], b[field]);
    }
    std::string encoded_a;
    std::string encoded_b;
    AppendKeyTuple(std::vector<const AttributeValue*>{&a[0], &a[1], &a[2]}, encoded_a);
    AppendKeyTuple(std::vector<const AttributeValue*>{&b[0], &b[1], &b[2]}, encoded_b);
    ASSERT_EQ(Order(encoded_a, encoded_b), expected);
  }
}

TEST(KeyEncodingTest, ReadsBackRandomValues) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    ASSERT_NO_FATAL_FAILURE(ExpectRoundTrip(RandomKeyValue(random)));
  }
}

TEST(KeyEncodingTest, PrefixCoversExactlyTheValuesThatBeginWithIt) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    const std::string value = RandomBytes(random, 5);
    const std::string prefix =
        random.OneIn(2) ? value.substr(0, random.Below(value.size() + 1)) : RandomBytes(random, 3);
    const std::string start = EncodedPrefix(prefix);
    const std::string key = Encoded(value);
    ASSERT_EQ(key >= start && key < PrefixEnd(start), value.starts_with(prefix));
    ASSERT_EQ(Encoded(Binary{value}).starts_with(EncodedPrefix(Binary{prefix})),
              value.starts_with(prefix));
  }
}

TEST(KeyEncodingTest, AcceptsOnlyBytesThatItWouldWrite) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 4 * kRunCount; ++i) {
    std::string bytes = random.OneIn(4) ? RandomBytes(random, 12) : Encoded(RandomKeyValue(random));
    if (!bytes.empty() && random.OneIn(2)) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    if (random.OneIn(4)) bytes.resize(random.Below(bytes.size() + 1));
    std::string_view rest = bytes;
    const auto value = TakeKeyValue(rest);
    if (value) {
      ASSERT_EQ(Encoded(*value), bytes.substr(0, bytes.size() - rest.size()));
    } else {
      ASSERT_EQ(value.error().code(), StatusCode::kCorruption);
      ASSERT_EQ(rest.size(), bytes.size());
    }
  }
}

TEST(KeyEncodingTest, RefusesNumbersNotInNormalForm) {
  const std::vector<std::string> cases = {
      {"\x20\x03\x82\x00", 4},                                          // no digits
      {"\x20\x03\x82\x01\x00", 5},                                      // zero
      {"\x20\x03\x82\x02\x00", 5},                                      // first digit 0
      {"\x20\x03\x82\x0B\x01\x00", 6},                                  // last pair 00
      {"\x20\x03\x82\x66\x00", 5},                                      // pair 101
      {"\x20\x03\x82\x0B", 4},                                          // no end
      {"\x20\x04\x82\x0B\x00", 5},                                      // no such sign
      "\x20\x03\x82" + std::string(20, '\x0C') + std::string(1, '\0'),  // 40 digits
  };
  for (const std::string& bytes : cases) {
    std::string_view rest = bytes;
    EXPECT_FALSE(TakeKeyValue(rest).has_value());
  }
}

TEST(KeyEncodingTest, PrefixEndIsTheFirstStringBeyondThePrefix) {
  EXPECT_EQ(PrefixEnd("a"), "b");
  EXPECT_EQ(PrefixEnd("a\xFF\xFF"), "b");
  EXPECT_EQ(PrefixEnd(std::string("a\0", 2)), "a\x01");
  EXPECT_EQ(PrefixEnd("\xFF"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST(KeyEncodingTest, BigEndianOrdersAsNumbersDo) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t a = random.Next64() >> random.Below(64);
    const std::uint64_t b = random.Next64() >> random.Below(64);
    std::string bytes_a;
    std::string bytes_b;
    AppendBigEndian64(a, bytes_a);
    AppendBigEndian64(b, bytes_b);
    ASSERT_EQ(bytes_a.size(), 8U);
    ASSERT_EQ(ReadBigEndian64(bytes_a), a);
    ASSERT_EQ(bytes_a <=> bytes_b, a <=> b);
  }
}

}  // namespace
}  // namespace gramme
