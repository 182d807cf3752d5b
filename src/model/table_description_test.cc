#include "model/table_description.h"

#include <gtest/gtest.h>

namespace gramme {
namespace {

TEST(TableDescriptionTest, FindsIndexesAndKeyTypesByName) {
  TableDescription table;
  table.attribute_definitions = {{"ID", AttributeType::kString}, {"Year", AttributeType::kNumber}};
  table.indexes.resize(2);
  table.indexes[0].name = "ByArtist";
  table.indexes[1].name = "ByYear";
  EXPECT_EQ(table.FindIndex("ByYear"), &table.indexes[1]);
  EXPECT_EQ(table.FindIndex("Missing"), nullptr);
  EXPECT_EQ(table.TypeOf("Year"), AttributeType::kNumber);
}

TEST(TableDescriptionDeathTest, KeyAttributesAreAlwaysDefined) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(TableDescription().TypeOf("ID"), "without a definition");
}

TEST(TableDescriptionTest, NamesItsStates) {
  EXPECT_EQ(TableStatusName(TableStatus::kCreating), "CREATING");
  EXPECT_EQ(TableStatusName(TableStatus::kActive), "ACTIVE");
  EXPECT_EQ(IndexStatusName(IndexStatus::kDeleting), "DELETING");
}

}  // namespace
}  // namespace gramme
