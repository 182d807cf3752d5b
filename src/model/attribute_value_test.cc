#include "model/attribute_value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/testing/random_values.h"

namespace gramme {
namespace {

Number Parsed(std::string_view text) { return Number::Parse(text).value_or(Number()); }

TEST(AttributeValueTest, HasTheTypeOfItsContents) {
  const std::vector<std::pair<AttributeValue, std::string>> cases = {{std::string("a"), "S"},
                                                                     {Number(), "N"},
                                                                     {Binary{"a"}, "B"},
                                                                     {true, "BOOL"},
                                                                     {Null{}, "NULL"},
                                                                     {StringSet{{"a"}}, "SS"},
                                                                     {NumberSet{{Number()}}, "NS"},
                                                                     {BinarySet{{"a"}}, "BS"},
                                                                     {List{}, "L"},
                                                                     {AttributeMap{}, "M"}};
  for (const auto& [value, name] : cases) EXPECT_EQ(AttributeTypeName(value.type()), name);
}

TEST(AttributeValueTest, NumbersAreEqualByValue) {
  EXPECT_EQ(AttributeValue(Parsed("1")), AttributeValue(Parsed("01.0E0")));
  EXPECT_NE(AttributeValue(std::string("1")), AttributeValue(Parsed("1")));
  EXPECT_NE(AttributeValue(std::string("1")), AttributeValue(Binary{"1"}));
}

TEST(AttributeValueTest, SizesAreThoseThatDynamoDbCharges) {
  EXPECT_EQ(ValueSizeBytes(std::string("\xC3\xA9t\xC3\xA9")), 5U);
  EXPECT_EQ(ValueSizeBytes(Binary{std::string(3, '\0')}), 3U);
  EXPECT_EQ(ValueSizeBytes(true), 1U);
  EXPECT_EQ(ValueSizeBytes(Null{}), 1U);
  EXPECT_EQ(ValueSizeBytes(StringSet{{"a", "bcd"}}), 4U);
  EXPECT_EQ(ValueSizeBytes(BinarySet{{"", "bcd"}}), 3U);
  EXPECT_EQ(ValueSizeBytes(NumberSet{{Number(), Parsed("1.5")}}), 4U);
  EXPECT_EQ(ValueSizeBytes(List{}), 3U);
  EXPECT_EQ(ValueSizeBytes(AttributeMap{}), 3U);
  EXPECT_EQ(ValueSizeBytes(List{std::string("ab"), Null{}}), 3U + 3U + 2U);
  EXPECT_EQ(ValueSizeBytes(AttributeMap{{"key", List{true}}}), 3U + 1U + 3U + 5U);
}

TEST(AttributeValueTest, ItemSizeCountsNamesAndValues) {
  const Item item = {{"shirt-color", std::string("R")}, {"shirt-size", std::string("M")}};
  EXPECT_EQ(ItemSizeBytes(item), 23U);
  EXPECT_EQ(ItemSizeBytes(Item{}), 0U);
}

TEST(AttributeValueTest, FindsAttributesByName) {
  const Item item = {{"a", true}};
  ASSERT_NE(FindAttribute(item, "a"), nullptr);
  EXPECT_EQ(*FindAttribute(item, "a"), AttributeValue(true));
  EXPECT_EQ(FindAttribute(item, "b"), nullptr);
}

TEST(AttributeValueTest, NestingDepthCountsListsAndMaps) {
  EXPECT_EQ(NestingDepth(Null{}), 0);
  EXPECT_EQ(NestingDepth(StringSet{{"a"}}), 0);
  EXPECT_EQ(NestingDepth(List{}), 1);
  EXPECT_EQ(NestingDepth(AttributeMap{{"a", List{}}, {"b", true}}), 2);
  EXPECT_EQ(NestingDepth(NestedList(32)), 32);
}

TEST(AttributeValueTest, AMapIsMadeOfAttributesInAnyOrder) {
  const auto attribute = [](std::string name) {
    return std::pair<std::string, AttributeValue>(std::move(name), true);
  };
  const auto map = MapOf({attribute("b"), attribute(""), attribute("a")});
  EXPECT_EQ(map, (AttributeMap{{"", true}, {"a", true}, {"b", true}}));
  EXPECT_EQ(MapOf({}), AttributeMap());
  EXPECT_FALSE(MapOf({attribute("b"), attribute("a"), attribute("b")}));
}

}  // namespace
}  // namespace gramme
