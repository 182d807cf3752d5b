// The rules that need the expression alone, checked in the order it is written, before any
// placeholder is looked up: reserved words, list indexes, names of functions, where each may stand
// and how many operands it takes.

#ifndef GRAMME_EXPRESSION_STRUCTURE_RULES_H_
#define GRAMME_EXPRESSION_STRUCTURE_RULES_H_

#include <string_view>

#include "expression/syntax_tree.h"
#include "model/api_error.h"

namespace gramme {

// Errors of all: ValidationException with DynamoDB's texts.

Result<void> CheckPathStructure(std::string_view parameter, const SyntaxOperand& path);
Result<void> CheckConditionStructure(std::string_view parameter, const SyntaxCondition& condition);
// Of an operand in an UpdateExpression; how many operands its functions take is checked when they
// are resolved, as DynamoDB does.
Result<void> CheckUpdateOperandStructure(std::string_view parameter, const SyntaxOperand& operand);

// `Incorrect number of operands for operator or function; …`, where `function` is one of DynamoDB's
// and `count` is not what it takes.
Result<void> CheckOperandCount(std::string_view parameter, std::string_view function,
                               std::size_t count);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_STRUCTURE_RULES_H_
