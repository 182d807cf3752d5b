#include "model/arn.h"

#include <string>

#include <gtest/gtest.h>

#include "model/shape.h"

namespace gramme {
namespace {

const ArnLabels kLabels = {.region = "eu-west-2", .account_id = "123456789012"};

TEST(ArnTest, ReadsBackWhatItMakes) {
  const std::string table = TableArn(kLabels, "Music");
  EXPECT_EQ(table, "arn:aws:dynamodb:eu-west-2:123456789012:table/Music");
  const auto arn = ParseArn(table);
  ASSERT_TRUE(arn.has_value());
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "dynamodb");
  EXPECT_EQ(arn->region, "eu-west-2");
  EXPECT_EQ(arn->account_id, "123456789012");
  EXPECT_EQ(arn->table_name, "Music");
  EXPECT_EQ(arn->kind, "");

  const std::string backup_text = BackupArn(kLabels, "Music", "01-ab");
  const auto backup = ParseArn(backup_text);
  ASSERT_TRUE(backup.has_value());
  EXPECT_EQ(backup->table_name, "Music");
  EXPECT_EQ(backup->kind, "backup");
  EXPECT_EQ(backup->id, "01-ab");

  const std::string index_text = IndexArn(kLabels, "Music", "ByYear");
  const auto index = ParseArn(index_text);
  ASSERT_TRUE(index.has_value());
  EXPECT_EQ(index->kind, "index");
  EXPECT_EQ(index->id, "ByYear");
}

TEST(ArnTest, RefusesWhatNamesNoTable) {
  for (const std::string text :
       {"", "Music", "arn:", "arn:aws:dynamodb:r:a", "arn:aws:dynamodb:r:a:",
        "arn:aws:dynamodb:r:a:table",
        "arn:aws:dynamodb:r:a:table/", "arn:aws:dynamodb:r:a:table//index/i",
        "arn:aws:dynamodb:r:a:table/T/", "arn:aws:dynamodb:r:a:table/T/index",
        "arn:aws:dynamodb:r:a:table/T/index/", "arn:aws:dynamodb:r:a:global-table/T"}) {
    EXPECT_FALSE(ParseArn(text).has_value()) << text;
  }
}

TEST(ArnTest, NamesHaveLettersDigitsUnderscoreDotAndDash) {
  EXPECT_TRUE(IsNamePattern("aZ09_.-"));
  for (const std::string name : {"", "a b", "a/b", "a:b", "\xC3\xA9", "a\n"}) {
    EXPECT_FALSE(IsNamePattern(name)) << name;
  }
}

}  // namespace
}  // namespace gramme
