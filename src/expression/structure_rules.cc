#include "expression/structure_rules.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/core.h>

#include "base/result.h"
#include "expression/expression_error.h"
#include "expression/reserved_words.h"

namespace gramme {
namespace {

enum class Place { kCondition, kOperandOfCondition, kUpdate };

struct FunctionRule {
  std::string_view name;
  Place place;
  std::size_t operand_count;
};

constexpr FunctionRule kFunctions[] = {
    {"attribute_exists", Place::kCondition, 1},
    {"attribute_not_exists", Place::kCondition, 1},
    {"attribute_type", Place::kCondition, 2},
    {"begins_with", Place::kCondition, 2},
    {"contains", Place::kCondition, 2},
    {"size", Place::kOperandOfCondition, 1},
    {"if_not_exists", Place::kUpdate, 2},
    {"list_append", Place::kUpdate, 2},
};

// Names of functions are case-sensitive.
const FunctionRule* FindRule(std::string_view name) {
  const auto* rule = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                  [&](const FunctionRule& each) { return each.name == name; });
  return rule == std::end(kFunctions) ? nullptr : rule;
}

Result<void> CheckFunctionPlace(std::string_view parameter, std::string_view name, Place place) {
  const FunctionRule* rule = FindRule(name);
  if (rule == nullptr) {
    return InvalidExpression(parameter, fmt::format("Invalid function name; function: {}", name));
  }
  if (rule->place == place) return {};
  if (place == Place::kUpdate) {
    return InvalidExpression(
        parameter,
        fmt::format("The function is not allowed in an update expression; function: {}", name));
  }
  if (rule->place == Place::kUpdate) {
    return InvalidExpression(
        parameter,
        fmt::format("The function is not allowed in a condition expression; function: {}", name));
  }
  return InvalidExpression(
      parameter,
      fmt::format(
          "The function is not allowed to be used this way in an expression; function: {}", name));
}

Result<void> CheckOperand(std::string_view parameter, const SyntaxOperand& operand, Place place) {
  switch (operand.kind) {
    case SyntaxOperand::Kind::kPath: return CheckPathStructure(parameter, operand);
    case SyntaxOperand::Kind::kValue: return {};
    case SyntaxOperand::Kind::kCall: break;
  }
  GRAMME_RETURN_IF_ERROR(CheckFunctionPlace(parameter, operand.token.text, place));
  if (place != Place::kUpdate) {
    GRAMME_RETURN_IF_ERROR(
        CheckOperandCount(parameter, operand.token.text, operand.arguments.size()));
  }
  for (const SyntaxOperand& argument : operand.arguments) {
    GRAMME_RETURN_IF_ERROR(CheckOperand(parameter, argument, place));
  }
  return {};
}

bool IsListIndex(std::string_view digits) {
  std::uint64_t index = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  return parsed.ec == std::errc() && index <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

Result<void> CheckOperandCount(std::string_view parameter, std::string_view function,
                               std::size_t count) {
  const FunctionRule* rule = FindRule(function);
  if (rule == nullptr || rule->operand_count == count) return {};
  return InvalidExpression(
      parameter, fmt::format("Incorrect number of operands for operator or function; "
                             "operator or function: {}, number of operands: {}",
                             function, count));
}

Result<void> CheckPathStructure(std::string_view parameter, const SyntaxOperand& path) {
  for (const Token& element : path.path) {
    if (element.kind == TokenKind::kIdentifier && IsReservedWord(element.text)) {
      return InvalidExpression(
          parameter, fmt::format("Attribute name is a reserved keyword; reserved keyword: {}",
                                 element.text));
    }
    if (element.kind == TokenKind::kInteger && !IsListIndex(element.text)) {
      return InvalidExpression(
          parameter, fmt::format("List index is not within the allowable range; index: [{}]",
                                 element.text));
    }
  }
  return {};
}

Result<void> CheckConditionStructure(std::string_view parameter,
                                     const SyntaxCondition& condition) {
  if (condition.kind == SyntaxCondition::Kind::kFunction) {
    GRAMME_RETURN_IF_ERROR(
        CheckFunctionPlace(parameter, condition.token.text, Place::kCondition));
    GRAMME_RETURN_IF_ERROR(
        CheckOperandCount(parameter, condition.token.text, condition.operands.size()));
  }
  for (const SyntaxCondition& child : condition.conditions) {
    GRAMME_RETURN_IF_ERROR(CheckConditionStructure(parameter, child));
  }
  for (const SyntaxOperand& operand : condition.operands) {
    GRAMME_RETURN_IF_ERROR(CheckOperand(parameter, operand, Place::kOperandOfCondition));
  }
  return {};
}

Result<void> CheckUpdateOperandStructure(std::string_view parameter,
                                         const SyntaxOperand& operand) {
  return CheckOperand(parameter, operand, Place::kUpdate);
}

}  // namespace gramme
