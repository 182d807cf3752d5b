#include "expression/parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/result.h"
#include "expression/expression_error.h"
#include "model/limits.h"

namespace gramme {

Parser::Parser(std::string_view parameter, std::string_view text)
    : parameter_(parameter), text_(text), tokens_(Tokenize(text)) {}

Result<Parser> Parser::Make(std::string_view parameter, std::string_view text) {
  if (text.empty()) return InvalidExpression(parameter, "The expression can not be empty;");
  if (text.size() > kExpressionBytesMax) {
    return InvalidExpression(
        parameter,
        fmt::format("Expression size has exceeded the maximum allowed size; expression size: {}",
                    text.size()));
  }
  return Parser(parameter, text);
}

const Token& Parser::Peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token Parser::Next() { return tokens_[at_++]; }

bool Parser::Accept(TokenKind kind) {
  if (!Is(kind)) return false;
  ++at_;
  return true;
}

Result<Token> Parser::Expect(TokenKind kind) {
  if (!Is(kind)) return SyntaxError();
  return Next();
}

std::unexpected<ApiError> Parser::SyntaxError() const {
  // DynamoDB quotes from the token before the offending one to the one after it.
  const std::size_t begin = at_ > 0 ? tokens_[at_ - 1].begin : 0;
  const std::size_t end = Peek(1).end;
  return Problem(fmt::format("Syntax error; token: \"{}\", near: \"{}\"", Peek().text,
                             text_.substr(begin, end - begin)));
}

std::unexpected<ApiError> Parser::Problem(std::string_view problem) const {
  return InvalidExpression(parameter_, problem);
}

Result<void> Parser::CountOperator() {
  if (++operator_count_ <= kExpressionOperatorCountMax) return {};
  return Problem(
      fmt::format("The expression contains too many operators or functions; maximum allowed: {}",
                  kExpressionOperatorCountMax));
}

Result<void> Parser::EnterLevel() {
  if (++depth_ <= kExpressionDepthMax) return {};
  return Problem(fmt::format("The expression has too many nesting levels; maximum allowed: {}",
                             kExpressionDepthMax));
}

Result<SyntaxOperand> Parser::ParsePath() {
  SyntaxOperand operand{.kind = SyntaxOperand::Kind::kPath};
  const auto is_name = [this] { return Is(TokenKind::kIdentifier) || Is(TokenKind::kName); };
  if (!is_name()) return SyntaxError();
  operand.path.push_back(Next());
  while (true) {
    if (Accept(TokenKind::kDot)) {
      if (!is_name()) return SyntaxError();
      operand.path.push_back(Next());
    } else if (Accept(TokenKind::kOpenBracket)) {
      GRAMME_TRY(operand.path.emplace_back(), Expect(TokenKind::kInteger));
      GRAMME_RETURN_IF_ERROR(Expect(TokenKind::kCloseBracket));
    } else {
      return operand;
    }
  }
}

Result<SyntaxOperand> Parser::ParseOperand() {
  if (Is(TokenKind::kValue)) {
    return SyntaxOperand{.kind = SyntaxOperand::Kind::kValue, .token = Next()};
  }
  if (Is(TokenKind::kIdentifier) && Peek(1).kind == TokenKind::kOpen) return ParseCall();
  if (!Accept(TokenKind::kOpen)) return ParsePath();
  const bool nested = Is(TokenKind::kOpen);
  GRAMME_RETURN_IF_ERROR(EnterLevel());
  GRAMME_TRY(SyntaxOperand operand, ParseOperand());
  GRAMME_RETURN_IF_ERROR(Expect(TokenKind::kClose));
  LeaveLevel();
  if (nested) return Problem(kRedundantParentheses);
  return operand;
}

Result<std::vector<SyntaxOperand>> Parser::ParseOperandList() {
  std::vector<SyntaxOperand> operands;
  GRAMME_RETURN_IF_ERROR(EnterLevel());
  do {
    GRAMME_TRY(operands.emplace_back(), ParseOperand());
  } while (Accept(TokenKind::kComma));
  GRAMME_RETURN_IF_ERROR(Expect(TokenKind::kClose));
  LeaveLevel();
  return operands;
}

Result<SyntaxOperand> Parser::ParseCall() {
  SyntaxOperand call{.kind = SyntaxOperand::Kind::kCall, .token = Next()};
  GRAMME_RETURN_IF_ERROR(CountOperator());
  GRAMME_RETURN_IF_ERROR(Expect(TokenKind::kOpen));
  GRAMME_TRY(call.arguments, ParseOperandList());
  return call;
}

}  // namespace gramme
