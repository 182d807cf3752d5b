// What the parsers make of an expression's text, before placeholders are resolved and types known.
//
// Value types whose tokens borrow from the text. Depth is bounded by kExpressionDepthMax plus
// kExpressionOperatorCountMax, so that recursion over a tree, its destructor included, is bounded.

#ifndef GRAMME_EXPRESSION_SYNTAX_TREE_H_
#define GRAMME_EXPRESSION_SYNTAX_TREE_H_

#include <vector>

#include "expression/lexer.h"

namespace gramme {

// A path, a `:value` or a function call, parentheses around it removed.
struct SyntaxOperand {
  enum class Kind { kPath, kValue, kCall };
  Kind kind = Kind::kPath;
  // kValue: the placeholder. kCall: the function's name.
  Token token = {};
  // kPath: identifiers, #names and list indexes, in order; the first is no index.
  std::vector<Token> path = {};
  // kCall.
  std::vector<SyntaxOperand> arguments = {};
};

struct SyntaxCondition {
  enum class Kind { kAnd, kOr, kNot, kCompare, kBetween, kIn, kFunction };
  Kind kind = Kind::kFunction;
  // The operator as written, or the function's name.
  Token token = {};
  // kAnd and kOr: two or more, left to right. kNot: one.
  std::vector<SyntaxCondition> conditions = {};
  // kCompare: two. kBetween: the value and its bounds. kIn: the value and its list. kFunction: the
  // arguments.
  std::vector<SyntaxOperand> operands = {};
};

// SET path = left [+|- right], REMOVE path, ADD path :value, DELETE path :value.
struct SyntaxAction {
  SyntaxOperand path = {};
  // None for REMOVE; two for SET with an arithmetic operator.
  std::vector<SyntaxOperand> operands = {};
  // `+` or `-`; kEnd where there is none.
  Token arithmetic = {};
};

struct SyntaxSection {
  Token keyword = {};
  std::vector<SyntaxAction> actions = {};
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_SYNTAX_TREE_H_
