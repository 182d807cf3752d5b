// BatchGetItem answers up to 100 items of several tables by their keys, as much as fits into an
// answer; the rest comes back as unprocessed. All are read from one view.

#ifndef GRAMME_API_BATCH_BATCH_GET_ITEM_H_
#define GRAMME_API_BATCH_BATCH_GET_ITEM_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_shapes.h"
#include "api/legacy/legacy_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "encoding/encoded_item.h"
#include "expression/placeholders.h"
#include "expression/projection_expression.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/limits.h"

namespace gramme {

struct KeysAndAttributes {
  std::vector<AttributeMap> keys;
  AttributesToGet attributes_to_get;
  std::optional<bool> consistent_read;
  std::optional<std::string> projection_expression;
  ExpressionAttributeNames expression_attribute_names;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, KeysAndAttributes& keys) {
  visit.Member("Keys", keys.keys, {.required = true, .length_min = 1, .length_max = 100});
  visit.Member("AttributesToGet", keys.attributes_to_get,
               {.length_min = 1, .element_length_max = 65535});
  visit.Member("ConsistentRead", keys.consistent_read, {});
  visit.Member("ProjectionExpression", keys.projection_expression, {});
  visit.Member("ExpressionAttributeNames", keys.expression_attribute_names,
               {.element_length_max = 65535});
}

struct BatchGetItemRequest {
  std::map<std::string, KeysAndAttributes> request_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BatchGetItemRequest& request) {
  visit.Member("RequestItems", request.request_items,
               {.required = true,
                .length_min = 1,
                .length_max = 100,
                .key_length_min = 1,
                .key_length_max = 1024,
                .absence = "The requestItems parameter is required for BatchGetItem"});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
}

struct BatchGetItemResponse {
  std::map<std::string, std::vector<EncodedItem>> responses;
  std::map<std::string, KeysAndAttributes> unprocessed_keys;
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BatchGetItemResponse& response) {
  visit.Member("Responses", response.responses, {});
  visit.Member("UnprocessedKeys", response.unprocessed_keys, {});
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
}

struct BatchGetItemPlan {
  // By table name as sent; nothing where all attributes are asked for.
  std::map<std::string, std::optional<ProjectionExpression>> projections;
};

struct BatchGetItem {
  static constexpr std::string_view kName = "BatchGetItem";
  static constexpr Start kStart = Start::kPool;
  static constexpr std::size_t kAnswerBytesMax = kBatchGetBytesMax;
  using Request = BatchGetItemRequest;
  using Response = BatchGetItemResponse;
  using Plan = BatchGetItemPlan;
  static Result<void> ValidateParameters(const Request& request);
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BATCH_BATCH_GET_ITEM_H_
