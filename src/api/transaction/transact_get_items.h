// TransactGetItems answers up to 100 items of several tables as they are at one moment.

#ifndef GRAMME_API_TRANSACTION_TRANSACT_GET_ITEMS_H_
#define GRAMME_API_TRANSACTION_TRANSACT_GET_ITEMS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_shapes.h"
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

struct GetShape {
  AttributeMap key;
  std::string table_name;
  std::optional<std::string> projection_expression;
  ExpressionAttributeNames expression_attribute_names;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetShape& get) {
  visit.Member("Key", get.key, {.required = true, .key_length_max = 65535});
  visit.Member("TableName", get.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("ProjectionExpression", get.projection_expression, {});
  visit.Member("ExpressionAttributeNames", get.expression_attribute_names,
               {.element_length_max = 65535});
}

struct TransactGetItem {
  GetShape get;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TransactGetItem& item) {
  visit.Member("Get", item.get, {.required = true});
}

struct TransactGetItemsRequest {
  std::vector<TransactGetItem> transact_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TransactGetItemsRequest& request) {
  visit.Member("TransactItems", request.transact_items,
               {.required = true, .length_min = 1, .length_max = 100});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
}

struct ItemResponse {
  std::optional<EncodedItem> item;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ItemResponse& response) {
  visit.Member("Item", response.item, {});
}

struct TransactGetItemsResponse {
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  std::vector<ItemResponse> responses;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TransactGetItemsResponse& response) {
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
  visit.Member("Responses", response.responses, {});
}

struct TransactGetItemsPlan {
  std::vector<std::optional<ProjectionExpression>> projections;  // one per action
};

struct TransactGetItems {
  static constexpr std::string_view kName = "TransactGetItems";
  static constexpr Start kStart = Start::kPool;
  static constexpr std::size_t kAnswerBytesMax = kTransactionBytesMax;
  using Request = TransactGetItemsRequest;
  using Response = TransactGetItemsResponse;
  using Plan = TransactGetItemsPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TRANSACTION_TRANSACT_GET_ITEMS_H_
