#include "table/item/item_writer.h"

#include <array>
#include <utility>

#include "base/planted_bug.h"
#include "table/item/item_batch.h"
#include "table/loop_budget.h"
#include "table/store_error.h"

namespace gramme {
namespace {

// The planted bug: entries that a crash can separate from their item.
void WriteEntriesApart(Store& store, ReadTier tier, const WriteAction& action,
                       const WriteBatch& entries) {
  const std::array keys = {action.key};
  const std::array guards = {action.table->guard()};
  static_cast<void>(store.Update(
      keys, guards, {.tier = tier, .deadline = {}},
      [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return entries; }));
}

}  // namespace

ItemWrite WriteItem(Store& store, ReadTier tier, const WriteAction& action) {
  ItemWrite write{.change = ItemChange{}};
  const bool splits = BugIsPlanted("index_outside_batch");
  WriteBatch entries_apart;
  // May run again on another value: everything it sets is set anew.
  const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    if (tier == ReadTier::kMemory && values[0] && values[0]->size() > kLoopBytesMax &&
        NeedsOldItem(action)) {
      write.change = Error(ErrorCode::kRetryOnPool, "");
      return std::nullopt;
    }
    write.change = Evaluate(action, values[0]);
    write.consumption = {};
    if (!write.change) return std::nullopt;
    WriteBatch batch;
    entries_apart = {};
    const BatchPair pair = {.items = batch, .entries = splits ? entries_apart : batch};
    write.consumption = AppendChange(action, values[0], *write.change, pair);
    return batch;
  };
  const std::array keys = {action.key};
  const std::array guards = {action.table->guard()};
  const auto outcome = store.Update(keys, guards, {.tier = tier, .deadline = {}}, decide);
  if (!outcome) {
    write.change = std::unexpected(ToApiError(outcome.error()));
    write.store_failure = outcome.error().code();
    return write;
  }
  write.position = outcome->position;
  if (splits && outcome->committed) WriteEntriesApart(store, tier, action, entries_apart);
  return write;
}

}  // namespace gramme
