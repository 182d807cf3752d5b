#include "table/item/item_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/big_endian.h"
#include "encoding/key_encoding.h"
#include "table/testing/item_world.h"

namespace gramme {
namespace {

class ItemKeyTest : public testing::Test {
 protected:
  std::string ProblemOfItem(const Item& item) const {
    const auto key = KeyOfItem(*world_.table(), item);
    return key ? "" : key.error().message;
  }
  std::string ProblemOfKey(const Item& item) const {
    const auto key = KeyOfKey(*world_.table(), item);
    return key ? "" : key.error().message;
  }

  ItemWorld world_;
};

TEST_F(ItemKeyTest, IsPlacedByTheHashOfThePartitionKey) {
  const auto one = KeyOfItem(*world_.table(), {{"P", S("p")}, {"R", N(1)}, {"X", S("x")}});
  const auto two = KeyOfKey(*world_.table(), {{"P", S("p")}, {"R", N(2)}});
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->placement, two->placement);
  EXPECT_EQ(one->placement, ReadBigEndian64(one->bytes));
  EXPECT_LT(one->bytes, two->bytes);
  EXPECT_EQ(one->keyspace, world_.table()->keyspace());
}

TEST_F(ItemKeyTest, AnItemNeedsEveryKeyAttribute) {
  EXPECT_EQ(ProblemOfItem({{"P", S("p")}}),
            "One or more parameter values were invalid: Missing the key R in the item");
  EXPECT_EQ(ProblemOfItem({{"P", N(1)}, {"R", N(1)}}),
            "One or more parameter values were invalid: Type mismatch for key P expected: S "
            "actual: N");
}

TEST_F(ItemKeyTest, AKeyHasTheKeyAttributesAndNothingElse) {
  constexpr std::string_view kMismatch = "The provided key element does not match the schema";
  EXPECT_EQ(ProblemOfKey({{"P", S("p")}}), kMismatch);
  EXPECT_EQ(ProblemOfKey({{"P", S("p")}, {"R", N(1)}, {"X", N(1)}}), kMismatch);
  EXPECT_EQ(ProblemOfKey({{"P", S("p")}, {"X", N(1)}}), kMismatch);
  EXPECT_EQ(ProblemOfKey({{"P", S("p")}, {"R", S("1")}}), kMismatch);
}

TEST_F(ItemKeyTest, EmptyAndLargeKeysAreRefused) {
  EXPECT_EQ(ProblemOfKey({{"P", S("")}, {"R", N(1)}}),
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            "cannot contain an empty string value. Key: P");
  EXPECT_EQ(ProblemOfItem({{"P", S(std::string(2048, 'p'))}, {"R", N(1)}}), "");
  EXPECT_EQ(ProblemOfItem({{"P", S(std::string(2049, 'p'))}, {"R", N(1)}}),
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum "
            "size limit of2048 bytes");
}

TEST_F(ItemKeyTest, ASortKeyHasTenTwentyFourBytes) {
  TableDescription description = world_.description();
  for (AttributeDefinition& definition : description.attribute_definitions) {
    if (definition.attribute_name == "R") definition.attribute_type = AttributeType::kString;
  }
  const Table table(description);
  for (const auto& key_of : {&KeyOfItem, &KeyOfKey}) {
    EXPECT_TRUE(key_of(table, {{"P", S("p")}, {"R", S(std::string(1024, 'r'))}}));
    const auto refused = key_of(table, {{"P", S("p")}, {"R", S(std::string(1025, 'r'))}});
    EXPECT_EQ(refused.error().message,
              "One or more parameter values were invalid: Aggregated size of all range keys has "
              "exceeded the size limit of 1024 bytes");
  }
}

TEST_F(ItemKeyTest, TakesTheKeyAttributesOutOfAnItem) {
  const Item item = {{"P", S("p")}, {"R", N(1)}, {"L", S("l")}, {"X", S("x")}};
  EXPECT_EQ(KeyAttributesOf(world_.description(), item), (Item{{"P", S("p")}, {"R", N(1)}}));
  EXPECT_EQ(KeyAttributesOf(world_.description(), world_.index("lsi"), item),
            (Item{{"P", S("p")}, {"R", N(1)}, {"L", S("l")}}));
}

}  // namespace
}  // namespace gramme
