#include "expression/key_condition_expression.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/result.h"
#include "expression/key_clause.h"
#include "model/key_rules.h"

namespace gramme {
namespace {

// What a table or LSI has at most: one partition key and one sort key attribute.
constexpr std::size_t kSimpleKeyAttributeCountMax = 2;

std::unexpected<ApiError> NotSupported() {
  return ValidationError("Query key condition not supported");
}

std::unexpected<ApiError> Missed(std::string_view attribute) {
  return ValidationError(fmt::format("Query condition missed key schema element: {}", attribute));
}

const KeyClause* FindClause(const std::vector<KeyClause>& clauses, std::string_view attribute) {
  const auto found = std::find_if(clauses.begin(), clauses.end(), [&](const KeyClause& clause) {
    return clause.attribute == attribute;
  });
  return found == clauses.end() ? nullptr : &*found;
}

AttributeType TypeOf(const std::vector<AttributeDefinition>& definitions,
                     std::string_view attribute) {
  const auto found = std::find_if(
      definitions.begin(), definitions.end(),
      [&](const AttributeDefinition& each) { return each.attribute_name == attribute; });
  GRAMME_CHECK(found != definitions.end(), "a key attribute is defined");
  return found->attribute_type;
}

// The key limits of one literal, which is known to have the schema's type.
Result<void> CheckKeyValue(const AttributeValue& value, const KeySchemaElement& element) {
  GRAMME_RETURN_IF_ERROR(CheckKeyNotEmpty(element.attribute_name, value));
  return CheckKeySize(element.key_type, ValueSizeBytes(value));
}

SortOperator SortOperatorOf(ConditionKind kind) {
  switch (kind) {
    case ConditionKind::kLess:
      return SortOperator::kLess;
    case ConditionKind::kLessOrEqual:
      return SortOperator::kLessOrEqual;
    case ConditionKind::kGreater:
      return SortOperator::kGreater;
    case ConditionKind::kGreaterOrEqual:
      return SortOperator::kGreaterOrEqual;
    case ConditionKind::kBetween:
      return SortOperator::kBetween;
    default:
      return SortOperator::kBeginsWith;
  }
}

// What a clause may be whatever its element of the schema. DynamoDB looks at each element in turn,
// and at its type before its place.
Result<void> CheckClause(const KeyClause& clause, AttributeType type) {
  if (!IsKeyOperator(clause.kind)) {
    return ValidationError("Attempted conditional constraint is not an indexable operation");
  }
  const bool is_right =
      std::ranges::all_of(clause.values, [&](const auto& value) { return value->is(type); });
  if (is_right) return {};
  return ValidationError(
      "One or more parameter values were invalid: Condition parameter type does not match schema "
      "type");
}

// The clauses that the key takes, in schema order: all of the partition key, and of the sort key
// from the first on without a gap, the last one alone being no equality.
Result<std::vector<std::pair<const KeySchemaElement*, const KeyClause*>>> MatchSchema(
    const std::vector<KeyClause>& clauses, const KeySchema& key_schema,
    const std::vector<AttributeDefinition>& definitions) {
  // More than can be matched, and nothing to be missed.
  if (clauses.size() > key_schema.size()) return NotSupported();
  std::vector<std::pair<const KeySchemaElement*, const KeyClause*>> matched;
  const KeySchemaElement* gap = nullptr;
  bool has_range = false;
  for (const KeySchemaElement& element : key_schema) {
    const bool is_hash = element.key_type == KeyType::kHash;
    const KeyClause* clause = FindClause(clauses, element.attribute_name);
    if (clause == nullptr) {
      if (is_hash) return Missed(element.attribute_name);
      if (gap == nullptr) gap = &element;
      continue;
    }
    if (gap != nullptr) return Missed(gap->attribute_name);
    GRAMME_RETURN_IF_ERROR(CheckClause(*clause, TypeOf(definitions, element.attribute_name)));
    const bool is_equality = clause->kind == ConditionKind::kEqual;
    if (has_range || (is_hash && !is_equality)) return NotSupported();
    has_range = !is_equality;
    matched.emplace_back(&element, clause);
  }
  if (matched.size() == clauses.size()) return matched;
  // What is left names attributes outside the key.
  if (gap != nullptr) return Missed(gap->attribute_name);
  return NotSupported();
}

}  // namespace

KeyConditionExpression::KeyConditionExpression(std::vector<KeyClause> clauses)
    : clauses_(std::make_shared<const std::vector<KeyClause>>(std::move(clauses))) {}

Result<KeyConditionExpression> KeyConditionExpression::Parse(std::string_view text,
                                                             Placeholders& placeholders) {
  GRAMME_TRY(const ConditionNode root,
             ParseConditionNode("KeyConditionExpression", text, placeholders));
  return FromNode(root);
}

Result<KeyConditionExpression> KeyConditionExpression::FromNode(const ConditionNode& root) {
  GRAMME_TRY(std::vector<KeyClause> clauses, FindKeyClauses(root));
  return KeyConditionExpression(std::move(clauses));
}

KeyConditionExpression KeyConditionExpression::FromClauses(std::vector<KeyClause> clauses) {
  return KeyConditionExpression(std::move(clauses));
}

Result<KeyCondition> KeyConditionExpression::Resolve(
    const KeySchema& key_schema, const std::vector<AttributeDefinition>& definitions) const {
  if (clauses_->size() > kSimpleKeyAttributeCountMax &&
      key_schema.size() <= kSimpleKeyAttributeCountMax) {
    return ValidationError("Conditions can be of length 1 or 2 only");
  }
  GRAMME_TRY(const auto matched, MatchSchema(*clauses_, key_schema, definitions));
  KeyCondition condition;
  for (const auto& [element, clause] : matched) {
    for (const auto& value : clause->values) {
      GRAMME_RETURN_IF_ERROR(CheckKeyValue(*value, *element));
    }
    const AttributeValue& first = *clause->values.front();
    if (element->key_type == KeyType::kHash) {
      condition.partition.push_back(first);
    } else if (clause->kind == ConditionKind::kEqual) {
      condition.sort_equals.push_back(first);
    } else {
      condition.sort_range = {
          .op = SortOperatorOf(clause->kind), .low = first, .high = *clause->values.back()};
    }
  }
  return condition;
}

void KeyConditionExpression::CollectAttributes(std::set<std::string>& attributes) const {
  for (const KeyClause& clause : *clauses_) attributes.insert(clause.attribute);
}

}  // namespace gramme
