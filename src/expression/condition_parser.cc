#include "expression/condition_parser.h"

#include <optional>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

// What stands at a place where a condition may begin. An opening parenthesis may hold a condition
// or just the operand of a comparison, `(a) = :v`, which is known only once it is closed; so a
// parenthesis may come back as an operand alone.
struct Parsed {
  std::optional<SyntaxOperand> operand;  // set: not yet a condition
  SyntaxCondition condition = {};
  bool parenthesised = false;
};

Result<Parsed> ParseOr(Parser& parser, bool operand_allowed);

bool IsComparator(TokenKind kind) {
  return kind >= TokenKind::kEqual && kind <= TokenKind::kGreaterOrEqual;
}

SyntaxCondition FunctionCondition(SyntaxOperand call) {
  return {.kind = SyntaxCondition::Kind::kFunction,
          .token = call.token,
          .operands = std::move(call.arguments)};
}

Result<SyntaxCondition> ParseComparison(Parser& parser, SyntaxOperand first) {
  SyntaxCondition condition{.kind = SyntaxCondition::Kind::kCompare, .token = parser.Next()};
  GRAMME_RETURN_IF_ERROR(parser.CountOperator());
  condition.operands.push_back(std::move(first));
  if (IsComparator(condition.token.kind)) {
    GRAMME_TRY(condition.operands.emplace_back(), parser.ParseOperand());
  } else if (condition.token.kind == TokenKind::kBetween) {
    condition.kind = SyntaxCondition::Kind::kBetween;
    GRAMME_TRY(condition.operands.emplace_back(), parser.ParseOperand());
    GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kAnd));
    GRAMME_TRY(condition.operands.emplace_back(), parser.ParseOperand());
  } else {
    condition.kind = SyntaxCondition::Kind::kIn;
    GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kOpen));
    GRAMME_TRY(std::vector<SyntaxOperand> list, parser.ParseOperandList());
    for (SyntaxOperand& operand : list) condition.operands.push_back(std::move(operand));
  }
  return condition;
}

// The inside of a parenthesis that is consumed, up to and with its end.
Result<Parsed> ParseParenthesis(Parser& parser) {
  GRAMME_RETURN_IF_ERROR(parser.EnterLevel());
  GRAMME_TRY(Parsed parsed, ParseOr(parser, true));
  GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kClose));
  parser.LeaveLevel();
  if (parsed.parenthesised) return parser.Problem(Parser::kRedundantParentheses);
  parsed.parenthesised = true;
  return parsed;
}

Result<Parsed> ParsePrimary(Parser& parser, bool operand_allowed) {
  Parsed parsed;
  if (parser.Accept(TokenKind::kOpen)) {
    GRAMME_TRY(parsed, ParseParenthesis(parser));
    if (!parsed.operand) return parsed;
  } else {
    GRAMME_TRY(parsed.operand, parser.ParseOperand());
  }
  const TokenKind kind = parser.Peek().kind;
  if (IsComparator(kind) || kind == TokenKind::kBetween || kind == TokenKind::kIn) {
    GRAMME_TRY(parsed.condition, ParseComparison(parser, *std::move(parsed.operand)));
    return Parsed{.operand = std::nullopt, .condition = std::move(parsed.condition)};
  }
  if (operand_allowed && kind == TokenKind::kClose) return parsed;
  if (parsed.operand->kind != SyntaxOperand::Kind::kCall) return parser.SyntaxError();
  parsed.condition = FunctionCondition(*std::move(parsed.operand));
  parsed.operand.reset();
  return parsed;
}

Result<Parsed> ParseNot(Parser& parser, bool operand_allowed) {
  std::vector<Token> nots;
  while (parser.Is(TokenKind::kNot)) {
    nots.push_back(parser.Next());
    GRAMME_RETURN_IF_ERROR(parser.CountOperator());
  }
  GRAMME_TRY(Parsed parsed, ParsePrimary(parser, operand_allowed && nots.empty()));
  while (!nots.empty()) {
    SyntaxCondition negated{.kind = SyntaxCondition::Kind::kNot, .token = nots.back()};
    negated.conditions.push_back(std::move(parsed.condition));
    parsed = {.operand = std::nullopt, .condition = std::move(negated)};
    nots.pop_back();
  }
  return parsed;
}

using ParseFunction = Result<Parsed> (*)(Parser&, bool);

// inner { joiner inner }
Result<Parsed> ParseChain(Parser& parser, bool operand_allowed, TokenKind joiner,
                          SyntaxCondition::Kind kind, ParseFunction parse_inner) {
  GRAMME_TRY(Parsed first, parse_inner(parser, operand_allowed));
  if (first.operand || !parser.Is(joiner)) return first;
  SyntaxCondition chain{.kind = kind, .token = parser.Peek()};
  chain.conditions.push_back(std::move(first.condition));
  while (parser.Accept(joiner)) {
    GRAMME_RETURN_IF_ERROR(parser.CountOperator());
    GRAMME_TRY(Parsed next, parse_inner(parser, false));
    chain.conditions.push_back(std::move(next.condition));
  }
  return Parsed{.operand = std::nullopt, .condition = std::move(chain)};
}

Result<Parsed> ParseAnd(Parser& parser, bool operand_allowed) {
  return ParseChain(parser, operand_allowed, TokenKind::kAnd, SyntaxCondition::Kind::kAnd,
                    &ParseNot);
}

Result<Parsed> ParseOr(Parser& parser, bool operand_allowed) {
  return ParseChain(parser, operand_allowed, TokenKind::kOr, SyntaxCondition::Kind::kOr, &ParseAnd);
}

}  // namespace

Result<SyntaxCondition> ParseCondition(Parser& parser) {
  GRAMME_TRY(Parsed parsed, ParseOr(parser, false));
  GRAMME_RETURN_IF_ERROR(parser.Expect(TokenKind::kEnd));
  return std::move(parsed.condition);
}

}  // namespace gramme
