#include "expression/update_resolver.h"

#include <fmt/core.h>

#include <algorithm>
#include <ranges>
#include <set>
#include <utility>

#include "base/result.h"
#include "expression/path_rules.h"
#include "expression/structure_rules.h"

namespace gramme {
namespace {

UpdateVerb VerbOf(const Token& keyword) {
  switch (keyword.kind) {
    case TokenKind::kRemove:
      return UpdateVerb::kRemove;
    case TokenKind::kAdd:
      return UpdateVerb::kAdd;
    case TokenKind::kDelete:
      return UpdateVerb::kDelete;
    default:
      return UpdateVerb::kSet;
  }
}

std::string_view VerbName(UpdateVerb verb) {
  switch (verb) {
    case UpdateVerb::kSet:
      return "SET";
    case UpdateVerb::kRemove:
      return "REMOVE";
    case UpdateVerb::kAdd:
      return "ADD";
    case UpdateVerb::kDelete:
      return "DELETE";
  }
  return {};
}

// As the messages about ADD and DELETE spell types.
std::string_view LongTypeName(AttributeType type) {
  switch (type) {
    case AttributeType::kString:
      return "STRING";
    case AttributeType::kNumber:
      return "NUMBER";
    case AttributeType::kBinary:
      return "BINARY";
    case AttributeType::kBool:
      return "BOOLEAN";
    case AttributeType::kNull:
      return "NULL";
    case AttributeType::kStringSet:
      return "STRING_SET";
    case AttributeType::kNumberSet:
      return "NUMBER_SET";
    case AttributeType::kBinarySet:
      return "BINARY_SET";
    case AttributeType::kList:
      return "LIST";
    case AttributeType::kMap:
      return "MAP";
  }
  return {};
}

Result<void> CheckActionStructure(std::string_view parameter, const SyntaxAction& action) {
  GRAMME_RETURN_IF_ERROR(CheckPathStructure(parameter, action.path));
  for (const SyntaxOperand& operand : action.operands) {
    GRAMME_RETURN_IF_ERROR(CheckUpdateOperandStructure(parameter, operand));
  }
  return {};
}

// DynamoDB reads the sections of one kind together, the kinds in the order of their first
// appearance, and refuses the second of a kind once it has read both.
Result<void> CheckSections(const std::vector<SyntaxSection>& sections, std::string_view parameter,
                           const Resolver& resolver) {
  std::set<TokenKind> seen;
  for (const SyntaxSection& first : sections) {
    if (!seen.insert(first.keyword.kind).second) continue;
    int count = 0;
    for (const SyntaxSection& section : sections) {
      if (section.keyword.kind != first.keyword.kind) continue;
      ++count;
      for (const SyntaxAction& action : section.actions) {
        GRAMME_RETURN_IF_ERROR(CheckActionStructure(parameter, action));
      }
    }
    if (count > 1) {
      return resolver.Problem(
          fmt::format("The \"{}\" section can only be used once in an update expression;",
                      VerbName(VerbOf(first.keyword))));
    }
  }
  return {};
}

Result<void> CheckNames(const SyntaxOperand& operand, Resolver& resolver) {
  if (operand.kind == SyntaxOperand::Kind::kPath) {
    GRAMME_RETURN_IF_ERROR(resolver.Path(operand));
  }
  for (const SyntaxOperand& argument : operand.arguments) {
    GRAMME_RETURN_IF_ERROR(CheckNames(argument, resolver));
  }
  return {};
}

Result<void> CheckLiteral(const UpdateOperand& operand, AttributeType wanted,
                          std::string_view function, const Resolver& resolver) {
  if (operand.kind != UpdateOperand::Kind::kValue || operand.value->is(wanted)) return {};
  return resolver.TypeProblem(function, AttributeTypeName(operand.value->type()));
}

Result<UpdateOperand> ResolveOperand(const SyntaxOperand& syntax, std::string_view parameter,
                                     Resolver& resolver) {
  UpdateOperand operand;
  if (syntax.kind == SyntaxOperand::Kind::kPath) {
    operand.kind = UpdateOperand::Kind::kPath;
    GRAMME_TRY(operand.path, resolver.Path(syntax));
    return operand;
  }
  if (syntax.kind == SyntaxOperand::Kind::kValue) {
    GRAMME_TRY(operand.value, resolver.Value(syntax));
    return operand;
  }
  const std::string_view function = syntax.token.text;
  GRAMME_RETURN_IF_ERROR(CheckOperandCount(parameter, function, syntax.arguments.size()));
  for (const SyntaxOperand& argument : syntax.arguments) {
    GRAMME_TRY(operand.arguments.emplace_back(), ResolveOperand(argument, parameter, resolver));
  }
  if (function == "list_append") {
    operand.kind = UpdateOperand::Kind::kListAppend;
    for (const UpdateOperand& argument : operand.arguments) {
      GRAMME_RETURN_IF_ERROR(CheckLiteral(argument, AttributeType::kList, function, resolver));
    }
    return operand;
  }
  operand.kind = UpdateOperand::Kind::kIfNotExists;
  const UpdateOperand& first = operand.arguments.front();
  if (first.kind != UpdateOperand::Kind::kPath) return resolver.PathRequired(function);
  const UpdateOperand& fallback = operand.arguments.back();
  if (fallback.kind == UpdateOperand::Kind::kPath && fallback.path == first.path) {
    return resolver.NotDistinct(function, first.path);
  }
  operand.path = first.path;
  operand.arguments.erase(operand.arguments.begin());
  return operand;
}

Result<void> ResolveOperands(const SyntaxAction& syntax, std::string_view parameter,
                             Resolver& resolver, UpdateAction& action) {
  for (const SyntaxOperand& operand : syntax.operands) {
    GRAMME_TRY(action.operands.emplace_back(), ResolveOperand(operand, parameter, resolver));
  }
  if (action.arithmetic != Arithmetic::kNone) {
    for (const UpdateOperand& operand : action.operands) {
      GRAMME_RETURN_IF_ERROR(
          CheckLiteral(operand, AttributeType::kNumber, syntax.arithmetic.text, resolver));
    }
  }
  if (action.verb != UpdateVerb::kAdd && action.verb != UpdateVerb::kDelete) return {};
  const AttributeType type = action.operands.front().value->type();
  if (IsSet(type) || (action.verb == UpdateVerb::kAdd && type == AttributeType::kNumber)) return {};
  return resolver.Problem(
      fmt::format("Incorrect operand type for operator or function; operator: {0}, operand type: "
                  "{1}, typeSet: ALLOWED_FOR_{0}_OPERAND",
                  VerbName(action.verb), LongTypeName(type)));
}

}  // namespace

Result<UpdateActions> ResolveUpdate(const std::vector<SyntaxSection>& sections,
                                    std::string_view parameter, Placeholders& placeholders) {
  Resolver resolver(parameter, placeholders);
  GRAMME_RETURN_IF_ERROR(CheckSections(sections, parameter, resolver));

  UpdateActions update;
  std::vector<const SyntaxAction*> syntax;
  std::vector<DocumentPath> paths;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    for (const SyntaxAction& action : sections[i].actions) {
      syntax.push_back(&action);
      UpdateAction& resolved = update.actions.emplace_back();
      resolved.verb = VerbOf(sections[i].keyword);
      resolved.section = i;
      if (action.arithmetic.kind == TokenKind::kPlus) resolved.arithmetic = Arithmetic::kAdd;
      if (action.arithmetic.kind == TokenKind::kMinus) resolved.arithmetic = Arithmetic::kSubtract;
      GRAMME_TRY(resolved.path, resolver.Path(action.path));
      paths.push_back(resolved.path);
    }
  }
  GRAMME_TRY(update.paths, CombinePaths(paths, resolver));

  // DynamoDB looks at the operands from the last action back to the first, names before values.
  for (const SyntaxAction* action : syntax | std::views::reverse) {
    for (const SyntaxOperand& operand : action->operands) {
      GRAMME_RETURN_IF_ERROR(CheckNames(operand, resolver));
    }
  }
  for (std::size_t i = syntax.size(); i-- > 0;) {
    GRAMME_RETURN_IF_ERROR(ResolveOperands(*syntax[i], parameter, resolver, update.actions[i]));
  }
  return update;
}

}  // namespace gramme
