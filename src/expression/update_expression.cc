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

// limits.md section 1, measured on the service.
constexpr std::size_t kMeasureBytes = 3;
constexpr std::size_t kWriteMeasureBytes = 19;
constexpr std::size_t kClearMeasureBytes = 2;
constexpr std::size_t kListIndexMeasureBytes = 1;
constexpr std::size_t kArithmeticMeasureBytes = 50;

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
  std::size_t bytes = kMeasureBytes;
  for (const UpdateAction& action : actions_->actions) {
    const bool writes = action.verb == UpdateVerb::kSet || action.verb == UpdateVerb::kAdd;
    bytes += writes ? kWriteMeasureBytes : kClearMeasureBytes;
    const bool at_index = !action.path.elements.empty() &&
                          std::holds_alternative<std::size_t>(action.path.elements.back());
    if (writes && at_index) bytes += kListIndexMeasureBytes;
    if (action.arithmetic != Arithmetic::kNone) bytes += kArithmeticMeasureBytes;
  }
  return bytes;
}

}  // namespace gramme
