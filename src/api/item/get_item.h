// GetItem answers the item with a key.

#ifndef GRAMME_API_ITEM_GET_ITEM_H_
#define GRAMME_API_ITEM_GET_ITEM_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_rules.h"
#include "api/item/item_shapes.h"
#include "api/legacy/legacy_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "encoding/encoded_item.h"
#include "expression/placeholders.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct GetItemRequest {
  std::string table_name;
  AttributeMap key;
  AttributesToGet attributes_to_get;
  std::optional<bool> consistent_read;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<std::string> projection_expression;
  ExpressionAttributeNames expression_attribute_names;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetItemRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("Key", request.key, {.required = true, .key_length_max = 65535});
  visit.Member("AttributesToGet", request.attributes_to_get,
               {.length_min = 1, .element_length_max = 65535});
  visit.Member("ConsistentRead", request.consistent_read, {});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("ProjectionExpression", request.projection_expression, {});
  visit.Member("ExpressionAttributeNames", request.expression_attribute_names,
               {.element_length_max = 65535});
}

struct GetItemResponse {
  std::optional<EncodedItem> item;
  std::optional<ConsumedCapacity> consumed_capacity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetItemResponse& response) {
  visit.Member("Item", response.item, {});
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
}

struct GetItemPlan {
  std::optional<ProjectionExpression> projection;
};

struct GetItem {
  static constexpr std::string_view kName = "GetItem";
  static constexpr Start kStart = Start::kLoop;
  using Request = GetItemRequest;
  using Response = GetItemResponse;
  using Plan = GetItemPlan;
  static Result<void> ValidateParameters(const Request& request);
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_ITEM_GET_ITEM_H_
