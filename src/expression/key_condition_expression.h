// KeyConditionExpression: which items of one partition a Query reads.
//
// Parsed without knowing the table; resolved against the key schema of the table or index.

#ifndef GRAMME_EXPRESSION_KEY_CONDITION_EXPRESSION_H_
#define GRAMME_EXPRESSION_KEY_CONDITION_EXPRESSION_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "expression/placeholders.h"
#include "model/api_error.h"
#include "model/table_description.h"

namespace gramme {

enum class SortOperator { kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kBetween, kBeginsWith };

struct SortRange {
  SortOperator op = SortOperator::kLess;
  AttributeValue low;   // the operand; BETWEEN's lower bound
  AttributeValue high;  // BETWEEN's upper bound
};

// A resolved condition: equality on every partition key attribute, then on the leading sort key
// attributes, then at most one range on the next one. Values are of the schema's types and within
// the key limits.
struct KeyCondition {
  std::vector<AttributeValue> partition;    // in schema order
  std::vector<AttributeValue> sort_equals;  // in schema order
  std::optional<SortRange> sort_range;
};

struct ConditionNode;  // expression/condition_node.h
struct KeyClause;      // expression/key_clause.h

class KeyConditionExpression {
 public:
  // Errors as ConditionExpression::Parse; and what a key condition may not hold at all (OR, NOT,
  // IN, `<>`, functions other than begins_with, nested paths).
  static Result<KeyConditionExpression> Parse(std::string_view text, Placeholders& placeholders);
  // The two steps of Parse, for requests whose other expressions are read in between.
  static Result<KeyConditionExpression> FromNode(const ConditionNode& root);
  // The legacy KeyConditions. REQUIRES: each is of another attribute.
  static KeyConditionExpression FromClauses(std::vector<KeyClause> clauses);

  // Errors: ValidationException with DynamoDB's texts: `Query condition missed key schema element:
  // ID`, `Query key condition not supported`, `Attempted conditional constraint is not an indexable
  // operation`, wrong types, more than one condition per key, BETWEEN bounds out of order, empty
  // values.
  Result<KeyCondition> Resolve(const KeySchema& key_schema,
                               const std::vector<AttributeDefinition>& definitions) const;

  void CollectAttributes(std::set<std::string>& attributes) const;

 private:
  explicit KeyConditionExpression(std::vector<KeyClause> clauses);

  // One for each attribute, as written.
  std::shared_ptr<const std::vector<KeyClause>> clauses_;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_KEY_CONDITION_EXPRESSION_H_
