#include "api/batch/batch_write_item.h"

#include <set>
#include <utility>

#include "api/item/collection_metrics.h"
#include "api/item/consumed_capacity.h"
#include "api/item/item_rules.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/limits.h"
#include "table/item/item_key.h"
#include "table/item/item_writer.h"

namespace gramme {
namespace {

// One action of the batch.
struct BatchAction {
  const std::string* name_as_sent = nullptr;
  const WriteRequest* request = nullptr;
  WriteAction write;
};

Result<void> ValidateWrites(const std::vector<WriteRequest>& writes) {
  for (const WriteRequest& write : writes) {
    // AWS's own words, though it is about no attribute value.
    if (write.put_request.has_value() == write.delete_request.has_value()) {
      return ValidationError(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
          "the supported datatypes");
    }
    if (write.put_request && ItemSizeBytes(write.put_request->item) > kItemSizeBytesMax) {
      return ValidationError("Item size has exceeded the maximum allowed size");
    }
  }
  return {};
}

// A batch has for the key of an item that is put the words that others have for a key alone.
ApiError RefusalOf(const WriteAction& write, ApiError error) {
  if (write.kind != WriteKind::kPut) return error;
  const auto key = KeyOfKey(*write.table, KeyAttributesOf(write.table->description(), *write.item));
  return key ? std::move(error) : key.error();
}

Result<std::vector<BatchAction>> BindActions(const BatchWriteItemRequest& request,
                                             const OperationContext& context) {
  std::vector<BatchAction> actions;
  std::set<Key> distinct;
  for (const auto& [name, writes] : request.request_items) {
    GRAMME_TRY(const TableRef table, context.FindTable(name));
    for (const WriteRequest& write : writes) {
      BatchAction& action = actions.emplace_back();
      action.name_as_sent = &name;
      action.request = &write;
      action.write.kind = write.put_request ? WriteKind::kPut : WriteKind::kDelete;
      action.write.table = table;
      action.write.item = write.put_request ? &write.put_request->item : &write.delete_request->key;
      if (Result<void> bound = BindAction(action.write); !bound) {
        return std::unexpected(RefusalOf(action.write, std::move(bound).error()));
      }
      if (!distinct.insert(action.write.key).second) {
        return ValidationError("Provided list of item keys contains duplicates");
      }
    }
  }
  return actions;
}

// Whether an action was surely not done and may be tried again by the client.
bool IsUnprocessed(StatusCode code) {
  switch (code) {
    case StatusCode::kOverloaded:
    case StatusCode::kStale:
    case StatusCode::kMoved:
    case StatusCode::kConflict:
    case StatusCode::kUnavailable:
    case StatusCode::kDeadline:
      return true;
    case StatusCode::kWouldBlock:
    case StatusCode::kUnknown:
    case StatusCode::kCorruption:
    case StatusCode::kIoError:
    case StatusCode::kOutOfSpace:
      return false;
  }
  return false;
}

// Makes one answer. Lives for one run.
class BatchWrite {
 public:
  BatchWrite(const BatchWriteItemRequest& request, OperationContext& context)
      : request_(request), context_(context) {}

  Result<BatchWriteItemResponse> Run(const std::vector<BatchAction>& actions) {
    for (const BatchAction& action : actions) {
      GRAMME_RETURN_IF_ERROR(DescribeCollectionOf(action));
    }
    for (const BatchAction& action : actions) GRAMME_RETURN_IF_ERROR(Write(action));
    if (done_count_ == 0 && first_failure_) return std::unexpected(*std::move(first_failure_));
    for (const auto& [name, consumption] : consumption_) {
      auto described = DescribeConsumption(request_.return_consumed_capacity, name, consumption);
      if (!described) break;
      if (!response_.consumed_capacity) response_.consumed_capacity.emplace();
      response_.consumed_capacity->push_back(*std::move(described));
    }
    return std::move(response_);
  }

 private:
  // Before the first write, since it may fail.
  Result<void> DescribeCollectionOf(const BatchAction& action) {
    GRAMME_TRY(auto metrics, DescribeCollection(request_.return_item_collection_metrics,
                                                *action.write.table, *action.write.item, context_));
    if (!metrics) return {};
    if (!response_.item_collection_metrics) response_.item_collection_metrics.emplace();
    AddCollection(*std::move(metrics), (*response_.item_collection_metrics)[*action.name_as_sent]);
    return {};
  }

  // Once an action is done the request must not run again as a whole: that would do it twice. So
  // whatever would lead there leaves the action to the client.
  Result<void> Write(const BatchAction& action) {
    ItemWrite write = WriteItem(context_.engine.store, context_.tier, action.write);
    context_.DependOn(write.position);
    if (write.change) {
      ++done_count_;
      consumption_[action.write.table->name()].Add(write.consumption);
      return {};
    }
    if (!write.store_failure || !IsUnprocessed(*write.store_failure)) {
      return std::unexpected(std::move(write.change).error());
    }
    // A batch knows no TransactionConflictException: what is held is left to the client, be it all.
    if (!first_failure_ && write.store_failure != StatusCode::kConflict) {
      first_failure_ = std::move(write.change).error();
    }
    response_.unprocessed_items[*action.name_as_sent].push_back(*action.request);
    return {};
  }

  const BatchWriteItemRequest& request_;
  OperationContext& context_;
  BatchWriteItemResponse response_;
  std::map<std::string, Consumption> consumption_;
  std::optional<ApiError> first_failure_;
  std::size_t done_count_ = 0;
};

}  // namespace

Result<NoPlan> BatchWriteItem::Validate(const BatchWriteItemRequest& request) {
  std::size_t write_count = 0;
  for (const auto& [name, writes] : request.request_items) {
    GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(name));
    GRAMME_RETURN_IF_ERROR(ValidateWrites(writes));
    write_count += writes.size();
  }
  if (write_count > kBatchWriteItemCountMax) {
    return ValidationError("Too many items requested for the BatchWriteItem call");
  }
  return NoPlan{};
}

std::vector<Access> BatchWriteItem::Resources(const BatchWriteItemRequest& request, const NoPlan&) {
  std::vector<Access> access;
  for (const auto& [name, writes] : request.request_items) {
    access.push_back({.action = "BatchWriteItem", .resource = name});
  }
  return access;
}

Result<BatchWriteItemResponse> BatchWriteItem::Run(const BatchWriteItemRequest& request,
                                                   const NoPlan&, OperationContext& context) {
  GRAMME_TRY(const std::vector<BatchAction> actions, BindActions(request, context));
  return BatchWrite(request, context).Run(actions);
}

}  // namespace gramme
