#include "api/item/item_rules.h"

#include <utility>

#include "api/legacy/legacy_conditions.h"
#include "api/legacy/legacy_updates.h"
#include "api/legacy/parameter_style.h"
#include "base/result.h"
#include "table/index/index_keys.h"

namespace gramme {
namespace {

// How DynamoDB names the expressions that a write could have. `update` as in the header.
std::string_view AbsentExpressions(const std::optional<std::string>* update) {
  return update == nullptr ? "ConditionExpression is null"
                           : "UpdateExpression and ConditionExpression are null";
}

}  // namespace

void WriteExpressions::CollectAttributes(std::set<std::string>& attributes) const {
  if (condition) {
    attributes.insert(condition->attributes().begin(), condition->attributes().end());
  }
  if (update) update->CollectAttributes(attributes);
}

Result<WriteExpressions> ParseWriteExpressions(const ConditionalWrite& write,
                                               const std::optional<std::string>* update) {
  const std::optional<std::string>& condition = write.condition_expression;
  Placeholders placeholders(write.expression_attribute_names, write.expression_attribute_values);
  const bool has_expression = condition.has_value() || (update != nullptr && update->has_value());
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(has_expression, AbsentExpressions(update)));
  WriteExpressions parsed;
  if (update != nullptr && *update) {
    GRAMME_TRY(parsed.update, UpdateExpression::Parse(**update, placeholders));
  }
  if (condition) {
    GRAMME_TRY(parsed.condition,
               ConditionExpression::Parse("ConditionExpression", *condition, placeholders));
  }
  GRAMME_RETURN_IF_ERROR(placeholders.CheckAllUsed());
  return parsed;
}

Result<void> ValidateStyle(const SingleWriteRequest& request,
                           const AttributeUpdates* attribute_updates,
                           const std::optional<std::string>* update) {
  const bool has_update = update != nullptr && update->has_value();
  const bool has_condition = request.condition_expression.has_value();
  GRAMME_RETURN_IF_ERROR(CheckOneStyle(
      {{"AttributeUpdates", attribute_updates != nullptr && attribute_updates->has_value()},
       {"Expected", request.expected.has_value()},
       {"ConditionalOperator", request.conditional_operator.has_value()}},
      {{"UpdateExpression", has_update}, {"ConditionExpression", has_condition}}));
  GRAMME_RETURN_IF_ERROR(
      Placeholders(request.expression_attribute_names, request.expression_attribute_values)
          .CheckAllowed(has_update || has_condition, AbsentExpressions(update)));
  return CheckConditionalOperator(request.conditional_operator,
                                  request.expected ? request.expected->size() : 0);
}

Result<WriteExpressions> ParseSingleWrite(const SingleWriteRequest& request,
                                          const AttributeUpdates* attribute_updates,
                                          const std::optional<std::string>* update) {
  std::optional<UpdateExpression> legacy_update;
  if (attribute_updates != nullptr) {
    GRAMME_TRY(legacy_update, TranslateUpdates(*attribute_updates));
  }
  GRAMME_TRY(auto expected, TranslateExpected(request.expected, request.conditional_operator));
  GRAMME_TRY(WriteExpressions parsed, ParseWriteExpressions(request, update));
  if (legacy_update) parsed.update = std::move(legacy_update);
  if (expected) parsed.condition = std::move(expected);
  return parsed;
}

Result<void> ValidateProjectionStyle(const std::optional<std::string>& projection,
                                     const ExpressionAttributeNames& names,
                                     const AttributesToGet& attributes_to_get) {
  GRAMME_RETURN_IF_ERROR(CheckOneStyle({{"AttributesToGet", attributes_to_get.has_value()}},
                                       {{"ProjectionExpression", projection.has_value()}}));
  return Placeholders(names, std::nullopt).CheckAllowed(projection.has_value());
}

Result<std::optional<ProjectionExpression>> ParseProjection(
    const std::optional<std::string>& projection, const ExpressionAttributeNames& names,
    const AttributesToGet& attributes_to_get) {
  static const ExpressionAttributeValues kNoValues;
  Placeholders placeholders(names, kNoValues);
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(projection.has_value()));
  if (!projection) return TranslateAttributesToGet(attributes_to_get);
  GRAMME_TRY(auto parsed, ProjectionExpression::Parse(*projection, placeholders));
  GRAMME_RETURN_IF_ERROR(placeholders.CheckAllUsed());
  return std::optional(std::move(parsed));
}

Result<void> CheckProjection(const Table& table,
                             const std::optional<ProjectionExpression>& projection) {
  if (!projection || projection->IsTopLevel()) return {};
  return CheckKeyPaths(table.description(), projection->NestedAttributes());
}

Result<void> ValidateOldReturnValue(const std::optional<ReturnValue>& return_values) {
  const ReturnValue wanted = return_values.value_or(ReturnValue::kNone);
  if (wanted == ReturnValue::kNone || wanted == ReturnValue::kAllOld) return {};
  return ValidationError("ReturnValues can only be ALL_OLD or NONE");
}

bool WantsItem(const std::optional<ReturnValuesOnConditionCheckFailure>& asked) {
  return asked == ReturnValuesOnConditionCheckFailure::kAllOld;
}

std::vector<std::string> ListOf(const std::set<std::string>& attributes) {
  return {attributes.begin(), attributes.end()};
}

std::vector<std::string> AttributesOf(const std::optional<ProjectionExpression>& projection) {
  std::set<std::string> attributes;
  if (projection) projection->CollectAttributes(attributes);
  return ListOf(attributes);
}

std::optional<AttributeMap> NonEmpty(std::optional<Item> item) {
  if (!item || item->empty()) return std::nullopt;
  return item;
}

std::string ResourceOf(const std::string& table_name,
                       const std::optional<std::string>& index_name) {
  return index_name ? "table/" + table_name + "/index/" + *index_name : table_name;
}

}  // namespace gramme
