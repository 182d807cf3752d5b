// Syntax trees as text that parses to the same tree. Parentheses stand around every condition
// inside another, so that two trees have the same text only where they are the same.

#ifndef GRAMME_EXPRESSION_TESTING_PRINT_H_
#define GRAMME_EXPRESSION_TESTING_PRINT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "expression/syntax_tree.h"

namespace gramme {

inline std::string Print(const SyntaxOperand& operand);

inline std::string PrintList(const std::vector<SyntaxOperand>& operands, std::size_t first = 0) {
  std::string text;
  for (std::size_t i = first; i < operands.size(); ++i) {
    if (i > first) text += ", ";
    text += Print(operands[i]);
  }
  return text;
}

inline std::string Print(const SyntaxOperand& operand) {
  std::string text;
  switch (operand.kind) {
    case SyntaxOperand::Kind::kValue:
      return std::string(operand.token.text);
    case SyntaxOperand::Kind::kCall:
      return std::string(operand.token.text) + "(" + PrintList(operand.arguments) + ")";
    case SyntaxOperand::Kind::kPath:
      break;
  }
  for (const Token& token : operand.path) {
    if (token.kind == TokenKind::kInteger) {
      text.append("[").append(token.text).append("]");
    } else {
      text.append(text.empty() ? "" : ".").append(token.text);
    }
  }
  return text;
}

inline std::string Print(const SyntaxCondition& condition) {
  const std::vector<SyntaxOperand>& operands = condition.operands;
  const auto inner = [](const SyntaxCondition& child) { return "(" + Print(child) + ")"; };
  std::string text;
  switch (condition.kind) {
    case SyntaxCondition::Kind::kNot:
      return "NOT " + inner(condition.conditions.front());
    case SyntaxCondition::Kind::kCompare:
      return Print(operands[0]) + " " + std::string(condition.token.text) + " " +
             Print(operands[1]);
    case SyntaxCondition::Kind::kBetween:
      return Print(operands[0]) + " BETWEEN " + Print(operands[1]) + " AND " + Print(operands[2]);
    case SyntaxCondition::Kind::kIn:
      return Print(operands[0]) + " IN (" + PrintList(operands, 1) + ")";
    case SyntaxCondition::Kind::kFunction:
      return std::string(condition.token.text) + "(" + PrintList(operands) + ")";
    case SyntaxCondition::Kind::kAnd:
    case SyntaxCondition::Kind::kOr:
      break;
  }
  for (const SyntaxCondition& child : condition.conditions) {
    if (!text.empty()) text += condition.kind == SyntaxCondition::Kind::kAnd ? " AND " : " OR ";
    text += inner(child);
  }
  return text;
}

inline std::string Print(const std::vector<SyntaxSection>& sections) {
  std::string text;
  for (const SyntaxSection& section : sections) {
    text.append(text.empty() ? "" : " ").append(section.keyword.text);
    for (const SyntaxAction& action : section.actions) {
      text.append(&action == &section.actions.front() ? " " : ", ").append(Print(action.path));
      if (section.keyword.kind == TokenKind::kSet) text += " =";
      for (const SyntaxOperand& operand : action.operands) {
        if (&operand != &action.operands.front()) text.append(" ").append(action.arithmetic.text);
        text.append(" ").append(Print(operand));
      }
    }
  }
  return text;
}

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_TESTING_PRINT_H_
