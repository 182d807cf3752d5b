// The grammar of ConditionExpression, FilterExpression and KeyConditionExpression, with DynamoDB's
// precedence: comparisons, BETWEEN, IN and functions, then NOT, AND, OR.

#ifndef GRAMME_EXPRESSION_CONDITION_PARSER_H_
#define GRAMME_EXPRESSION_CONDITION_PARSER_H_

#include "expression/parser.h"
#include "expression/syntax_tree.h"
#include "model/api_error.h"

namespace gramme {

// The whole text of `parser` as one condition. Errors: ValidationException for syntax, redundant
// parentheses, too many operators or levels.
Result<SyntaxCondition> ParseCondition(Parser& parser);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_CONDITION_PARSER_H_
