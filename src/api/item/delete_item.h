// DeleteItem removes the item with a key, if its condition holds. Removing an absent item succeeds.

#ifndef GRAMME_API_ITEM_DELETE_ITEM_H_
#define GRAMME_API_ITEM_DELETE_ITEM_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_rules.h"
#include "api/item/item_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "expression/placeholders.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct DeleteItemRequest {
  std::string table_name;
  AttributeMap key;
  std::optional<ReturnValue> return_values;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  std::optional<std::string> condition_expression;
  ExpressionAttributeNames expression_attribute_names;
  ExpressionAttributeValues expression_attribute_values;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteItemRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("Key", request.key, {.required = true, .key_length_max = 65535});
  visit.Unserved("Expected", {.why = "use ConditionExpression"});
  visit.Unserved("ConditionalOperator", {.why = "use ConditionExpression"});
  visit.Member("ReturnValues", request.return_values, {});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("ReturnItemCollectionMetrics", request.return_item_collection_metrics, {});
  visit.Member("ConditionExpression", request.condition_expression, {});
  visit.Member("ExpressionAttributeNames", request.expression_attribute_names,
               {.element_length_max = 65535});
  visit.Member("ExpressionAttributeValues", request.expression_attribute_values, {});
  visit.Member("ReturnValuesOnConditionCheckFailure",
               request.return_values_on_condition_check_failure, {});
}

struct DeleteItemResponse {
  std::optional<AttributeMap> attributes;
  std::optional<ConsumedCapacity> consumed_capacity;
  std::optional<ItemCollectionMetrics> item_collection_metrics;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteItemResponse& response) {
  visit.Member("Attributes", response.attributes, {});
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
  visit.Member("ItemCollectionMetrics", response.item_collection_metrics, {});
}

struct DeleteItem {
  static constexpr std::string_view kName = "DeleteItem";
  static constexpr Start kStart = Start::kLoop;
  using Request = DeleteItemRequest;
  using Response = DeleteItemResponse;
  using Plan = WriteExpressions;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_ITEM_DELETE_ITEM_H_
