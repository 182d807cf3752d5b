#include "api/legacy/legacy_updates.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "api/legacy/parameter_style.h"
#include "base/result.h"
#include "expression/update_actions.h"

namespace gramme {
namespace {

UpdateAction ActionOf(const std::string& attribute, UpdateVerb verb,
                      const std::optional<AttributeValue>& value) {
  UpdateAction action{.verb = verb, .path = {.attribute = attribute, .elements = {}}};
  if (value) {
    action.operands.push_back({.kind = UpdateOperand::Kind::kValue,
                               .value = std::make_shared<const AttributeValue>(*value)});
  }
  return action;
}

Result<UpdateAction> Translate(const std::string& attribute, const AttributeValueUpdate& update) {
  const AttributeAction action = update.action.value_or(AttributeAction::kPut);
  if (!update.value) {
    if (action != AttributeAction::kDelete) {
      return InvalidParameters(
          "Only DELETE action is allowed when no attribute value is specified");
    }
    return ActionOf(attribute, UpdateVerb::kRemove, std::nullopt);
  }
  const AttributeType type = update.value->type();
  switch (action) {
    case AttributeAction::kPut:
      break;
    case AttributeAction::kAdd:
      if (!IsSet(type) && type != AttributeType::kNumber && type != AttributeType::kList) {
        return InvalidParameters(
            fmt::format("ADD action is not supported for the type {}", AttributeTypeName(type)));
      }
      return ActionOf(attribute, UpdateVerb::kAdd, update.value);
    case AttributeAction::kDelete:
      if (!IsSet(type)) {
        return InvalidParameters(fmt::format(
            "DELETE action with value is not supported for the type {}", AttributeTypeName(type)));
      }
      return ActionOf(attribute, UpdateVerb::kDelete, update.value);
  }
  return ActionOf(attribute, UpdateVerb::kSet, update.value);
}

}  // namespace

Result<std::optional<UpdateExpression>> TranslateUpdates(const AttributeUpdates& updates) {
  if (!updates || updates->empty()) return std::optional<UpdateExpression>();
  UpdateActions actions{.source = UpdateSource::kAttributeUpdates};
  for (const auto& [attribute, update] : *updates) {
    GRAMME_RETURN_IF_ERROR(CheckLegacyName(attribute));
    GRAMME_TRY(UpdateAction action, Translate(attribute, update));
    actions.paths.Add(action.path);
    actions.actions.push_back(std::move(action));
  }
  return std::optional(UpdateExpression::FromActions(std::move(actions)));
}

}  // namespace gramme
