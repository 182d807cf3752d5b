#include "encoding/encoded_item.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "encoding/envelope.h"
#include "model/testing/random_values.h"

namespace gramme {
namespace {

constexpr int kRunCount = 3'000;

// A few names of the item and one that it does not have, in order.
std::vector<std::string> SomeNames(const Item& item, Random& random) {
  std::vector<std::string> names = {"no such name"};
  for (const auto& [name, value] : item) {
    if (random.Below(2) == 0) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

Item Chosen(const Item& item, const std::vector<std::string>& names) {
  Item chosen;
  for (const std::string& name : names) {
    if (const AttributeValue* value = FindAttribute(item, name)) chosen.emplace(name, *value);
  }
  return chosen;
}

TEST(EncodedItemTest, KeepsRandomItems) {
  SeededRandom random(TestSeed());
  EncodedItems items;
  std::vector<Item> expected;
  for (int i = 0; i < kRunCount; ++i) {
    const Item item = RandomItem(random);
    const auto encoded = EncodedItem::Open(EncodeItem(item));
    ASSERT_TRUE(encoded) << encoded.error().message();
    ASSERT_EQ(*encoded, item);
    ASSERT_EQ(EncodedItem(item), item);
    ASSERT_TRUE(items.Append(encoded->view()));
    items.Append(item);
    expected.insert(expected.end(), 2, item);
  }
  ASSERT_EQ(items.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_EQ(items.Decode(i), expected[i]);
}

TEST(EncodedItemTest, ChoosesAttributesByName) {
  SeededRandom random(TestSeed());
  for (int i = 0; i < kRunCount; ++i) {
    const Item item = RandomItem(random);
    const std::vector<std::string> names = SomeNames(item, random);
    const EncodedItem encoded(item);
    ASSERT_EQ(encoded.view().Decode(names), Chosen(item, names));
    EncodedItems items;
    ASSERT_TRUE(items.Append(encoded.view(), names));
    ASSERT_EQ(items.Decode(0), Chosen(item, names));
  }
}

// The checksum agrees with every one of these bodies, as it does with what a bug has written.
TEST(EncodedItemTest, RefusesADamagedStructure) {
  SeededRandom random(TestSeed());
  int refused_count = 0;
  for (int i = 0; i < kRunCount; ++i) {
    const Item item = RandomItem(random);
    std::string bytes = EncodeItem(item);
    const std::size_t body_bytes = bytes.size() - kEnvelopeBytes;
    bytes[kEnvelopeBytes + random.Below(body_bytes)] = static_cast<char>(random.Below(256));
    SealEnvelope(bytes);
    const auto encoded = EncodedItem::Open(bytes);
    if (!encoded) {
      ++refused_count;
      ASSERT_EQ(encoded.error().code(), StatusCode::kCorruption);
      continue;
    }
    // What is accepted can be shown.
    EncodedItems items;
    ASSERT_TRUE(items.Append(encoded->view()));
  }
  EXPECT_GT(refused_count, kRunCount / 10);
}

TEST(EncodedItemTest, WhatIsDamagedIsNotAdded) {
  EncodedItems items;
  items.Append(Item{{"a", AttributeValue(true)}});
  EXPECT_FALSE(items.Append(ItemView("\x01\x01", 1)));
  items.Append(Item{{"b", AttributeValue(false)}});
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items.Decode(1), (Item{{"b", AttributeValue(false)}}));
}

}  // namespace
}  // namespace gramme
