#include "expression/key_condition_expression.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "expression/testing/parse.h"

namespace gramme {
namespace {

const Sent kSent{.values = {{":a", S("a")},
                            {":b", S("b")},
                            {":n", N("1")},
                            {":m", N("2")},
                            {":e", S("")},
                            {":long", S(std::string(1025, 'x'))},
                            {":longer", S(std::string(2049, 'x'))}},
                 .names = {{"#p", "pk"}}};

const std::vector<AttributeDefinition> kDefinitions{
    {"pk", AttributeType::kString}, {"sk", AttributeType::kNumber}, {"p2", AttributeType::kNumber},
    {"s1", AttributeType::kString}, {"s2", AttributeType::kNumber}, {"s3", AttributeType::kString}};
const KeySchema kHashOnly{{"pk", KeyType::kHash}};
const KeySchema kHashAndRange{{"pk", KeyType::kHash}, {"sk", KeyType::kRange}};
const KeySchema kMany{{"pk", KeyType::kHash},
                      {"p2", KeyType::kHash},
                      {"s1", KeyType::kRange},
                      {"s2", KeyType::kRange},
                      {"s3", KeyType::kRange}};

Result<KeyCondition> Resolved(std::string_view text, const KeySchema& schema) {
  const ExpressionAttributeNames names = kSent.names;
  const ExpressionAttributeValues values = kSent.values;
  Placeholders placeholders(names, values);
  const auto parsed = KeyConditionExpression::Parse(text, placeholders);
  if (!parsed) return std::unexpected(parsed.error());
  return parsed->Resolve(schema, kDefinitions);
}

std::string Problem(std::string_view text, const KeySchema& schema = kHashAndRange) {
  const auto resolved = Resolved(text, schema);
  return resolved ? "resolved" : resolved.error().message;
}

TEST(KeyConditionTest, ResolvesAPartition) {
  const auto condition = Resolved("#p = :a", kHashAndRange);
  ASSERT_TRUE(condition.has_value());
  EXPECT_EQ(condition->partition, (std::vector<AttributeValue>{S("a")}));
  EXPECT_TRUE(condition->sort_equals.empty());
  EXPECT_FALSE(condition->sort_range.has_value());
}

TEST(KeyConditionTest, ResolvesEachSortOperator) {
  const auto range = [](std::string_view text) {
    const auto condition = Resolved("pk = :a AND " + std::string(text), kHashAndRange);
    EXPECT_TRUE(condition.has_value()) << text;
    return *condition->sort_range;
  };
  EXPECT_EQ(range("sk < :n").op, SortOperator::kLess);
  EXPECT_EQ(range("sk <= :n").op, SortOperator::kLessOrEqual);
  EXPECT_EQ(range("sk > :n").op, SortOperator::kGreater);
  EXPECT_EQ(range("sk >= :n").op, SortOperator::kGreaterOrEqual);
  EXPECT_EQ(range(":n < sk").op, SortOperator::kGreater);
  EXPECT_EQ(range("sk BETWEEN :n AND :m").op, SortOperator::kBetween);
  EXPECT_EQ(range("sk BETWEEN :n AND :m").low, N("1"));
  EXPECT_EQ(range("sk BETWEEN :n AND :m").high, N("2"));
  EXPECT_EQ(Resolved("(sk = :n) AND (:a = pk)", kHashAndRange)->sort_equals.front(), N("1"));
  const KeySchema strings{{"pk", KeyType::kHash}, {"s1", KeyType::kRange}};
  EXPECT_EQ(Resolved("begins_with(s1, :b) AND pk = :a", strings)->sort_range->op,
            SortOperator::kBeginsWith);
}

TEST(KeyConditionTest, ResolvesKeysOfSeveralAttributes) {
  const auto condition = Resolved("s2 >= :m AND p2 = :n AND s1 = :b AND pk = :a", kMany);
  ASSERT_TRUE(condition.has_value()) << condition.error().message;
  EXPECT_EQ(condition->partition, (std::vector<AttributeValue>{S("a"), N("1")}));
  EXPECT_EQ(condition->sort_equals, (std::vector<AttributeValue>{S("b")}));
  EXPECT_EQ(condition->sort_range->low, N("2"));
  EXPECT_EQ(Problem("pk = :a AND s1 = :b", kMany), "Query condition missed key schema element: p2");
  EXPECT_EQ(Problem("pk = :a AND p2 = :n AND s2 = :m", kMany),
            "Query condition missed key schema element: s1");
  EXPECT_EQ(Problem("pk = :a AND p2 = :n AND s1 > :a AND s2 = :m", kMany),
            "Query key condition not supported");
}

TEST(KeyConditionTest, MissesKeyElements) {
  EXPECT_EQ(Problem("sk = :n"), "Query condition missed key schema element: pk");
  EXPECT_EQ(Problem("pk = :a AND x = :n"), "Query condition missed key schema element: sk");
  EXPECT_EQ(Problem("pk = :a AND x = :n", kHashOnly), "Query key condition not supported");
  EXPECT_EQ(Problem("pk > :a"), "Query key condition not supported");
  EXPECT_EQ(Problem("pk = :a AND sk = :n AND x = :n"), "Conditions can be of length 1 or 2 only");
}

TEST(KeyConditionTest, RefusesValuesThatAreNoKeys) {
  EXPECT_EQ(Problem("pk = :n"),
            "One or more parameter values were invalid: Condition parameter type does not match "
            "schema type");
  EXPECT_EQ(Problem("pk = :e"),
            "One or more parameter values are not valid. The AttributeValue for a key attribute "
            "cannot contain an empty string value. Key: pk");
  EXPECT_EQ(Problem("pk = :longer"),
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum "
            "size limit of2048 bytes");
  EXPECT_EQ(Problem("pk = :a AND s1 = :long", {{"pk", KeyType::kHash}, {"s1", KeyType::kRange}}),
            "One or more parameter values were invalid: Aggregated size of all range keys has "
            "exceeded the size limit of 1024 bytes");
}

TEST(KeyConditionTest, RefusesWhatAKeyConditionMayNotHold) {
  const std::string invalid = "Invalid operator used in KeyConditionExpression: ";
  EXPECT_EQ(Problem("pk = :a OR sk = :n"), invalid + "OR");
  EXPECT_EQ(Problem("NOT pk = :a"), invalid + "NOT");
  EXPECT_EQ(Problem("pk in (:a)"), invalid + "IN");
  EXPECT_EQ(Problem("pk <> :a"), invalid + "<>");
  EXPECT_EQ(Problem("contains(pk, :a)"), invalid + "contains");
  EXPECT_EQ(Problem("pk = :a AND size(sk) > :n"),
            "KeyConditionExpressions cannot contain nested operations");
  EXPECT_EQ(Problem("pk.x = :a"),
            "KeyConditionExpressions cannot have conditions on nested attributes");
  EXPECT_EQ(Problem("pk = :a AND pk = :b"),
            "KeyConditionExpressions must only contain one condition per key");
  EXPECT_EQ(Problem("pk = sk"),
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
            "condition");
  EXPECT_EQ(Problem(":a = :b"),
            "Invalid condition in KeyConditionExpression: No key attribute specified");
  EXPECT_EQ(Problem("begins_with(:a, pk)"),
            "Invalid condition in KeyConditionExpression: begins_with operator must have the key "
            "attribute as its first operand");
}

TEST(KeyConditionTest, NamesItselfInMessages) {
  EXPECT_EQ(Problem("pk = :x"),
            "Invalid KeyConditionExpression: An expression attribute value used in expression is "
            "not defined; attribute value: :x");
  EXPECT_EQ(Problem("sk BETWEEN :m AND :n"),
            "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be "
            "greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, "
            "upper bound operand: AttributeValue: {N:1}");
}

}  // namespace
}  // namespace gramme
