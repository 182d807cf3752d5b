#include "table/item/item_writer.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/planted_bug.h"
#include "table/item/item_batch.h"
#include "table/loop_budget.h"
#include "table/store_error.h"

namespace gramme {
namespace {

// The planted bugs: index entries, or log records, that a crash can separate from their item.
void WriteApart(Store& store, ReadTier tier, const WriteAction& action, const WriteBatch& apart) {
  const std::array keys = {action.key};
  const std::array guards = {action.table->guard()};
  static_cast<void>(store.Update(
      keys, guards, {.tier = tier, .deadline = {}},
      [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> { return apart; }));
}

// The planted bug: what a condition sees was read before the step that writes.
std::optional<std::string> ReadApart(Store& store, ReadTier tier, const Key& key) {
  std::optional<std::string> found;
  static_cast<void>(store.Read(key, tier, [&](std::string_view value) { found.emplace(value); }));
  return found;
}

}  // namespace

ItemWrite WriteItem(Store& store, ReadTier tier, const WriteAction& action) {
  ItemWrite write{.change = ItemChange{}};
  const bool looks_before = BugIsPlanted("condition_on_old_value");
  std::optional<std::string> old_value;
  if (looks_before) old_value = ReadApart(store, tier, action.key);
  WriteBatch apart;  // empty, but for the planted bugs
  // May run again on another value: everything it sets is set anew.
  const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
    if (tier == ReadTier::kMemory && values[0] && values[0]->size() > kLoopBytesMax &&
        NeedsOldItem(action)) {
      write.change = Error(ErrorCode::kRetryOnPool, "");
      return std::nullopt;
    }
    const CurrentValue current = looks_before ? CurrentValue(old_value) : values[0];
    write.change = Evaluate(action, current);
    write.consumption = {};
    if (!write.change) return std::nullopt;
    WriteBatch batch;
    apart = {};
    write.consumption = AppendChange(action, current, *write.change, PartsOf(batch, apart));
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
  // The planted bug: some that were written are told to be refused.
  if (BugIsPlanted("refused_after_commit") && action.condition &&
      outcome->position.commit_number() % 16 == 0) {
    write.change =
        Error(ErrorCode::kConditionalCheckFailedException, std::string(kConditionFailed));
  }
  if (outcome->committed && !apart.empty()) WriteApart(store, tier, action, apart);
  return write;
}

}  // namespace gramme
