// Writing one item: one Update of the store under the guard of its table.

#ifndef GRAMME_TABLE_ITEM_ITEM_WRITER_H_
#define GRAMME_TABLE_ITEM_ITEM_WRITER_H_

#include <optional>

#include "base/status.h"
#include "model/api_error.h"
#include "storage/store.h"
#include "table/capacity/consumption.h"
#include "table/item/write_action.h"

namespace gramme {

struct ItemWrite {
  // Errors: those of Evaluate; the store's (table/store_error.h).
  Result<ItemChange> change;
  Consumption consumption = {};
  // What the outcome depends on, a refusal too; default where it depends on nothing.
  Position position = {};
  // Why the store did not take it, where it is the store's doing.
  std::optional<StatusCode> store_failure = std::nullopt;
};

// Evaluates the action on the newest item and queues what follows from it. Does not wait for the
// disk. kRetryOnPool where the item is too large to be taken apart on a network loop. REQUIRES: the
// action is bound. Thread-safe.
ItemWrite WriteItem(Store& store, ReadTier tier, const WriteAction& action);

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_ITEM_WRITER_H_
