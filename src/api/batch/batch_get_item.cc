#include "api/batch/batch_get_item.h"

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
      if (!is_full_) {
        GRAMME_TRY(const View* view, views_.ViewOf(keys.keys[i]));
        GRAMME_TRY(read, ReadItem(*view, keys.keys[i]));
        is_full_ = answer_bytes_ + read.size_bytes > kAnswerBytesMax;
      }
      if (is_full_) {
        AddUnprocessed(keys.name_as_sent, wanted, i);
        break;
      }
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

  // The keys from `first` on.
  void AddUnprocessed(const std::string& name, const KeysAndAttributes& wanted, std::size_t first) {
    KeysAndAttributes rest = wanted;
    rest.keys.erase(rest.keys.begin(), rest.keys.begin() + static_cast<std::ptrdiff_t>(first));
    response_.unprocessed_keys.emplace(name, std::move(rest));
  }

  const BatchGetItemRequest& request_;
  const BatchGetItemPlan& plan_;
  const std::size_t room_bytes_;
  GroupViews views_;
  BatchGetItemResponse response_;
  std::size_t answer_bytes_ = 0;
  bool is_full_ = false;
};

}  // namespace

Result<BatchGetItemPlan> BatchGetItem::Validate(const BatchGetItemRequest& request) {
  BatchGetItemPlan plan;
  std::size_t key_count = 0;
  for (const auto& [name, wanted] : request.request_items) {
    GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(name));
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
