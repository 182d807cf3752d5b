#include "api/transaction/transact_get_items.h"

#include <utility>

#include "api/item/item_projector.h"
#include "api/item/item_rules.h"
#include "api/table/table_rules.h"
#include "api/transaction/transact_consumption.h"
#include "base/planted_bug.h"
#include "base/result.h"
#include "model/limits.h"
#include "table/item/item_key.h"
#include "table/item/item_reader.h"

namespace gramme {
namespace {

constexpr double kTransactionFactor = 2;

struct BoundGets {
  std::vector<TableRef> tables;  // one per action, as the keys
  std::vector<Key> keys;
};

// A key that is wrong is the action's fault and cancels; a table that is missing is the request's.
Result<BoundGets> BindGets(const TransactGetItemsRequest& request, const TransactGetItemsPlan& plan,
                           OperationContext& context) {
  BoundGets bound;
  std::vector<CancellationReason> reasons(request.transact_items.size());
  bool is_canceled = false;
  for (std::size_t i = 0; i < request.transact_items.size(); ++i) {
    const GetShape& get = request.transact_items[i].get;
    GRAMME_TRY(TableRef table, context.FindTable(get.table_name));
    Result<Key> key = KeyOfKey(*table, get.key);
    if (const auto checked = CheckProjection(*table, plan.projections[i]); key && !checked) {
      key = std::unexpected(checked.error());
    }
    if (key) {
      bound.keys.push_back(*std::move(key));
    } else {
      auto reason = ReasonOf(key.error());
      if (!reason) return std::unexpected(std::move(key).error());
      reasons[i] = *std::move(reason);
      is_canceled = true;
    }
    bound.tables.push_back(std::move(table));
  }
  if (is_canceled) return std::unexpected(TransactionCanceled(std::move(reasons)));
  GRAMME_RETURN_IF_ERROR(CheckTransactionKeys(context.engine.store, bound.keys));
  return bound;
}

// From the one view of the transaction; but for the planted bug, which opens one for each item.
Result<ItemRead> ReadFrom(const View& view, const Key& key, OperationContext& context) {
  if (!BugIsPlanted("view_per_item")) return ReadItem(view, key);
  GroupViews apart(context.engine.store, context.tier);
  GRAMME_TRY(const View* own, apart.ViewOf(key));
  return ReadItem(*own, key);
}

void AddUnits(std::vector<TableConsumption>& consumption, const std::string& table_name,
              double units) {
  for (TableConsumption& table : consumption) {
    if (table.table_name != table_name) continue;
    table.consumption.table_units += units;
    return;
  }
  TableConsumption& added = consumption.emplace_back();
  added.table_name = table_name;
  added.consumption.table_units = units;
}

}  // namespace

Result<TransactGetItemsPlan> TransactGetItems::Validate(const TransactGetItemsRequest& request) {
  TransactGetItemsPlan plan;
  for (const TransactGetItem& item : request.transact_items) {
    GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(item.get.table_name));
    GRAMME_TRY(auto projection, ParseProjection(item.get.projection_expression,
                                                item.get.expression_attribute_names));
    plan.projections.push_back(std::move(projection));
  }
  return plan;
}

std::vector<Access> TransactGetItems::Resources(const TransactGetItemsRequest& request,
                                                const TransactGetItemsPlan& plan) {
  std::vector<Access> access;
  for (std::size_t i = 0; i < request.transact_items.size(); ++i) {
    access.push_back({.action = "GetItem",
                      .resource = request.transact_items[i].get.table_name,
                      .attributes = AttributesOf(plan.projections[i])});
  }
  return access;
}

Result<TransactGetItemsResponse> TransactGetItems::Run(const TransactGetItemsRequest& request,
                                                       const TransactGetItemsPlan& plan,
                                                       OperationContext& context) {
  GRAMME_TRY(const BoundGets bound, BindGets(request, plan, context));
  GroupViews views(context.engine.store, context.tier);
  GRAMME_TRY(const View* view, views.ViewOf(bound.keys.front()));
  TransactGetItemsResponse response;
  std::vector<TableConsumption> consumption;
  std::size_t total_bytes = 0;
  for (std::size_t i = 0; i < bound.keys.size(); ++i) {
    GRAMME_TRY(ItemRead read, ReadFrom(*view, bound.keys[i], context));
    total_bytes += read.size_bytes;
    if (total_bytes > kTransactionBytesMax) {
      return ValidationError("The aggregate size of the items in the transaction exceeds 4 MB");
    }
    if (total_bytes > context.answer_bytes_max) return Error(ErrorCode::kRetryWithRoom, "");
    AddUnits(consumption, bound.tables[i]->name(), kTransactionFactor * ReadUnits(read.size_bytes));
    ItemResponse& answer = response.responses.emplace_back();
    if (read.item) {
      GRAMME_TRY(answer.item, ItemProjector(plan.projections[i]).Project(*std::move(read.item)));
    }
  }
  response.consumed_capacity = DescribeTableConsumption(request.return_consumed_capacity,
                                                        consumption, CapacityKind::kTransactRead);
  return response;
}

}  // namespace gramme
