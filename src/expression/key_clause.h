// KeyClause: one of the conditions that a KeyConditionExpression, or the legacy KeyConditions, join
// with AND.

#ifndef GRAMME_EXPRESSION_KEY_CLAUSE_H_
#define GRAMME_EXPRESSION_KEY_CLAUSE_H_

#include <memory>
#include <string>
#include <vector>

#include "expression/condition_node.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct KeyClause {
  std::string attribute;
  // The attribute on the left. Of an expression one that IsKeyOperator(), of KeyConditions any.
  ConditionKind kind = ConditionKind::kEqual;
  // As the operator takes them: one, the bounds of kBetween.
  std::vector<std::shared_ptr<const AttributeValue>> values = {};
};

// kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kBetween and kBeginsWith: what a key can
// be searched by.
bool IsKeyOperator(ConditionKind kind);

// The clauses of a condition, each of another attribute. Errors: ValidationException for operators
// that a key condition may not have, operands that are not a top-level attribute and literals, an
// attribute with two clauses.
Result<std::vector<KeyClause>> FindKeyClauses(const ConditionNode& root);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_KEY_CLAUSE_H_
