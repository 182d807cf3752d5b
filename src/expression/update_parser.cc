#include "expression/update_parser.h"

#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

// value := operand [("+" | "-") operand] | "(" value ")"
// Sets operands and arithmetic of `action`; the result is whether parentheses enclose all of it.
Result<bool> ParseValue(Parser& parser, SyntaxAction& action) {
  const bool enclosed = parser.Accept(TokenKind::kOpen);
  if (enclosed) {
    GRAMME_RETURN_IF_ERROR(parser.EnterLevel());
    GRAMME_TRY(const bool twice, ParseValue(parser, action));
    GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kClose));
    parser.LeaveLevel();
    if (twice) return parser.Problem(Parser::kRedundantParentheses);
  } else {
    GRAMME_TRY(action.operands.emplace_back(), parser.ParseOperand());
  }
  // A sum in parentheses is a value, not an operand of another sum.
  const bool has_sum = action.operands.size() > 1;
  if (has_sum || !(parser.Is(TokenKind::kPlus) || parser.Is(TokenKind::kMinus))) return enclosed;
  action.arithmetic = parser.Next();
  GRAMME_RETURN_IF_ERROR(parser.CountOperator());
  GRAMME_TRY(action.operands.emplace_back(), parser.ParseOperand());
  return false;
}

// path "=" value
Result<SyntaxAction> ParseSet(Parser& parser) {
  SyntaxAction action;
  GRAMME_TRY(action.path, parser.ParsePath());
  GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kEqual));
  GRAMME_RETURN_IF_ERROR(ParseValue(parser, action));
  return action;
}

Result<SyntaxAction> ParseRemove(Parser& parser) {
  SyntaxAction action;
  GRAMME_TRY(action.path, parser.ParsePath());
  return action;
}

// path :value
Result<SyntaxAction> ParseAddOrDelete(Parser& parser) {
  SyntaxAction action;
  GRAMME_TRY(action.path, parser.ParsePath());
  GRAMME_TRY(const Token value, parser.Expect(TokenKind::kValue));
  action.operands.push_back({.kind = SyntaxOperand::Kind::kValue, .token = value});
  return action;
}

Result<SyntaxSection> ParseSection(Parser& parser) {
  Result<SyntaxAction> (*parse)(Parser&) = nullptr;
  switch (parser.Peek().kind) {
    case TokenKind::kSet:
      parse = &ParseSet;
      break;
    case TokenKind::kRemove:
      parse = &ParseRemove;
      break;
    case TokenKind::kAdd:
    case TokenKind::kDelete:
      parse = &ParseAddOrDelete;
      break;
    default:
      return parser.SyntaxError();
  }
  SyntaxSection section{.keyword = parser.Next()};
  do {
    GRAMME_TRY(section.actions.emplace_back(), parse(parser));
  } while (parser.Accept(TokenKind::kComma));
  return section;
}

}  // namespace

Result<std::vector<SyntaxSection>> ParseUpdate(Parser& parser) {
  std::vector<SyntaxSection> sections;
  do {
    GRAMME_TRY(sections.emplace_back(), ParseSection(parser));
  } while (!parser.Is(TokenKind::kEnd));
  return sections;
}

}  // namespace gramme
