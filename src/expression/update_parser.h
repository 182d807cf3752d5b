// The grammar of UpdateExpression: sections of SET, REMOVE, ADD and DELETE, in any order.

#ifndef GRAMME_EXPRESSION_UPDATE_PARSER_H_
#define GRAMME_EXPRESSION_UPDATE_PARSER_H_

#include <vector>

#include "expression/parser.h"
#include "expression/syntax_tree.h"
#include "model/api_error.h"

namespace gramme {

// The whole text of `parser`. A section given twice comes back twice. Errors: as ParseCondition.
Result<std::vector<SyntaxSection>> ParseUpdate(Parser& parser);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_UPDATE_PARSER_H_
