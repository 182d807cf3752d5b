#include "expression/key_clause.h"

#include <fmt/core.h>

#include <set>

#include "base/result.h"

namespace gramme {
namespace {

std::unexpected<ApiError> InvalidClause(std::string_view problem) {
  return ValidationError(fmt::format("Invalid condition in KeyConditionExpression: {}", problem));
}

// AND inside AND comes only from parentheses; depth is bounded by the parser's caps.
Result<void> FindLeaves(const ConditionNode& node, std::vector<const ConditionNode*>& leaves) {
  if (node.kind == ConditionKind::kAnd) {
    for (const ConditionNode& child : node.conditions) {
      GRAMME_RETURN_IF_ERROR(FindLeaves(child, leaves));
    }
    return {};
  }
  if (!IsKeyOperator(node.kind)) {
    return ValidationError(fmt::format("Invalid operator used in KeyConditionExpression: {}",
                                       ConditionKindName(node.kind)));
  }
  leaves.push_back(&node);
  return {};
}

// `:v < a` says `a > :v`.
ConditionKind Mirrored(ConditionKind kind) {
  switch (kind) {
    case ConditionKind::kLess:
      return ConditionKind::kGreater;
    case ConditionKind::kLessOrEqual:
      return ConditionKind::kGreaterOrEqual;
    case ConditionKind::kGreater:
      return ConditionKind::kLess;
    case ConditionKind::kGreaterOrEqual:
      return ConditionKind::kLessOrEqual;
    default:
      return kind;
  }
}

Result<KeyClause> MakeClause(const ConditionNode& leaf) {
  KeyClause clause{.attribute = {}, .kind = leaf.kind, .values = {}};
  const bool has_order =
      leaf.kind == ConditionKind::kBetween || leaf.kind == ConditionKind::kBeginsWith;
  if (has_order && leaf.operands.front().kind == Operand::Kind::kValue) {
    return InvalidClause(fmt::format("{} operator must have the key attribute as its first operand",
                                     ConditionKindName(leaf.kind)));
  }
  const DocumentPath* path = nullptr;
  for (const Operand& operand : leaf.operands) {
    if (operand.is_size()) {
      return ValidationError("KeyConditionExpressions cannot contain nested operations");
    }
    if (operand.kind == Operand::Kind::kValue) {
      clause.values.push_back(operand.value);
      continue;
    }
    if (path != nullptr) return InvalidClause("Multiple attribute names used in one condition");
    if (!operand.path.elements.empty()) {
      return ValidationError("KeyConditionExpressions cannot have conditions on nested attributes");
    }
    path = &operand.path;
  }
  if (path == nullptr) return InvalidClause("No key attribute specified");
  clause.attribute = path->attribute;
  if (leaf.operands.front().kind == Operand::Kind::kValue) clause.kind = Mirrored(leaf.kind);
  return clause;
}

}  // namespace

bool IsKeyOperator(ConditionKind kind) {
  switch (kind) {
    case ConditionKind::kEqual:
    case ConditionKind::kLess:
    case ConditionKind::kLessOrEqual:
    case ConditionKind::kGreater:
    case ConditionKind::kGreaterOrEqual:
    case ConditionKind::kBetween:
    case ConditionKind::kBeginsWith:
      return true;
    default:
      return false;
  }
}

Result<std::vector<KeyClause>> FindKeyClauses(const ConditionNode& root) {
  std::vector<const ConditionNode*> leaves;
  GRAMME_RETURN_IF_ERROR(FindLeaves(root, leaves));
  std::vector<KeyClause> clauses;
  for (const ConditionNode* leaf : leaves) {
    GRAMME_TRY(clauses.emplace_back(), MakeClause(*leaf));
  }
  std::set<std::string> attributes;
  for (const KeyClause& clause : clauses) {
    if (!attributes.insert(clause.attribute).second) {
      return ValidationError("KeyConditionExpressions must only contain one condition per key");
    }
  }
  return clauses;
}

}  // namespace gramme
