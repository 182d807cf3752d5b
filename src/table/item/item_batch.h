// From the change of an item to everything that the store writes for it: the item, its index
// entries, the counters; and what that costs. Pure.

#ifndef GRAMME_TABLE_ITEM_ITEM_BATCH_H_
#define GRAMME_TABLE_ITEM_ITEM_BATCH_H_

#include "storage/write_batch.h"
#include "table/capacity/consumption.h"
#include "table/item/write_action.h"

namespace gramme {

// Where the parts of one decision's writes go. All name the same batch, except with the planted
// bugs `index_outside_batch` and `log_outside_batch`.
struct BatchParts {
  WriteBatch& items;
  WriteBatch& entries;
  WriteBatch& log;
};

// All `batch`, but for what a planted bug puts `apart`.
BatchParts PartsOf(WriteBatch& batch, WriteBatch& apart);

// Appends the writes of `change`, made by Evaluate of the action on `current`, and returns the
// write units. What stays the same, item or entry, is not written. A condition check writes nothing
// and costs what it read.
Consumption AppendChange(const WriteAction& action, const CurrentValue& current,
                         const ItemChange& change, const BatchParts& batch);

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_ITEM_BATCH_H_
