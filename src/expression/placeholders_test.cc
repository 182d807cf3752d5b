#include "expression/placeholders.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "expression/testing/parse.h"
#include "model/limits.h"

namespace gramme {
namespace {

std::string Problem(ExpressionAttributeNames names, ExpressionAttributeValues values,
                    bool has_expression = true, std::string_view absent = {}) {
  const Placeholders placeholders(names, values);
  const auto result = placeholders.Validate(has_expression, absent);
  return result ? "valid" : result.error().message;
}

using NameMap = std::map<std::string, std::string, std::less<>>;
using ValueMap = AttributeMap;

TEST(PlaceholdersTest, AcceptsNone) {
  EXPECT_EQ(Problem({}, {}), "valid");
  EXPECT_EQ(Problem({}, {}, false), "valid");
}

TEST(PlaceholdersTest, RefusesMapsWithoutAnExpression) {
  EXPECT_EQ(Problem(NameMap{{"#a", "a"}}, {}, false),
            "ExpressionAttributeNames can only be specified when using expressions");
  EXPECT_EQ(Problem({}, ValueMap{{":a", S("a")}}, false),
            "ExpressionAttributeValues can only be specified when using expressions");
  EXPECT_EQ(Problem({}, ValueMap{{":a", S("a")}}, false, "ConditionExpression is null"),
            "ExpressionAttributeValues can only be specified when using expressions: "
            "ConditionExpression is null");
}

TEST(PlaceholdersTest, RefusesEmptyMaps) {
  EXPECT_EQ(Problem(NameMap{}, {}), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(Problem({}, ValueMap{}), "ExpressionAttributeValues must not be empty");
}

TEST(PlaceholdersTest, RefusesMalformedTokens) {
  for (const char* key : {"a", "#", "", "##a", "#a-b", ":a", "#a.b"}) {
    EXPECT_EQ(Problem(NameMap{{key, "a"}}, {}),
              "ExpressionAttributeNames contains invalid key: Syntax error; key: \"" +
                  std::string(key) + "\"");
  }
  EXPECT_EQ(Problem({}, ValueMap{{"x", S("a")}}),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \"x\"");
}

TEST(PlaceholdersTest, RefusesLongTokensAndEmptyNames) {
  EXPECT_EQ(Problem(NameMap{{"#" + std::string(254, 'a'), "a"}}, {}), "valid");
  EXPECT_EQ(Problem(NameMap{{"#" + std::string(255, 'a'), "a"}}, {}),
            "ExpressionAttributeNames contains invalid key: The expression attribute map contains "
            "a key that is too long; size of key: 256");
  EXPECT_EQ(Problem(NameMap{{"#a", ""}}, {}),
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
}

TEST(PlaceholdersTest, LimitsAttributeNames) {
  EXPECT_EQ(Problem(NameMap{{"#a", std::string(65535, 'a')}}, {}), "valid");
  EXPECT_EQ(Problem(NameMap{{"#a", std::string(65536, 'a')}}, {}),
            "ExpressionAttributeNames contains invalid value: Attribute name is too large, must be "
            "less than 65536 bytes for key #a");
}

TEST(PlaceholdersTest, RefusesTooManyBytes) {
  EXPECT_EQ(Problem({}, ValueMap{{":a", S(std::string(kExpressionValuesBytesMax - 2, 'a'))}}),
            "valid");
  EXPECT_EQ(Problem({}, ValueMap{{":a", S(std::string(kExpressionValuesBytesMax - 1, 'a'))}}),
            "ExpressionAttributeValues exceeds max size");
  EXPECT_EQ(Problem({}, ValueMap{{":a", S(std::string(kExpressionValuesBytesMax, 'a'))}}),
            "ExpressionAttributeValues exceeds max size");
}

TEST(PlaceholdersTest, RefusesValuesNestedTooDeeply) {
  AttributeValue value = S("a");
  for (int i = 0; i < kNestingDepthMax; ++i) value = List{std::move(value)};
  EXPECT_EQ(Problem({}, ValueMap{{":a", value}}), "valid");
  EXPECT_EQ(Problem({}, ValueMap{{":a", List{value}}}),
            "ExpressionAttributeValues contains invalid value: Nesting Levels have exceeded "
            "supported limits for key :a");
}

TEST(PlaceholdersTest, FindsWhatNoExpressionUsed) {
  const ExpressionAttributeNames names = NameMap{{"#a", "x"}, {"#b", "y"}, {"#c", "z"}};
  const ExpressionAttributeValues values = ValueMap{{":a", S("a")}};
  Placeholders placeholders(names, values);
  EXPECT_EQ(*placeholders.UseName("#b"), "y");
  EXPECT_EQ(placeholders.UseName("#d"), nullptr);
  EXPECT_EQ(placeholders.CheckAllUsed().error().message,
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}");
  placeholders.UseName("#a");
  placeholders.UseName("#c");
  EXPECT_EQ(placeholders.CheckAllUsed().error().message,
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}");
  EXPECT_EQ(*placeholders.UseValue(":a"), S("a"));
  EXPECT_TRUE(placeholders.CheckAllUsed().has_value());
}

}  // namespace
}  // namespace gramme
