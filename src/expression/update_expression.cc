#include "expression/update_expression.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/result.h"
#include "expression/update_actions.h"
#include "expression/update_apply.h"
#include "expression/update_parser.h"
#include "expression/update_resolver.h"

namespace gramme {
namespace {

constexpr std::string_view kParameter = "UpdateExpression";

// What UpdateItem charges, as people measured it on the service (eu-west-2, October 2026; some
// Regions look at the finished item alone).
constexpr std::size_t kUpdateCost = 3;
constexpr std::size_t kWriteCost = 19;  // SET and ADD
constexpr std::size_t kClearCost = 1;   // REMOVE and DELETE
constexpr std::size_t kTargetElementCost = 4;
constexpr std::size_t kPathOperandCost = 1;
constexpr std::size_t kOperandElementCost = 14;
constexpr std::size_t kIfNotExistsCost = 39;
constexpr std::size_t kListAppendCost = 37;
constexpr std::size_t kAdditionCost = 34;
constexpr std::size_t kSubtractionCost = 37;

// A name's bytes, or the digits of an index.
std::size_t ElementBytes(const PathElement& element) {
  const auto* name = std::get_if<std::string>(&element);
  return name != nullptr ? name->size() : std::to_string(std::get<std::size_t>(element)).size();
}

std::size_t TargetCost(const DocumentPath& path) {
  std::size_t bytes = path.attribute.size();
  for (const PathElement& element : path.elements) {
    bytes += kTargetElementCost + ElementBytes(element);
  }
  return bytes;
}

// What the path leads to is free.
std::size_t PathOperandCost(const DocumentPath& path) {
  std::size_t bytes = kPathOperandCost + kOperandElementCost + path.attribute.size();
  for (const PathElement& element : path.elements) {
    bytes += kOperandElementCost + ElementBytes(element);
  }
  return bytes;
}

std::size_t OperandCost(const UpdateOperand& operand) {
  std::size_t bytes = 0;
  switch (operand.kind) {
    case UpdateOperand::Kind::kValue:
      return ValueSizeBytes(*operand.value);
    case UpdateOperand::Kind::kPath:
      return PathOperandCost(operand.path);
    case UpdateOperand::Kind::kIfNotExists:
      bytes = kIfNotExistsCost + PathOperandCost(operand.path);
      break;
    case UpdateOperand::Kind::kListAppend:
      bytes = kListAppendCost;
      break;
  }
  for (const UpdateOperand& argument : operand.arguments) bytes += OperandCost(argument);
  return bytes;
}

std::size_t ActionCost(const UpdateAction& action) {
  if (action.verb == UpdateVerb::kRemove || action.verb == UpdateVerb::kDelete) {
    return kClearCost + TargetCost(action.path);
  }
  std::size_t bytes = kWriteCost + TargetCost(action.path);
  if (action.arithmetic == Arithmetic::kAdd) bytes += kAdditionCost;
  if (action.arithmetic == Arithmetic::kSubtract) bytes += kSubtractionCost;
  for (const UpdateOperand& operand : action.operands) bytes += OperandCost(operand);
  return bytes;
}

void ForEachPath(const UpdateOperand& operand, PathVisitor visit) {
  if (operand.kind == UpdateOperand::Kind::kPath ||
      operand.kind == UpdateOperand::Kind::kIfNotExists) {
    visit(operand.path);
  }
  for (const UpdateOperand& argument : operand.arguments) ForEachPath(argument, visit);
}

void ForEachPath(const UpdateActions& update, PathVisitor visit) {
  for (const UpdateAction& action : update.actions) {
    visit(action.path);
    for (const UpdateOperand& operand : action.operands) ForEachPath(operand, visit);
  }
}

// Nothing for REMOVE, and where the type is that of an attribute.
std::optional<AttributeType> KnownType(const UpdateAction& action) {
  if (action.arithmetic != Arithmetic::kNone) return AttributeType::kNumber;
  if (action.operands.empty()) return std::nullopt;
  const UpdateOperand& operand = action.operands.front();
  if (operand.kind == UpdateOperand::Kind::kListAppend) return AttributeType::kList;
  if (operand.kind == UpdateOperand::Kind::kValue) return operand.value->type();
  return std::nullopt;
}

}  // namespace

UpdateExpression::UpdateExpression(std::shared_ptr<const UpdateActions> actions)
    : actions_(std::move(actions)) {}

Result<UpdateExpression> UpdateExpression::Parse(std::string_view text,
                                                 Placeholders& placeholders) {
  GRAMME_TRY(Parser parser, Parser::Make(kParameter, text));
  GRAMME_TRY(const std::vector<SyntaxSection> sections, ParseUpdate(parser));
  GRAMME_TRY(UpdateActions actions, ResolveUpdate(sections, kParameter, placeholders));
  return FromActions(std::move(actions));
}

UpdateExpression UpdateExpression::FromActions(UpdateActions actions) {
  return UpdateExpression(std::make_shared<const UpdateActions>(std::move(actions)));
}

Result<Item> UpdateExpression::Apply(const Item& old_item) const {
  return ApplyUpdate(*actions_, old_item);
}

Item UpdateExpression::UpdatedAttributes(const Item& item) const {
  return actions_->paths.Select(item);
}

std::set<std::string> UpdateExpression::WrittenAttributes() const {
  std::set<std::string> attributes;
  for (const UpdateAction& action : actions_->actions) attributes.insert(action.path.attribute);
  return attributes;
}

void UpdateExpression::CollectAttributes(std::set<std::string>& attributes) const {
  ForEachPath(*actions_, [&](const DocumentPath& path) { attributes.insert(path.attribute); });
}

std::vector<std::string> UpdateExpression::NestedAttributes() const {
  std::set<std::string> nested;
  ForEachPath(*actions_, [&](const DocumentPath& path) {
    if (!path.elements.empty()) nested.insert(path.attribute);
  });
  return {nested.begin(), nested.end()};
}

std::vector<std::pair<std::string, AttributeType>> UpdateExpression::KnownTypes() const {
  std::vector<std::pair<std::string, AttributeType>> types;
  for (const UpdateAction& action : actions_->actions) {
    const std::optional<AttributeType> type = KnownType(action);
    if (type && action.path.elements.empty()) types.emplace_back(action.path.attribute, *type);
  }
  return types;
}

bool UpdateExpression::OnlyRemoves() const {
  return std::ranges::all_of(actions_->actions, [](const UpdateAction& action) {
    return action.verb == UpdateVerb::kRemove || action.verb == UpdateVerb::kDelete;
  });
}

std::size_t UpdateExpression::measure_bytes() const {
  if (actions_->source == UpdateSource::kAttributeUpdates) return 0;
  std::size_t bytes = kUpdateCost;
  for (const UpdateAction& action : actions_->actions) bytes += ActionCost(action);
  return bytes;
}

}  // namespace gramme
