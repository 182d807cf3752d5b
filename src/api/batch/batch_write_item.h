// BatchWriteItem puts and deletes up to 25 items of several tables, each by itself: what the server
// cannot take now comes back as unprocessed and was surely not done.

#ifndef GRAMME_API_BATCH_BATCH_WRITE_ITEM_H_
#define GRAMME_API_BATCH_BATCH_WRITE_ITEM_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct PutRequest {
  AttributeMap item;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PutRequest& request) {
  visit.Member("Item", request.item, {.required = true, .key_length_max = 65535});
}

struct DeleteRequest {
  AttributeMap key;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteRequest& request) {
  visit.Member("Key", request.key, {.required = true, .key_length_max = 65535});
}

struct WriteRequest {
  std::optional<PutRequest> put_request;
  std::optional<DeleteRequest> delete_request;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, WriteRequest& request) {
  visit.Member("PutRequest", request.put_request, {});
  visit.Member("DeleteRequest", request.delete_request, {});
}

struct BatchWriteItemRequest {
  std::map<std::string, std::vector<WriteRequest>> request_items;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BatchWriteItemRequest& request) {
  visit.Member("RequestItems", request.request_items,
               {.required = true,
                .length_min = 1,
                .length_max = 25,
                .element_length_min = 1,
                .element_length_max = 25,
                .key_length_min = 1,
                .key_length_max = 1024,
                .absence = "The requestItems parameter is required for BatchWriteItem"});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("ReturnItemCollectionMetrics", request.return_item_collection_metrics, {});
}

struct BatchWriteItemResponse {
  std::map<std::string, std::vector<WriteRequest>> unprocessed_items;
  std::optional<std::map<std::string, std::vector<ItemCollectionMetrics>>> item_collection_metrics;
  std::optional<std::vector<ConsumedCapacity>> consumed_capacity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BatchWriteItemResponse& response) {
  visit.Member("UnprocessedItems", response.unprocessed_items, {});
  visit.Member("ItemCollectionMetrics", response.item_collection_metrics, {});
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
}

struct BatchWriteItem {
  static constexpr std::string_view kName = "BatchWriteItem";
  static constexpr Start kStart = Start::kPool;
  using Request = BatchWriteItemRequest;
  using Response = BatchWriteItemResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BATCH_BATCH_WRITE_ITEM_H_
