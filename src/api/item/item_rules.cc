#include "api/item/item_rules.h"

#include <utility>

#include "base/result.h"

namespace gramme {

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
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(
      has_expression, update == nullptr ? "ConditionExpression is null"
                                        : "UpdateExpression and ConditionExpression are null"));
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

Result<std::optional<ProjectionExpression>> ParseProjection(
    const std::optional<std::string>& projection, const ExpressionAttributeNames& names) {
  static const ExpressionAttributeValues kNoValues;
  Placeholders placeholders(names, kNoValues);
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(projection.has_value()));
  std::optional<ProjectionExpression> parsed;
  if (projection) {
    GRAMME_TRY(parsed, ProjectionExpression::Parse(*projection, placeholders));
  }
  GRAMME_RETURN_IF_ERROR(placeholders.CheckAllUsed());
  return parsed;
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
