#include "api/legacy/legacy_conditions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/legacy/testing/legacy_values.h"
#include "model/limits.h"

namespace gramme {
namespace {

using enum ComparisonOperator;

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

// The message of a filter on `a` without its beginning, or nothing.
std::string FilterProblem(ConditionShape condition) {
  const auto filter = TranslateFilter(Conditions{{{"a", std::move(condition)}}}, std::nullopt);
  if (filter) return "";
  const std::string& message = filter.error().message;
  return message.starts_with(kInvalid) ? message.substr(kInvalid.size()) : message;
}

std::string ExpectedProblem(ExpectedAttributeValue expected) {
  const auto condition =
      TranslateExpected(ExpectedAttributes{{{"a", std::move(expected)}}}, std::nullopt);
  if (condition) return "";
  EXPECT_TRUE(condition.error().message.starts_with(kInvalid)) << condition.error().message;
  return condition.error().message.substr(kInvalid.size());
}

bool Holds(ConditionShape condition, const std::optional<AttributeValue>& attribute) {
  const auto filter = TranslateFilter(Conditions{{{"a", std::move(condition)}}}, std::nullopt);
  EXPECT_TRUE(filter) << filter.error().message;
  Item item = {{"other", N(1)}};
  if (attribute) item["a"] = *attribute;
  return (*filter)->Holds(item);
}

TEST(LegacyConditionsTest, EachOperatorTakesItsNumberOfArguments) {
  const std::map<ComparisonOperator, std::vector<std::size_t>> allowed = {
      {kNull, {0}}, {kNotNull, {0}}, {kBetween, {2}}, {kIn, {1, 2, 3, 100}}};
  for (const ComparisonOperator comparison : AllComparisons()) {
    const auto known = allowed.find(comparison);
    const auto counts = known == allowed.end() ? std::vector<std::size_t>{1} : known->second;
    for (const std::size_t count : {0UL, 1UL, 2UL, 3UL, 100UL, 101UL}) {
      const bool is_right = std::ranges::find(counts, count) != counts.end();
      EXPECT_EQ(FilterProblem(Compare(comparison, std::vector<AttributeValue>(count, S("s")))),
                is_right ? ""
                         : "Invalid number of argument(s) for the " +
                               std::string(NameOf(comparison)) + " ComparisonOperator")
          << count;
    }
  }
  EXPECT_EQ(FilterProblem({.comparison_operator = kEqual}),
            "Invalid number of argument(s) for the EQ ComparisonOperator");
  EXPECT_EQ(FilterProblem({.comparison_operator = kNull}), "");
}

TEST(LegacyConditionsTest, EachOperatorTakesItsTypes) {
  const std::map<ComparisonOperator, std::string> types = {{kLess, "S N B"},
                                                           {kLessOrEqual, "S N B"},
                                                           {kGreater, "S N B"},
                                                           {kGreaterOrEqual, "S N B"},
                                                           {kBetween, "S N B"},
                                                           {kIn, "S N B"},
                                                           {kBeginsWith, "S B"},
                                                           {kContains, "S N B BOOL NULL"},
                                                           {kNotContains, "S N B BOOL NULL"}};
  for (const ComparisonOperator comparison : AllComparisons()) {
    if (comparison == kNull || comparison == kNotNull) continue;
    const auto known = types.find(comparison);
    for (const AttributeValue& value : OneOfEachType()) {
      const std::string type(AttributeTypeName(value.type()));
      const bool is_right =
          known == types.end() || (" " + known->second + " ").contains(" " + type + " ");
      const std::size_t count = comparison == kBetween ? 2 : 1;
      EXPECT_EQ(FilterProblem(Compare(comparison, std::vector<AttributeValue>(count, value))),
                is_right ? ""
                         : "ComparisonOperator " + std::string(NameOf(comparison)) +
                               " is not valid for " + type + " AttributeValue type");
    }
  }
}

TEST(LegacyConditionsTest, ArgumentsAreOfOneTypeAndBoundsInOrder) {
  constexpr std::string_view kSameType =
      "AttributeValues inside AttributeValueList must be of same type";
  EXPECT_EQ(FilterProblem(Compare(kIn, {S("b"), N(1)})), kSameType);
  EXPECT_EQ(FilterProblem(Compare(kBetween, {N(1), S("b")})), kSameType);
  EXPECT_EQ(FilterProblem(Compare(kIn, {Strings({"a"}), N(1)})), kSameType);
  constexpr std::string_view kOrder =
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
      "bound";
  EXPECT_EQ(FilterProblem(Compare(kBetween, {N(2), N(1)})), kOrder);
  EXPECT_EQ(FilterProblem(Compare(kBetween, {S("b"), S("a")})), kOrder);
  EXPECT_EQ(FilterProblem(Compare(kBetween, {B("\xFF"), B("\x01")})), kOrder);
  EXPECT_EQ(FilterProblem(Compare(kBetween, {N(1), N(1)})), "");
}

TEST(LegacyConditionsTest, OperatorsMeanWhatDynamoDbSays) {
  struct Case {
    ComparisonOperator comparison;
    std::vector<AttributeValue> values;
    std::optional<AttributeValue> attribute;
    bool holds;
  };
  const AttributeValue list(List{N(2), S("x"), AttributeValue(true)});
  const Case cases[] = {
      {kEqual, {N(1)}, N(1), true},
      {kEqual, {N(1)}, S("1"), false},
      {kEqual, {N(1)}, std::nullopt, false},
      {kEqual, {Strings({"a", "b"})}, Strings({"a", "b"}), true},
      {kEqual, {list}, list, true},
      {kNotEqual, {N(1)}, N(1), false},
      {kNotEqual, {N(1)}, N(2), true},
      {kNotEqual, {N(1)}, S("1"), true},
      {kNotEqual, {N(1)}, std::nullopt, true},
      {kLess, {N(2)}, N(1), true},
      {kLess, {N(2)}, N(2), false},
      {kLess, {N(2)}, S("1"), false},
      {kLess, {N(2)}, std::nullopt, false},
      {kLessOrEqual, {N(2)}, N(2), true},
      {kLessOrEqual, {N(2)}, N(3), false},
      {kGreater, {S("a")}, S("b"), true},
      {kGreater, {S("a")}, S("a"), false},
      {kGreaterOrEqual, {B("a")}, B("a"), true},
      {kGreaterOrEqual, {B("\xFF")}, B("a"), false},
      {kBetween, {N(1), N(3)}, N(1), true},
      {kBetween, {N(1), N(3)}, N(3), true},
      {kBetween, {N(1), N(3)}, N(4), false},
      {kBetween, {N(1), N(3)}, S("2"), false},
      {kBetween, {N(1), N(3)}, std::nullopt, false},
      {kIn, {N(1), N(3)}, N(3), true},
      {kIn, {N(1), N(3)}, N(2), false},
      {kIn, {N(1), N(3)}, Numbers({1, 3}), false},
      {kIn, {N(1)}, std::nullopt, false},
      {kNull, {}, std::nullopt, true},
      {kNull, {}, AttributeValue(Null{}), false},
      {kNotNull, {}, AttributeValue(Null{}), true},
      {kNotNull, {}, std::nullopt, false},
      {kBeginsWith, {S("he")}, S("hello"), true},
      {kBeginsWith, {S("he")}, B("hello"), false},
      {kBeginsWith, {S("he")}, N(1), false},
      {kBeginsWith, {S("he")}, std::nullopt, false},
      {kContains, {S("ell")}, S("hello"), true},
      {kContains, {S("ell")}, S("help"), false},
      {kContains, {B("ell")}, B("hello"), true},
      {kContains, {N(1)}, S("1"), false},
      {kContains, {S("a")}, Strings({"a", "b"}), true},
      {kContains, {N(2)}, Numbers({1, 2}), true},
      {kContains, {N(2)}, list, true},
      {kContains, {AttributeValue(true)}, list, true},
      {kContains, {AttributeValue(Null{})}, list, false},
      {kContains, {S("k")}, AttributeValue(AttributeMap{{"k", N(1)}}), false},
      {kContains, {S("a")}, std::nullopt, false},
      {kNotContains, {S("ell")}, S("hello"), false},
      {kNotContains, {S("dog")}, S("hello"), true},
      {kNotContains, {N(1)}, S("1"), true},
      {kNotContains, {N(3)}, Numbers({1, 2}), true},
      {kNotContains, {N(2)}, list, false},
      {kNotContains, {N(1)}, N(1), true},
      // As surprising as it is: neither is true of an attribute that is not there.
      {kNotContains, {N(1)}, std::nullopt, false},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Holds(Compare(each.comparison, each.values), each.attribute), each.holds)
        << NameOf(each.comparison) << " of case " << &each - cases;
  }
}

TEST(LegacyConditionsTest, ConditionsAreJoined) {
  const Conditions both{{{"a", Compare(kEqual, {N(1)})}, {"b", Compare(kEqual, {N(2)})}}};
  const auto holds = [&](std::optional<ConditionalOperator> joined_by, const Item& item) {
    return (*TranslateFilter(both, joined_by))->Holds(item);
  };
  for (const std::optional<ConditionalOperator>& conjunction :
       {std::optional<ConditionalOperator>(), std::optional(ConditionalOperator::kAnd)}) {
    EXPECT_TRUE(holds(conjunction, {{"a", N(1)}, {"b", N(2)}}));
    EXPECT_FALSE(holds(conjunction, {{"a", N(1)}}));
  }
  EXPECT_TRUE(holds(ConditionalOperator::kOr, {{"b", N(2)}}));
  EXPECT_FALSE(holds(ConditionalOperator::kOr, {{"a", N(2)}}));
  EXPECT_EQ((*TranslateFilter(both, std::nullopt))->attributes(),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(*TranslateFilter(std::nullopt, std::nullopt));
  EXPECT_FALSE(*TranslateFilter(Conditions(std::in_place), std::nullopt));
  EXPECT_FALSE(*TranslateExpected(ExpectedAttributes(std::in_place), std::nullopt));
}

TEST(LegacyConditionsTest, NamesAreNoPaths) {
  const auto filter = TranslateFilter(Conditions{{{"a.b[0]", Compare(kNotNull)}}}, std::nullopt);
  EXPECT_TRUE((*filter)->Holds({{"a.b[0]", N(1)}}));
  EXPECT_FALSE((*filter)->Holds({{"a", AttributeValue(AttributeMap{{"b", N(1)}})}}));
}

TEST(LegacyConditionsTest, AFilterHasAsManyConditionsAsAnExpression) {
  Conditions filter(std::in_place);
  for (int i = 0; i < kExpressionOperatorCountMax; ++i) {
    filter->emplace("a" + std::to_string(i), Compare(kNotNull));
  }
  EXPECT_TRUE(TranslateFilter(filter, std::nullopt));
  filter->emplace("one more", Compare(kNotNull));
  EXPECT_EQ(TranslateFilter(filter, std::nullopt).error().message,
            std::string(kInvalid) + "Too many conditions in a filter; maximum allowed: 300");
}

TEST(LegacyConditionsTest, ExpectedHasTwoForms) {
  const auto holds = [](ExpectedAttributeValue expected, const Item& item) {
    const auto condition = TranslateExpected(ExpectedAttributes{{{"a", expected}}}, std::nullopt);
    EXPECT_TRUE(condition) << condition.error().message;
    return (*condition)->Holds(item);
  };
  for (const std::optional<bool>& exists : {std::optional<bool>(), std::optional(true)}) {
    EXPECT_TRUE(holds({.value = N(1), .exists = exists}, {{"a", N(1)}}));
    EXPECT_FALSE(holds({.value = N(1), .exists = exists}, {{"a", N(2)}}));
    EXPECT_FALSE(holds({.value = N(1), .exists = exists}, {}));
  }
  EXPECT_TRUE(holds({.exists = false}, {}));
  EXPECT_FALSE(holds({.exists = false}, {{"a", N(1)}}));
  EXPECT_TRUE(holds({.value = N(1), .comparison_operator = kGreater}, {{"a", N(2)}}));
  EXPECT_TRUE(
      holds({.comparison_operator = kIn, .attribute_value_list = {{N(1), N(2)}}}, {{"a", N(2)}}));
  EXPECT_TRUE(holds({.comparison_operator = kNull}, {}));
  EXPECT_FALSE(holds({.comparison_operator = kNotNull}, {}));
}

TEST(LegacyConditionsTest, TheFormsOfExpectedDoNotMix) {
  const std::vector<AttributeValue> one = {N(1)};
  EXPECT_EQ(ExpectedProblem({}), "Value must be provided when Exists is null for Attribute: a");
  EXPECT_EQ(ExpectedProblem({.exists = true}),
            "Value must be provided when Exists is true for Attribute: a");
  EXPECT_EQ(ExpectedProblem({.value = N(1), .exists = false}),
            "Value cannot be used when Exists is false for Attribute: a");
  EXPECT_EQ(ExpectedProblem({.value = N(1), .attribute_value_list = {{}}}),
            "Value and AttributeValueList cannot be used together for Attribute: a");
  EXPECT_EQ(
      ExpectedProblem({.value = N(1), .comparison_operator = kEqual, .attribute_value_list = one}),
      "Value and AttributeValueList cannot be used together for Attribute: a");
  EXPECT_EQ(ExpectedProblem(
                {.exists = false, .comparison_operator = kEqual, .attribute_value_list = one}),
            "Exists and ComparisonOperator cannot be used together for Attribute: a");
  EXPECT_EQ(
      ExpectedProblem({.comparison_operator = kEqual}),
      "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a");
  EXPECT_EQ(ExpectedProblem({.attribute_value_list = one}),
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a");
  EXPECT_EQ(ExpectedProblem({.value = N(1), .comparison_operator = kBetween}),
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator");
  EXPECT_EQ(ExpectedProblem({.value = N(1), .comparison_operator = kNull}),
            "Invalid number of argument(s) for the NULL ComparisonOperator");
  EXPECT_EQ(ExpectedProblem({.value = N(1), .comparison_operator = kBeginsWith}),
            "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type");
}

class KeyConditionsTest : public testing::Test {
 protected:
  // On a key P (S), and R (N) where `has_sort_key`.
  static std::string ProblemOf(const Conditions& conditions, bool has_sort_key = true) {
    KeySchema schema = {{.attribute_name = "P", .key_type = KeyType::kHash}};
    if (has_sort_key) schema.push_back({.attribute_name = "R", .key_type = KeyType::kRange});
    const std::vector<AttributeDefinition> definitions = {
        {.attribute_name = "P", .attribute_type = AttributeType::kString},
        {.attribute_name = "R", .attribute_type = AttributeType::kNumber}};
    const auto translated = TranslateKeyConditions(conditions);
    if (!translated) return translated.error().message;
    const auto resolved = translated->Resolve(schema, definitions);
    return resolved ? "" : resolved.error().message;
  }
};

TEST_F(KeyConditionsTest, TheKeySchemaDecides) {
  constexpr std::string_view kNotSupported = "Query key condition not supported";
  constexpr std::string_view kNotIndexable =
      "Attempted conditional constraint is not an indexable operation";
  const ConditionShape p = Compare(kEqual, {S("p")});
  EXPECT_EQ(ProblemOf(Conditions{{{"P", p}}}), "");
  EXPECT_EQ(ProblemOf(Conditions{{{"P", p}}}, false), "");
  EXPECT_EQ(ProblemOf(Conditions(std::in_place)), "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(ProblemOf(Conditions{{{"P", p}, {"R", p}, {"X", p}}}),
            "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(ProblemOf(Conditions{{{"R", Compare(kEqual, {N(1)})}}}),
            "Query condition missed key schema element: P");
  EXPECT_EQ(ProblemOf(Conditions{{{"P", p}, {"X", p}}}),
            "Query condition missed key schema element: R");
  EXPECT_EQ(ProblemOf(Conditions{{{"P", p}, {"X", p}}}, false), kNotSupported);
  for (const ComparisonOperator comparison : AllComparisons()) {
    const bool takes_none = comparison == kNull || comparison == kNotNull;
    const std::size_t count = takes_none ? 0 : comparison == kBetween ? 2 : 1;
    const bool is_indexable = comparison == kEqual || comparison == kLess ||
                              comparison == kLessOrEqual || comparison == kGreater ||
                              comparison == kGreaterOrEqual || comparison == kBetween ||
                              comparison == kBeginsWith;
    EXPECT_EQ(ProblemOf(Conditions{{{"P", Compare(comparison, {count, S("p")})}}}),
              comparison == kEqual ? ""
              : is_indexable       ? kNotSupported
                                   : kNotIndexable)
        << NameOf(comparison);
    if (comparison == kBeginsWith) continue;  // not of numbers
    EXPECT_EQ(ProblemOf(Conditions{{{"P", p}, {"R", Compare(comparison, {count, N(1)})}}}),
              is_indexable ? "" : kNotIndexable)
        << NameOf(comparison);
  }
}

TEST_F(KeyConditionsTest, ArgumentsAreCheckedAsThoseOfFilters) {
  EXPECT_EQ(ProblemOf(Conditions{{{"P", Compare(kEqual)}}}),
            std::string(kInvalid) + "Invalid number of argument(s) for the EQ ComparisonOperator");
  EXPECT_EQ(ProblemOf(Conditions{{{"P", Compare(kEqual, {N(1)})}}}),
            std::string(kInvalid) + "Condition parameter type does not match schema type");
  // The type of an element comes before what may be asked of it.
  EXPECT_EQ(ProblemOf(Conditions{{{"P", Compare(kLess, {N(1)})}}}),
            std::string(kInvalid) + "Condition parameter type does not match schema type");
  EXPECT_EQ(ProblemOf(Conditions{{{"P", Compare(kEqual, {S("")})}}}),
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            "cannot contain an empty string value. Key: P");
}

}  // namespace
}  // namespace gramme
