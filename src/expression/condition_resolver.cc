#include "expression/condition_resolver.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "base/result.h"
#include "expression/evaluator.h"
#include "model/limits.h"

namespace gramme {
namespace {

// DynamoDB lists its types in this order in these two messages.
constexpr std::string_view kAttributeTypeNames = "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}";
constexpr std::string_view kAnyTypeNames = "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";

constexpr std::pair<std::string_view, ConditionKind> kKinds[] = {
    {"AND", ConditionKind::kAnd},
    {"OR", ConditionKind::kOr},
    {"NOT", ConditionKind::kNot},
    {"=", ConditionKind::kEqual},
    {"<>", ConditionKind::kNotEqual},
    {"<", ConditionKind::kLess},
    {"<=", ConditionKind::kLessOrEqual},
    {">", ConditionKind::kGreater},
    {">=", ConditionKind::kGreaterOrEqual},
    {"BETWEEN", ConditionKind::kBetween},
    {"IN", ConditionKind::kIn},
    {"attribute_exists", ConditionKind::kAttributeExists},
    {"attribute_not_exists", ConditionKind::kAttributeNotExists},
    {"attribute_type", ConditionKind::kAttributeType},
    {"begins_with", ConditionKind::kBeginsWith},
    {"contains", ConditionKind::kContains},
};

ConditionKind KindOf(const SyntaxCondition& condition) {
  switch (condition.kind) {
    case SyntaxCondition::Kind::kAnd: return ConditionKind::kAnd;
    case SyntaxCondition::Kind::kOr: return ConditionKind::kOr;
    case SyntaxCondition::Kind::kNot: return ConditionKind::kNot;
    case SyntaxCondition::Kind::kBetween: return ConditionKind::kBetween;
    case SyntaxCondition::Kind::kIn: return ConditionKind::kIn;
    case SyntaxCondition::Kind::kCompare:
    case SyntaxCondition::Kind::kFunction: break;
  }
  const auto* known = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const auto& each) {
    return each.first == condition.token.text;
  });
  GRAMME_CHECK(known != std::end(kKinds), "the structure rules check names of functions");
  return known->second;
}

// The type where it does not depend on the item.
std::optional<AttributeType> StaticType(const Operand& operand) {
  if (operand.is_size()) return AttributeType::kNumber;
  if (operand.kind == Operand::Kind::kValue) return operand.value->type();
  return std::nullopt;
}

bool IsOrdered(AttributeType type) {
  return type == AttributeType::kString || type == AttributeType::kNumber ||
         type == AttributeType::kBinary;
}

bool HasSize(AttributeType type) {
  return type != AttributeType::kNumber && type != AttributeType::kBool &&
         type != AttributeType::kNull;
}

bool IsBytes(AttributeType type) {
  return type == AttributeType::kString || type == AttributeType::kBinary;
}

Result<void> CheckTypes(const std::vector<Operand>& operands, std::string_view name,
                        bool (*allowed)(AttributeType), const Resolver& resolver) {
  for (const Operand& operand : operands) {
    const std::optional<AttributeType> type = StaticType(operand);
    if (type && !allowed(*type)) return resolver.TypeProblem(name, AttributeTypeName(*type));
  }
  return {};
}

Result<void> CheckDistinct(const std::vector<Operand>& operands, std::string_view name,
                           const Resolver& resolver) {
  const Operand& first = operands.front();
  if (first.kind != Operand::Kind::kPath) return {};
  for (std::size_t i = 1; i < operands.size(); ++i) {
    if (operands[i].kind == Operand::Kind::kPath && operands[i].path == first.path) {
      return resolver.NotDistinct(name, first.path);
    }
  }
  return {};
}

Result<Operand> ResolveSize(const SyntaxOperand& argument, Resolver& resolver) {
  if (argument.kind == SyntaxOperand::Kind::kPath) {
    GRAMME_TRY(DocumentPath path, resolver.Path(argument));
    return Operand{.kind = Operand::Kind::kSizeOfPath, .path = std::move(path)};
  }
  if (argument.kind == SyntaxOperand::Kind::kCall) {
    return resolver.TypeProblem("size", AttributeTypeName(AttributeType::kNumber));
  }
  GRAMME_TRY(SharedValue value, resolver.Value(argument));
  if (!HasSize(value->type())) {
    return resolver.TypeProblem("size", AttributeTypeName(value->type()));
  }
  return Operand{.kind = Operand::Kind::kSizeOfValue, .value = std::move(value)};
}

Result<Operand> ResolveOperand(const SyntaxOperand& operand, Resolver& resolver) {
  switch (operand.kind) {
    case SyntaxOperand::Kind::kPath: {
      GRAMME_TRY(DocumentPath path, resolver.Path(operand));
      return Operand{.kind = Operand::Kind::kPath, .path = std::move(path)};
    }
    case SyntaxOperand::Kind::kValue: {
      GRAMME_TRY(SharedValue value, resolver.Value(operand));
      return Operand{.kind = Operand::Kind::kValue, .value = std::move(value)};
    }
    case SyntaxOperand::Kind::kCall: break;
  }
  return ResolveSize(operand.arguments.front(), resolver);
}

std::string FormatBound(const AttributeValue& value) {
  std::string text;
  if (const std::string* string = value.get_if<std::string>()) {
    text = *string;
  } else if (const Number* number = value.get_if<Number>()) {
    text = number->ToString();
  } else if (const Binary* binary = value.get_if<Binary>()) {
    text = fmt::format("java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]", binary->bytes.size());
  }
  return fmt::format("AttributeValue: {{{}:{}}}", AttributeTypeName(value.type()), text);
}

Result<void> CheckBounds(const Operand& low, const Operand& high, const Resolver& resolver) {
  if (low.kind != Operand::Kind::kValue || high.kind != Operand::Kind::kValue) return {};
  std::string_view wrong;
  if (low.value->type() != high.value->type()) {
    wrong = "same data type for lower and upper bounds";
  } else if (CompareValues(*low.value, *high.value) == std::partial_ordering::greater) {
    wrong = "upper bound to be greater than or equal to lower bound";
  } else {
    return {};
  }
  return resolver.Problem(
      fmt::format("The BETWEEN operator requires {}; lower bound operand: {}, upper bound operand: "
                  "{}",
                  wrong, FormatBound(*low.value), FormatBound(*high.value)));
}

// attribute_type's second operand is a literal name of a type, known now.
Result<void> TakeAttributeType(ConditionNode& node, const Resolver& resolver) {
  const Operand type_name = std::move(node.operands.back());
  node.operands.pop_back();
  const std::string_view function = ConditionKindName(node.kind);
  const std::optional<AttributeType> type = StaticType(type_name);
  if (!type) return resolver.TypeProblem(function, kAnyTypeNames);
  const std::string* name =
      type_name.kind == Operand::Kind::kValue ? type_name.value->get_if<std::string>() : nullptr;
  if (name == nullptr) return resolver.TypeProblem(function, AttributeTypeName(*type));
  for (int i = 0; i <= static_cast<int>(AttributeType::kMap); ++i) {
    node.attribute_type = static_cast<AttributeType>(i);
    if (AttributeTypeName(node.attribute_type) == *name) return {};
  }
  return resolver.Problem(
      fmt::format("Invalid attribute type name found; type: {}, valid types: {}", *name,
                  kAttributeTypeNames));
}

Result<void> CheckOperands(ConditionNode& node, const Resolver& resolver) {
  const std::string_view name = ConditionKindName(node.kind);
  const std::vector<Operand>& operands = node.operands;
  switch (node.kind) {
    case ConditionKind::kAttributeExists:
    case ConditionKind::kAttributeNotExists:
    case ConditionKind::kAttributeType:
      if (operands.front().kind != Operand::Kind::kPath) return resolver.PathRequired(name);
      break;
    case ConditionKind::kIn:
      if (operands.size() - 1 > kExpressionInOperandCountMax) {
        return resolver.Problem(
            fmt::format("The IN operator is provided with too many operands; number of operands: "
                        "{}",
                        operands.size() - 1));
      }
      break;
    default: break;
  }
  GRAMME_RETURN_IF_ERROR(CheckDistinct(operands, name, resolver));
  switch (node.kind) {
    case ConditionKind::kLess:
    case ConditionKind::kLessOrEqual:
    case ConditionKind::kGreater:
    case ConditionKind::kGreaterOrEqual: return CheckTypes(operands, name, &IsOrdered, resolver);
    case ConditionKind::kBetween:
      GRAMME_RETURN_IF_ERROR(CheckTypes(operands, name, &IsOrdered, resolver));
      return CheckBounds(operands[1], operands[2], resolver);
    case ConditionKind::kBeginsWith: return CheckTypes(operands, name, &IsBytes, resolver);
    case ConditionKind::kAttributeType: return TakeAttributeType(node, resolver);
    default: return {};
  }
}

}  // namespace

std::string_view ConditionKindName(ConditionKind kind) {
  for (const auto& [name, each] : kKinds) {
    if (each == kind) return name;
  }
  return {};
}

Result<ConditionNode> ResolveCondition(const SyntaxCondition& condition, Resolver& resolver) {
  ConditionNode node{.kind = KindOf(condition)};
  for (const SyntaxCondition& child : condition.conditions) {
    GRAMME_TRY(node.conditions.emplace_back(), ResolveCondition(child, resolver));
  }
  if (!node.conditions.empty()) return node;
  for (const SyntaxOperand& operand : condition.operands) {
    GRAMME_TRY(node.operands.emplace_back(), ResolveOperand(operand, resolver));
  }
  GRAMME_RETURN_IF_ERROR(CheckOperands(node, resolver));
  return node;
}

}  // namespace gramme
