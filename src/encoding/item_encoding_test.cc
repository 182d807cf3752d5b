#include "encoding/item_encoding.h"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "base/random.h"
#include "encoding/envelope.h"
#include "encoding/record.h"
#include "model/limits.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

constexpr int kRunCount = 5'000;

// An item's bytes around any body, with a checksum that agrees.
std::string Sealed(std::string_view body) {
  std::string bytes = StartEnvelope(1);
  bytes += body;
  SealEnvelope(bytes);
  return bytes;
}

std::string EncodedValue(const AttributeValue& value) {
  std::string bytes;
  AppendValue(value, bytes);
  return bytes;
}

void ExpectCorruption(std::string_view bytes) {
  const auto item = DecodeItem(bytes);
  ASSERT_FALSE(item.has_value());
  ASSERT_EQ(item.error().code(), StatusCode::kCorruption);
}

TEST(ItemEncodingTest, ReadsBackRandomItems) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    const Item item = RandomItem(random);
    const std::string bytes = EncodeItem(item);
    const auto decoded = DecodeItem(bytes);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
    ASSERT_EQ(*decoded, item);
    const auto view = ItemView::Open(bytes);
    ASSERT_TRUE(view.has_value());
    ASSERT_EQ(view->size_bytes(), ItemSizeBytes(item));
  }
}

TEST(ItemEncodingTest, ReadsBackEdgeNumbers) {
  for (const Number& number : EdgeNumbers()) {
    const std::string bytes = EncodedValue(number);
    std::string_view rest = bytes;
    const auto value = TakeValue(rest);
    ASSERT_TRUE(value.has_value()) << number.ToString();
    ASSERT_EQ(*value, AttributeValue(number));
    ASSERT_TRUE(rest.empty());
  }
}

TEST(ItemEncodingTest, FindsEachAttributeAndNoOther) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    const Item item = RandomItem(random);
    const std::string bytes = EncodeItem(item);
    const auto view = ItemView::Open(bytes);
    ASSERT_TRUE(view.has_value());
    for (const auto& [name, value] : item) {
      const auto found = view->Find(name);
      ASSERT_TRUE(found.has_value());
      ASSERT_EQ(*found, value);
    }
    const std::string other = RandomBytes(random, 4);
    const auto found = view->Find(other);
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->has_value(), item.contains(other));
  }
}

TEST(ItemEncodingTest, FindsEverySingleBitFlip) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 40; ++i) {
    std::string bytes = EncodeItem(RandomItem(random));
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      const auto flip = static_cast<char>(1U << (bit % 8));
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
      ASSERT_NO_FATAL_FAILURE(ExpectCorruption(bytes)) << "bit " << bit;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ flip);
    }
    ASSERT_TRUE(DecodeItem(bytes).has_value());
  }
}

TEST(ItemEncodingTest, FindsEveryTruncationAndAddition) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < 100; ++i) {
    const std::string bytes = EncodeItem(RandomItem(random));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_NO_FATAL_FAILURE(ExpectCorruption(std::string_view(bytes).substr(0, size)));
    }
    ASSERT_NO_FATAL_FAILURE(ExpectCorruption(bytes + '\0'));
  }
}

// Whatever a checksum vouches for: an error, or an item that is written as the very same bytes.
TEST(ItemEncodingTest, AcceptsOnlyBytesThatItWouldWrite) {
  SeededRandom random(TestSeed());
  int accepted = 0;
  for (int i = 0; i < 20 * kRunCount; ++i) {
    std::string body = EncodeItem(RandomItem(random)).substr(kEnvelopeBytes);
    for (auto n = random.Below(3); n > 0; --n) {
      body[random.Below(body.size())] = static_cast<char>(random.Below(random.OneIn(2) ? 256 : 12));
    }
    const std::string bytes = Sealed(random.OneIn(8) ? RandomBytes(random, 40) : body);
    if (const auto item = DecodeItem(bytes)) {
      ++accepted;
      ASSERT_EQ(EncodeItem(*item), bytes);
    } else {
      ASSERT_EQ(item.error().code(), StatusCode::kCorruption);
    }
    if (const auto view = ItemView::Open(bytes)) {
      // A damaged item may still have a readable attribute; only crashes are excluded here.
      static_cast<void>(view->Find(RandomBytes(random, 3)));
    }
  }
  EXPECT_GT(accepted, kRunCount);
}

TEST(ItemEncodingTest, StoresAndReadsThirtyTwoLevelsAndNoMore) {
  const Item item = {{"deep", NestedList(kNestingDepthMax)}};
  EXPECT_EQ(DecodeItem(EncodeItem(item)), item);
  ExpectCorruption(EncodeItem({{"deep", NestedList(kNestingDepthMax + 1)}}));
  const std::string value = EncodedValue(NestedList(kNestingDepthMax + 1));
  std::string_view rest = value;
  EXPECT_FALSE(TakeValue(rest).has_value());
  EXPECT_EQ(rest.size(), value.size());
}

TEST(ItemEncodingTest, SurvivesNestingAsDeepAsTheBytesAllow) {
  std::string bytes = EncodedValue(Null{});
  for (int i = 0; i < 2'000; ++i) {
    std::string length;
    AppendVarint(bytes.size() + 1, length);
    bytes = "\x08" + length + "\x01" + bytes;
  }
  std::string_view rest = bytes;
  EXPECT_FALSE(TakeValue(rest).has_value());
}

TEST(ItemEncodingTest, RefusesLengthsAndCountsBeyondTheBytes) {
  std::string huge;
  AppendVarint(~std::uint64_t{0}, huge);
  ExpectCorruption(Sealed(huge));
  ExpectCorruption(Sealed(std::string(1, '\0') + huge));
  ExpectCorruption(Sealed(std::string("\0\1", 2) + huge + "abc"));
  for (const char type : {'\5', '\6', '\7', '\x8', '\x9'}) {
    const std::string value = type + std::string(1, static_cast<char>(huge.size())) + huge;
    std::string_view rest = value;
    EXPECT_FALSE(TakeValue(rest).has_value());
  }
}

TEST(ItemEncodingTest, RefusesAnItemWhoseStoredSizeIsNotItsOwn) {
  std::string body = EncodeItem({{"a", true}}).substr(kEnvelopeBytes);
  EXPECT_TRUE(DecodeItem(Sealed(body)).has_value());
  body[0] = static_cast<char>(body[0] + 1);
  ExpectCorruption(Sealed(body));
}

TEST(ItemEncodingTest, RefusesAVersionThatItDoesNotKnow) {
  std::string bytes = StartEnvelope(2);
  bytes += EncodeItem({{"a", true}}).substr(kEnvelopeBytes);
  SealEnvelope(bytes);
  ExpectCorruption(bytes);
}

TEST(ItemEncodingTest, EqualItemsHaveEqualBytes) {
  const auto number = [](std::string_view text) { return *Number::Parse(text); };
  EXPECT_EQ(EncodeItem({{"a", number("1.0")}, {"b", number("-0")}}),
            EncodeItem({{"b", number("0")}, {"a", number("1")}}));
}

TEST(ItemEncodingTest, IsCompact) {
  const Item item = {{"id", std::string("12345678")}, {"n", Number::FromInt(42)}};
  EXPECT_LE(EncodeItem(item).size(), kEnvelopeBytes + ItemSizeBytes(item) + 9);
}

TEST(ItemEncodingDeathTest, NeverStoresASetOutOfOrder) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(EncodeItem({{"a", StringSet{{"b", "a"}}}}), "distinct and sorted");
  EXPECT_DEATH(EncodeItem({{"a", StringSet{{"a", "a"}}}}), "distinct and sorted");
}

}  // namespace
}  // namespace gramme
