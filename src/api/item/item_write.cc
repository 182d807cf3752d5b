#include "api/item/item_write.h"

#include <utility>

#include "api/item/collection_metrics.h"
#include "api/item/consumed_capacity.h"
#include "base/result.h"

namespace gramme {

Result<FinishedWrite> RunWrite(WriteKind kind, const SingleWriteRequest& request, const Item& item,
                               const WriteExpressions& plan, OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  WriteAction action = {
      .kind = kind,
      .table = table,
      .item = &item,
      .condition = plan.condition,
      .update = plan.update,
      .return_item_on_failure = WantsItem(request.return_values_on_condition_check_failure),
      .return_old_item = request.return_values == ReturnValue::kAllOld};
  GRAMME_RETURN_IF_ERROR(BindAction(action));
  FinishedWrite finished;
  GRAMME_TRY(finished.response.item_collection_metrics,
             DescribeCollection(request.return_item_collection_metrics, *table, item, context));
  ItemWrite write = WriteItem(context.engine.store, context.tier, action);
  context.DependOn(write.position);
  if (!write.change) return std::unexpected(std::move(write.change).error());
  finished.change = *std::move(write.change);
  finished.response.consumed_capacity =
      DescribeConsumption(request.return_consumed_capacity, table->name(), write.consumption);
  return finished;
}

}  // namespace gramme
