// TransactWriteItems puts, updates, deletes and checks up to 100 items of several tables, all or
// nothing. With a token the same request has its effect once within ten minutes.

#ifndef GRAMME_API_TRANSACTION_TRANSACT_WRITE_ITEMS_H_
#define GRAMME_API_TRANSACTION_TRANSACT_WRITE_ITEMS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_rules.h"
#include "api/item/item_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "api/transaction/transact_write_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct TransactWriteItemsRequest {
  std::vector<TransactWriteItem> transact_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
  std::optional<std::string> client_request_token;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TransactWriteItemsRequest& request) {
  visit.Member("TransactItems", request.transact_items,
               {.required = true, .length_min = 1, .length_max = 100});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("ReturnItemCollectionMetrics", request.return_item_collection_metrics, {});
  visit.Member("ClientRequestToken", request.client_request_token,
               {.length_min = 1, .length_max = 36});
}

struct TransactWriteItemsResponse {
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
  std::optional<std::map<std::string, std::vector<ItemCollectionMetrics>>> item_collection_metrics;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TransactWriteItemsResponse& response) {
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
  visit.Member("ItemCollectionMetrics", response.item_collection_metrics, {});
}

struct TransactWriteItemsPlan {
  std::vector<WriteExpressions> expressions;  // one per action
};

struct TransactWriteItems {
  static constexpr std::string_view kName = "TransactWriteItems";
  static constexpr Start kStart = Start::kPool;
  using Request = TransactWriteItemsRequest;
  using Response = TransactWriteItemsResponse;
  using Plan = TransactWriteItemsPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TRANSACTION_TRANSACT_WRITE_ITEMS_H_
