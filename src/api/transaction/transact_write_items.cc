#include "api/transaction/transact_write_items.h"

#include <set>
#include <utility>

#include "api/item/collection_metrics.h"
#include "api/table/table_rules.h"
#include "api/transaction/transact_action.h"
#include "api/transaction/transact_consumption.h"
#include "base/result.h"
#include "model/limits.h"
#include "table/transaction/transaction.h"

namespace gramme {
namespace {

Result<WriteExpressions> ValidateAction(const TransactAction& action) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(action.members->table_name));
  if (action.kind == WriteKind::kPut && ItemSizeBytes(*action.item) > kItemSizeBytesMax) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  return ParseWriteExpressions(*action.members, action.update);
}

// An item or key that does not go with its table is the action's fault and cancels; a table that is
// missing is the request's.
Result<std::vector<WriteAction>> BindActions(const std::vector<TransactAction>& actions,
                                             const TransactWriteItemsPlan& plan,
                                             OperationContext& context) {
  std::vector<WriteAction> bound;
  std::vector<CancellationReason> reasons(actions.size());
  bool is_canceled = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const TransactAction& action = actions[i];
    GRAMME_TRY(const TableRef table, context.FindTable(action.members->table_name));
    WriteAction& write = bound.emplace_back(
        WriteAction{.kind = action.kind,
                    .table = table,
                    .item = action.item,
                    .condition = plan.expressions[i].condition,
                    .update = plan.expressions[i].update,
                    .size_measure = SizeMeasure::kFlat,
                    .return_item_on_failure =
                        WantsItem(action.members->return_values_on_condition_check_failure),
                    .index_in_commit = static_cast<std::uint32_t>(i)});
    const Result<void> result = BindAction(write);
    if (result) continue;
    auto reason = ReasonOf(result.error());
    if (!reason) return std::unexpected(result.error());
    reasons[i] = *std::move(reason);
    is_canceled = true;
  }
  if (is_canceled) return std::unexpected(TransactionCanceled(std::move(reasons)));
  std::vector<Key> keys;
  for (const WriteAction& write : bound) keys.push_back(write.key);
  GRAMME_RETURN_IF_ERROR(CheckTransactionKeys(context.engine.store, keys));
  return bound;
}

// By table name; each collection once.
Result<void> DescribeCollections(const TransactWriteItemsRequest& request,
                                 const std::vector<WriteAction>& writes,
                                 TransactWriteItemsResponse& response, OperationContext& context) {
  for (const WriteAction& write : writes) {
    if (write.kind == WriteKind::kConditionCheck) continue;
    GRAMME_TRY(auto metrics, DescribeCollection(request.return_item_collection_metrics,
                                                *write.table, *write.item, context));
    if (!metrics) continue;
    if (!response.item_collection_metrics) response.item_collection_metrics.emplace();
    AddCollection(*std::move(metrics), (*response.item_collection_metrics)[write.table->name()]);
  }
  return {};
}

RequestToken TokenOf(const std::string& token, const std::vector<TransactAction>& actions,
                     const std::vector<WriteAction>& writes) {
  std::vector<std::string> table_names;
  for (const WriteAction& write : writes) table_names.push_back(write.table->name());
  return {.token = token, .request_hash = HashOfActions(actions, table_names)};
}

}  // namespace

Result<TransactWriteItemsPlan> TransactWriteItems::Validate(
    const TransactWriteItemsRequest& request) {
  TransactWriteItemsPlan plan;
  for (const TransactWriteItem& item : request.transact_items) {
    GRAMME_TRY(const TransactAction action, ActionOf(item));
    GRAMME_TRY(WriteExpressions expressions, ValidateAction(action));
    plan.expressions.push_back(std::move(expressions));
  }
  return plan;
}

std::vector<Access> TransactWriteItems::Resources(const TransactWriteItemsRequest& request,
                                                  const TransactWriteItemsPlan& plan) {
  std::vector<Access> access;
  const std::vector<TransactAction> actions = ActionsOf(request.transact_items);
  for (std::size_t i = 0; i < actions.size(); ++i) {
    Access one = {.action = std::string(actions[i].access),
                  .resource = actions[i].members->table_name};
    if (actions[i].kind != WriteKind::kDelete) {
      std::set<std::string> attributes;
      plan.expressions[i].CollectAttributes(attributes);
      for (const auto& [name, value] : *actions[i].item) attributes.insert(name);
      one.attributes = ListOf(attributes);
    }
    access.push_back(std::move(one));
  }
  return access;
}

Result<TransactWriteItemsResponse> TransactWriteItems::Run(const TransactWriteItemsRequest& request,
                                                           const TransactWriteItemsPlan& plan,
                                                           OperationContext& context) {
  const std::vector<TransactAction> actions = ActionsOf(request.transact_items);
  TransactionWrite write;
  GRAMME_TRY(write.actions, BindActions(actions, plan, context));
  write.now = context.engine.clock.WallNow();
  if (request.client_request_token) {
    write.token = TokenOf(*request.client_request_token, actions, write.actions);
  }
  TransactWriteItemsResponse response;
  GRAMME_RETURN_IF_ERROR(DescribeCollections(request, write.actions, response, context));
  TransactionOutcome outcome = RunTransaction(context.engine.store, context.tier, write);
  context.DependOn(outcome.position);
  GRAMME_RETURN_IF_ERROR(std::move(outcome.result));
  response.consumed_capacity = DescribeTableConsumption(
      request.return_consumed_capacity, outcome.consumption,
      outcome.is_replay ? CapacityKind::kTransactRead : CapacityKind::kTransactWrite);
  return response;
}

}  // namespace gramme
