#include "api/batch/batch_get_item.h"

#include <map>
#include <set>
#include <utility>

#include "api/item/consumed_capacity.h"
#include "api/item/item_projector.h"
#include "api/item/item_rules.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/limits.h"
#include "table/item/item_key.h"
#include "table/item/item_reader.h"

namespace gramme {
namespace {

// Decimal megabytes: only with them are 52 items of 300 KB the most of 100, as the developer guide
// says.
constexpr std::size_t kAnswerBytesMax = 16'000'000;
static_assert(kAnswerBytesMax <= kBatchGetBytesMax);

// Of one partition, that is, of the items with one partition key.
constexpr std::size_t kPartitionBytesMax = 1024 * 1024;

// The keys of one table, in the order of the request.
struct TableKeys {
  TableRef table;
  std::string name_as_sent;
  std::vector<Key> keys;
};

Result<std::vector<TableKeys>> BindKeys(const BatchGetItemRequest& request,
                                        const BatchGetItemPlan& plan,
                                        const OperationContext& context) {
  std::vector<TableKeys> bound;
  std::set<Key> distinct;
  for (const auto& [name, wanted] : request.request_items) {
    GRAMME_TRY(const TableRef table, context.FindTable(name));
    TableKeys& keys = bound.emplace_back(TableKeys{table, name, {}});
    for (const Item& attributes : wanted.keys) {
      GRAMME_TRY(Key key, KeyOfKey(*table, attributes));
      if (!distinct.insert(key).second) {
        return ValidationError("Provided list of item keys contains duplicates");
      }
      keys.keys.push_back(std::move(key));
    }
    GRAMME_RETURN_IF_ERROR(CheckProjection(*table, plan.projections.at(name)));
  }
  return bound;
}

// Makes one answer. Lives for one run.
class BatchRead {
 public:
  BatchRead(const BatchGetItemRequest& request, const BatchGetItemPlan& plan,
            OperationContext& context)
      : request_(request),
        plan_(plan),
        room_bytes_(context.answer_bytes_max),
        views_(context.engine.store, context.tier) {}

  Result<BatchGetItemResponse> Run(const std::vector<TableKeys>& tables) {
    for (const TableKeys& keys : tables) GRAMME_RETURN_IF_ERROR(ReadTable(keys));
    return std::move(response_);
  }

 private:
  Result<void> ReadTable(const TableKeys& keys) {
    const KeysAndAttributes& wanted = request_.request_items.at(keys.name_as_sent);
    const ItemProjector projector(plan_.projections.at(keys.name_as_sent));
    const double share = wanted.consistent_read.value_or(false) ? 1 : 0.5;
    std::vector<EncodedItem>& answers = response_.responses[keys.name_as_sent];
    Consumption consumption;
    for (std::size_t i = 0; i < keys.keys.size(); ++i) {
      ItemRead read;
      std::size_t& partition_bytes = partition_bytes_[PartitionOf(keys.keys[i])];
      const bool may_fit = !is_full_ && partition_bytes < kPartitionBytesMax;
      if (may_fit) {
        GRAMME_TRY(const View* view, views_.ViewOf(keys.keys[i]));
        GRAMME_TRY(read, ReadItem(*view, keys.keys[i]));
        is_full_ = answer_bytes_ + read.size_bytes > kAnswerBytesMax;
      }
      if (!may_fit || is_full_ || partition_bytes + read.size_bytes > kPartitionBytesMax) {
        // Nothing more of this partition, so that what comes back goes on where it was left.
        partition_bytes = kPartitionBytesMax;
        AddUnprocessed(keys.name_as_sent, wanted, wanted.keys[i]);
        continue;
      }
      partition_bytes += read.size_bytes;
      answer_bytes_ += read.size_bytes;
      if (answer_bytes_ > room_bytes_) return Error(ErrorCode::kRetryWithRoom, "");
      consumption.table_units += ReadUnits(read.size_bytes) * share;
      if (read.item) {
        GRAMME_TRY(answers.emplace_back(), projector.Project(*std::move(read.item)));
      }
    }
    auto described =
        DescribeConsumption(request_.return_consumed_capacity, keys.table->name(), consumption);
    if (described) {
      if (!response_.consumed_capacity) response_.consumed_capacity.emplace();
      response_.consumed_capacity->push_back(*std::move(described));
    }
    return {};
  }

  // In the form in which it was asked for.
  void AddUnprocessed(const std::string& name, const KeysAndAttributes& wanted, const Item& key) {
    const auto [rest, is_new] = response_.unprocessed_keys.try_emplace(name);
    if (is_new) {
      rest->second.attributes_to_get = wanted.attributes_to_get;
      rest->second.consistent_read = wanted.consistent_read;
      rest->second.projection_expression = wanted.projection_expression;
      rest->second.expression_attribute_names = wanted.expression_attribute_names;
    }
    rest->second.keys.push_back(key);
  }

  // By placement: the hash of the partition key.
  static std::pair<KeyspaceId, std::uint64_t> PartitionOf(const Key& key) {
    return {key.keyspace, key.placement};
  }

  const BatchGetItemRequest& request_;
  const BatchGetItemPlan& plan_;
  const std::size_t room_bytes_;
  GroupViews views_;
  BatchGetItemResponse response_;
  std::map<std::pair<KeyspaceId, std::uint64_t>, std::size_t> partition_bytes_;
  std::size_t answer_bytes_ = 0;
  bool is_full_ = false;
};

}  // namespace

Result<void> BatchGetItem::ValidateParameters(const BatchGetItemRequest& request) {
  for (const auto& [name, wanted] : request.request_items) {
    GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(name));
    GRAMME_RETURN_IF_ERROR(ValidateProjectionStyle(
        wanted.projection_expression, wanted.expression_attribute_names, wanted.attributes_to_get));
  }
  return {};
}

Result<BatchGetItemPlan> BatchGetItem::Validate(const BatchGetItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  BatchGetItemPlan plan;
  std::size_t key_count = 0;
  for (const auto& [name, wanted] : request.request_items) {
    key_count += wanted.keys.size();
    GRAMME_TRY(plan.projections[name],
               ParseProjection(wanted.projection_expression, wanted.expression_attribute_names,
                               wanted.attributes_to_get));
  }
  if (key_count > kBatchGetKeyCountMax) {
    return ValidationError("Too many items requested for the BatchGetItem call");
  }
  return plan;
}

std::vector<Access> BatchGetItem::Resources(const BatchGetItemRequest&,
                                            const BatchGetItemPlan& plan) {
  std::vector<Access> access;
  for (const auto& [name, projection] : plan.projections) {
    access.push_back(
        {.action = "BatchGetItem", .resource = name, .attributes = AttributesOf(projection)});
  }
  return access;
}

Result<BatchGetItemResponse> BatchGetItem::Run(const BatchGetItemRequest& request,
                                               const BatchGetItemPlan& plan,
                                               OperationContext& context) {
  GRAMME_TRY(const std::vector<TableKeys> tables, BindKeys(request, plan, context));
  return BatchRead(request, plan, context).Run(tables);
}

}  // namespace gramme
