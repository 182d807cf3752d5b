// The part of a single-item write that PutItem, DeleteItem and UpdateItem share.

#ifndef GRAMME_API_ITEM_ITEM_WRITE_H_
#define GRAMME_API_ITEM_ITEM_WRITE_H_

#include <optional>

#include "api/item/item_shapes.h"
#include "api/operation_context.h"
#include "model/api_error.h"
#include "table/item/item_writer.h"

namespace gramme {

// What a write did, and what its answer may show besides the item.
struct FinishedWrite {
  ItemChange change;
  std::optional<ConsumedCapacity> consumed_capacity;
  std::optional<ItemCollectionMetrics> item_collection_metrics;
};

struct WriteReturns {
  std::optional<ReturnConsumedCapacity> consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> item_collection_metrics;
};

// Binds the action to its table and runs it. The answer, a refusal too, depends on what it read and
// wrote. Errors: those of BindAction and WriteItem.
Result<FinishedWrite> FinishWrite(WriteAction action, const WriteReturns& returns,
                                  OperationContext& context);

}  // namespace gramme

#endif  // GRAMME_API_ITEM_ITEM_WRITE_H_
