#include "protocol/json_item.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "model/testing/random_values.h"
#include "protocol/json_text.h"

namespace gramme {
namespace {

constexpr int kRunCount = 3'000;

std::string TreeText(const Item& item) {
  std::string text;
  AppendJsonAttributeMap(item, text);
  return text;
}

// The walk over the bytes and the walk over the tree write the same text, behind what was there.
TEST(JsonItemTest, WritesWhatTheTreeWrites) {
  SeededRandom random(TestSeed());
  EncodedItems items;
  std::string expected = "[";
  for (int i = 0; i < kRunCount; ++i) {
    const Item item = RandomItem(random);
    std::string text = "before:";
    AppendJsonItem(EncodedItem(item), text);
    ASSERT_EQ(text, "before:" + TreeText(item));
    items.Append(item);
    expected += (i == 0 ? "" : ",") + TreeText(item);
  }
  std::string text;
  AppendJsonItems(items, text);
  EXPECT_EQ(text, expected + "]");
}

TEST(JsonItemTest, WritesNothingAndMuch) {
  std::string text;
  AppendJsonItem(EncodedItem(), text);
  AppendJsonItems(EncodedItems(), text);
  EXPECT_EQ(text, "{}[]");
  const Item large = {{"quotes", AttributeValue(std::string(400'000, '"'))},
                      {"text", AttributeValue(std::string(400'000, 't'))}};
  text.clear();
  AppendJsonItem(EncodedItem(large), text);
  EXPECT_EQ(text, TreeText(large));
}

TEST(JsonItemTest, ManyLargeItemsTakeLittleMoreMemoryThanTheirText) {
  const Item item = {{"note", AttributeValue(std::string(390'000, 'y'))}};
  EncodedItems items;
  for (int i = 0; i < 25; ++i) items.Append(item);
  std::string text = "before";
  AppendJsonItems(items, text);
  EXPECT_LT(text.capacity(), text.size() + text.size() / 4);
}

TEST(JsonItemTest, WritesNumbersOnEveryEdge) {
  for (const Number& number : EdgeNumbers()) {
    std::string text;
    AppendJsonItem(EncodedItem(Item{{"n", AttributeValue(number)}}), text);
    EXPECT_EQ(text, R"({"n":{"N":")" + number.ToString() + R"("}})");
  }
}

}  // namespace
}  // namespace gramme
