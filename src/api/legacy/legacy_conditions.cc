#include "api/legacy/legacy_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/legacy/parameter_style.h"
#include "base/result.h"
#include "expression/condition_node.h"
#include "expression/evaluator.h"
#include "expression/key_clause.h"
#include "model/limits.h"

namespace gramme {
namespace {

using Values = std::span<const AttributeValue>;

bool IsCountRight(ComparisonOperator comparison, std::size_t count) {
  switch (comparison) {
    case ComparisonOperator::kNull:
    case ComparisonOperator::kNotNull:
      return count == 0;
    case ComparisonOperator::kBetween:
      return count == 2;
    case ComparisonOperator::kIn:
      return count >= 1 && count <= kExpressionInOperandCountMax;
    default:
      return count == 1;
  }
}

bool IsTypeRight(ComparisonOperator comparison, AttributeType type) {
  const bool is_bytes = type == AttributeType::kString || type == AttributeType::kBinary;
  const bool is_ordered = is_bytes || type == AttributeType::kNumber;
  switch (comparison) {
    case ComparisonOperator::kLess:
    case ComparisonOperator::kLessOrEqual:
    case ComparisonOperator::kGreater:
    case ComparisonOperator::kGreaterOrEqual:
    case ComparisonOperator::kBetween:
    case ComparisonOperator::kIn:
      return is_ordered;
    case ComparisonOperator::kContains:
    case ComparisonOperator::kNotContains:
      return is_ordered || type == AttributeType::kBool || type == AttributeType::kNull;
    case ComparisonOperator::kBeginsWith:
      return is_bytes;
    default:
      return true;
  }
}

Result<void> CheckArguments(ComparisonOperator comparison, Values values) {
  const std::string_view name = NameOf(comparison);
  if (!IsCountRight(comparison, values.size())) {
    return InvalidParameters(
        fmt::format("Invalid number of argument(s) for the {} ComparisonOperator", name));
  }
  for (const AttributeValue& value : values) {
    if (value.is(values.front().type())) continue;
    return InvalidParameters("AttributeValues inside AttributeValueList must be of same type");
  }
  if (!values.empty() && !IsTypeRight(comparison, values.front().type())) {
    return InvalidParameters(
        fmt::format("ComparisonOperator {} is not valid for {} AttributeValue type", name,
                    AttributeTypeName(values.front().type())));
  }
  if (comparison == ComparisonOperator::kBetween &&
      CompareValues(values[0], values[1]) == std::partial_ordering::greater) {
    return ValidationError(
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
        "upper bound");
  }
  return {};
}

ConditionKind KindOf(ComparisonOperator comparison) {
  switch (comparison) {
    case ComparisonOperator::kIn:
      return ConditionKind::kIn;
    case ComparisonOperator::kNull:
      return ConditionKind::kAttributeNotExists;
    case ComparisonOperator::kBetween:
      return ConditionKind::kBetween;
    case ComparisonOperator::kLess:
      return ConditionKind::kLess;
    case ComparisonOperator::kEqual:
      return ConditionKind::kEqual;
    case ComparisonOperator::kGreater:
      return ConditionKind::kGreater;
    case ComparisonOperator::kNotNull:
      return ConditionKind::kAttributeExists;
    case ComparisonOperator::kNotEqual:
      return ConditionKind::kNotEqual;
    case ComparisonOperator::kLessOrEqual:
      return ConditionKind::kLessOrEqual;
    case ComparisonOperator::kBeginsWith:
      return ConditionKind::kBeginsWith;
    case ComparisonOperator::kGreaterOrEqual:
      return ConditionKind::kGreaterOrEqual;
    case ComparisonOperator::kContains:
    case ComparisonOperator::kNotContains:
      break;
  }
  return ConditionKind::kContains;
}

ConditionNode NodeOf(const std::string& attribute, ConditionKind kind, Values values) {
  ConditionNode node{.kind = kind};
  node.operands.push_back(
      {.kind = Operand::Kind::kPath, .path = {.attribute = attribute, .elements = {}}});
  for (const AttributeValue& value : values) {
    node.operands.push_back(
        {.kind = Operand::Kind::kValue, .value = std::make_shared<const AttributeValue>(value)});
  }
  return node;
}

Result<ConditionNode> Translate(const std::string& attribute, ComparisonOperator comparison,
                                Values values) {
  GRAMME_RETURN_IF_ERROR(CheckArguments(comparison, values));
  ConditionNode node = NodeOf(attribute, KindOf(comparison), values);
  if (comparison != ComparisonOperator::kNotContains) return node;
  ConditionNode absence{.kind = ConditionKind::kNot};
  absence.conditions.push_back(std::move(node));
  ConditionNode both{.kind = ConditionKind::kAnd};
  both.conditions.push_back(NodeOf(attribute, ConditionKind::kAttributeExists, {}));
  both.conditions.push_back(std::move(absence));
  return both;
}

Values ListOf(const std::optional<std::vector<AttributeValue>>& values) {
  return values ? Values(*values) : Values();
}

Result<ConditionNode> Translate(const std::string& attribute, const ConditionShape& condition) {
  return Translate(attribute, condition.comparison_operator,
                   ListOf(condition.attribute_value_list));
}

Result<ConditionNode> Translate(const std::string& attribute,
                                const ExpectedAttributeValue& expected) {
  const bool has_list = expected.attribute_value_list.has_value();
  const Values value = expected.value ? Values(&*expected.value, 1) : Values();
  if (has_list && expected.value) {
    return InvalidParameters(fmt::format(
        "Value and AttributeValueList cannot be used together for Attribute: {}", attribute));
  }
  if (const auto& comparison = expected.comparison_operator) {
    if (expected.exists) {
      return InvalidParameters(fmt::format(
          "Exists and ComparisonOperator cannot be used together for Attribute: {}", attribute));
    }
    const bool takes_none =
        comparison == ComparisonOperator::kNull || comparison == ComparisonOperator::kNotNull;
    if (!takes_none && !has_list && !expected.value) {
      return InvalidParameters(fmt::format(
          "Value or AttributeValueList must be used with ComparisonOperator: {} for Attribute: {}",
          NameOf(*comparison), attribute));
    }
    return Translate(attribute, *comparison,
                     has_list ? ListOf(expected.attribute_value_list) : value);
  }
  if (has_list) {
    return InvalidParameters(fmt::format(
        "AttributeValueList can only be used with a ComparisonOperator for Attribute: {}",
        attribute));
  }
  if (expected.exists.value_or(true)) {
    if (!expected.value) {
      return InvalidParameters(
          fmt::format("Value must be provided when Exists is {} for Attribute: {}",
                      expected.exists ? "true" : "null", attribute));
    }
    return NodeOf(attribute, ConditionKind::kEqual, value);
  }
  if (expected.value) {
    return InvalidParameters(
        fmt::format("Value cannot be used when Exists is false for Attribute: {}", attribute));
  }
  return NodeOf(attribute, ConditionKind::kAttributeNotExists, {});
}

template <typename Condition>
Result<std::optional<ConditionExpression>> Join(
    const std::optional<std::map<std::string, Condition>>& conditions,
    const std::optional<ConditionalOperator>& joined_by) {
  if (!conditions || conditions->empty()) return std::optional<ConditionExpression>();
  ConditionNode root{.kind = joined_by == ConditionalOperator::kOr ? ConditionKind::kOr
                                                                   : ConditionKind::kAnd};
  for (const auto& [attribute, condition] : *conditions) {
    GRAMME_RETURN_IF_ERROR(CheckLegacyName(attribute));
    GRAMME_TRY(root.conditions.emplace_back(), Translate(attribute, condition));
  }
  if (root.conditions.size() == 1) {
    ConditionNode only = std::move(root.conditions.front());
    root = std::move(only);
  }
  return std::optional(ConditionExpression::FromNode(std::move(root)));
}

}  // namespace

Result<std::optional<ConditionExpression>> TranslateFilter(
    const Conditions& filter, const std::optional<ConditionalOperator>& joined_by) {
  // A filter meets every item of a page; as an expression it could not be longer either.
  if (filter && filter->size() > kExpressionOperatorCountMax) {
    return InvalidParameters(fmt::format("Too many conditions in a filter; maximum allowed: {}",
                                         kExpressionOperatorCountMax));
  }
  return Join(filter, joined_by);
}

Result<std::optional<ConditionExpression>> TranslateExpected(
    const ExpectedAttributes& expected, const std::optional<ConditionalOperator>& joined_by) {
  return Join(expected, joined_by);
}

Result<KeyConditionExpression> TranslateKeyConditions(const Conditions& conditions) {
  if (conditions->empty()) return ValidationError("Conditions can be of length 1 or 2 only");
  std::vector<KeyClause> clauses;
  for (const auto& [attribute, condition] : *conditions) {
    const Values values = ListOf(condition.attribute_value_list);
    GRAMME_RETURN_IF_ERROR(CheckArguments(condition.comparison_operator, values));
    KeyClause& clause = clauses.emplace_back(
        KeyClause{.attribute = attribute, .kind = KindOf(condition.comparison_operator)});
    for (const AttributeValue& value : values) {
      clause.values.push_back(std::make_shared<const AttributeValue>(value));
    }
  }
  return KeyConditionExpression::FromClauses(std::move(clauses));
}

}  // namespace gramme
