// The legacy parameters as they are sent: what DynamoDB had before it had expressions.

#ifndef GRAMME_API_LEGACY_LEGACY_SHAPES_H_
#define GRAMME_API_LEGACY_LEGACY_SHAPES_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

enum class ComparisonOperator {
  kIn,
  kNull,
  kBetween,
  kLess,
  kNotContains,
  kEqual,
  kGreater,
  kNotNull,
  kNotEqual,
  kLessOrEqual,
  kBeginsWith,
  kGreaterOrEqual,
  kContains,
};
enum class ConditionalOperator { kOr, kAnd };
enum class AttributeAction { kAdd, kPut, kDelete };

// In the order of AWS's messages, which is not that of its model.
template <>
struct EnumNames<ComparisonOperator> {
  static constexpr std::pair<ComparisonOperator, std::string_view> kNames[] = {
      {ComparisonOperator::kIn, "IN"},
      {ComparisonOperator::kNull, "NULL"},
      {ComparisonOperator::kBetween, "BETWEEN"},
      {ComparisonOperator::kLess, "LT"},
      {ComparisonOperator::kNotContains, "NOT_CONTAINS"},
      {ComparisonOperator::kEqual, "EQ"},
      {ComparisonOperator::kGreater, "GT"},
      {ComparisonOperator::kNotNull, "NOT_NULL"},
      {ComparisonOperator::kNotEqual, "NE"},
      {ComparisonOperator::kLessOrEqual, "LE"},
      {ComparisonOperator::kBeginsWith, "BEGINS_WITH"},
      {ComparisonOperator::kGreaterOrEqual, "GE"},
      {ComparisonOperator::kContains, "CONTAINS"}};
};

// The same.
template <>
struct EnumNames<ConditionalOperator> {
  static constexpr std::pair<ConditionalOperator, std::string_view> kNames[] = {
      {ConditionalOperator::kOr, "OR"}, {ConditionalOperator::kAnd, "AND"}};
};

template <>
struct EnumNames<AttributeAction> {
  static constexpr std::pair<AttributeAction, std::string_view> kNames[] = {
      {AttributeAction::kAdd, "ADD"},
      {AttributeAction::kPut, "PUT"},
      {AttributeAction::kDelete, "DELETE"}};
};

// Of KeyConditions, QueryFilter and ScanFilter.
struct ConditionShape {
  std::optional<std::vector<AttributeValue>> attribute_value_list = std::nullopt;
  ComparisonOperator comparison_operator = ComparisonOperator::kEqual;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ConditionShape& condition) {
  visit.Member("AttributeValueList", condition.attribute_value_list, {});
  visit.Member("ComparisonOperator", condition.comparison_operator, {.required = true});
}

struct ExpectedAttributeValue {
  std::optional<AttributeValue> value = std::nullopt;
  std::optional<bool> exists = std::nullopt;
  std::optional<ComparisonOperator> comparison_operator = std::nullopt;
  std::optional<std::vector<AttributeValue>> attribute_value_list = std::nullopt;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ExpectedAttributeValue& expected) {
  visit.Member("Value", expected.value, {});
  visit.Member("Exists", expected.exists, {});
  visit.Member("ComparisonOperator", expected.comparison_operator, {});
  visit.Member("AttributeValueList", expected.attribute_value_list, {});
}

struct AttributeValueUpdate {
  std::optional<AttributeValue> value = std::nullopt;
  std::optional<AttributeAction> action = std::nullopt;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, AttributeValueUpdate& update) {
  visit.Member("Value", update.value, {});
  visit.Member("Action", update.action, {});
}

// By attribute name. Absent and empty differ: only one that is absent goes with an expression.
using Conditions = std::optional<std::map<std::string, ConditionShape>>;
using ExpectedAttributes = std::optional<std::map<std::string, ExpectedAttributeValue>>;
using AttributeUpdates = std::optional<std::map<std::string, AttributeValueUpdate>>;
using AttributesToGet = std::optional<std::vector<std::string>>;

}  // namespace gramme

#endif  // GRAMME_API_LEGACY_LEGACY_SHAPES_H_
