// Parser: recursive descent over an expression's tokens; what all five grammars have in common.
//
// The grammars are functions that take a Parser: condition_parser.h, update_parser.h and
// projection_expression.cc. Depth and the number of operators are checked before any recursion.

#ifndef GRAMME_EXPRESSION_PARSER_H_
#define GRAMME_EXPRESSION_PARSER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "expression/lexer.h"
#include "expression/syntax_tree.h"
#include "model/api_error.h"

namespace gramme {

// Parentheses and function calls inside each other. An expression without redundant parentheses
// needs no more levels than it has operators.
inline constexpr int kExpressionDepthMax = 300;

class Parser {
 public:
  // Errors: ValidationException when `text` is empty or over kExpressionBytesMax. Borrows both.
  static Result<Parser> Make(std::string_view parameter, std::string_view text);

  const Token& Peek(std::size_t ahead = 0) const;
  bool Is(TokenKind kind) const { return Peek().kind == kind; }
  // REQUIRES: not at the end.
  Token Next();
  // The next token if it is a `kind`, which is consumed.
  bool Accept(TokenKind kind);
  Result<Token> Expect(TokenKind kind);

  // `Syntax error; token: "b", near: "a b c"`, of the next token.
  std::unexpected<ApiError> SyntaxError() const;
  std::unexpected<ApiError> Problem(std::string_view problem) const;

  // One more operator or function; an error beyond kExpressionOperatorCountMax.
  Result<void> CountOperator();
  // One more level; an error beyond kExpressionDepthMax. Each success is paired with LeaveLevel;
  // after an error the parser is used no further.
  Result<void> EnterLevel();
  void LeaveLevel() { --depth_; }

  // path := (identifier | #name) { "." (identifier | #name) | "[" integer "]" }
  Result<SyntaxOperand> ParsePath();
  // operand := path | :value | function "(" operand { "," operand } ")" | "(" operand ")"
  Result<SyntaxOperand> ParseOperand();
  // operand { "," operand } ")", the rest of a list whose parenthesis is consumed.
  Result<std::vector<SyntaxOperand>> ParseOperandList();

  static constexpr std::string_view kRedundantParentheses =
      "The expression has redundant parentheses;";

 private:
  Parser(std::string_view parameter, std::string_view text);

  Result<SyntaxOperand> ParseCall();

  std::string_view parameter_;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int operator_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_PARSER_H_
