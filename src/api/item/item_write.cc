#include "api/item/item_write.h"

#include <utility>

#include "api/item/collection_metrics.h"
#include "api/item/consumed_capacity.h"
#include "base/result.h"

namespace gramme {

Result<FinishedWrite> FinishWrite(WriteAction action, const WriteReturns& returns,
                                  OperationContext& context) {
  GRAMME_RETURN_IF_ERROR(BindAction(action));
  FinishedWrite finished;
  GRAMME_TRY(
      finished.item_collection_metrics,
      DescribeCollection(returns.item_collection_metrics, *action.table, *action.item, context));
  ItemWrite write = WriteItem(context.engine.store, context.tier, action);
  context.DependOn(write.position);
  if (!write.change) return std::unexpected(std::move(write.change).error());
  finished.change = *std::move(write.change);
  finished.consumed_capacity =
      DescribeConsumption(returns.consumed_capacity, action.table->name(), write.consumption);
  return finished;
}

}  // namespace gramme
