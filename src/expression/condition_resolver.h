// From the syntax of a condition to its meaning: placeholders, and the types of what is given
// literally.

#ifndef GRAMME_EXPRESSION_CONDITION_RESOLVER_H_
#define GRAMME_EXPRESSION_CONDITION_RESOLVER_H_

#include "expression/condition_node.h"
#include "expression/resolver.h"
#include "expression/syntax_tree.h"
#include "model/api_error.h"

namespace gramme {

// Errors: ValidationException for undefined placeholders, operands of the wrong type, a first
// operand among the others, bounds out of order. REQUIRES: CheckConditionStructure passed.
Result<ConditionNode> ResolveCondition(const SyntaxCondition& condition, Resolver& resolver);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_CONDITION_RESOLVER_H_
