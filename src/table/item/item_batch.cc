#include "table/item/item_batch.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/planted_bug.h"
#include "encoding/item_encoding.h"
#include "table/change_log/change_record.h"
#include "table/counters.h"
#include "table/index/index_entry.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

std::int64_t Signed(std::size_t size) { return static_cast<std::int64_t>(size); }

Counts CountsOf(const std::optional<IndexEntry>& entry) {
  if (!entry) return {};
  return {.items = 1, .bytes = Signed(entry->size_bytes)};
}

// limits.md section 7: an entry whose key changes is deleted and inserted; one that stays costs
// nothing.
double IndexUnits(const std::optional<IndexEntry>& from, const std::optional<IndexEntry>& to) {
  if (from && to && from->key == to->key) {
    if (from->value == to->value) return 0;
    return WriteUnits(std::max(from->size_bytes, to->size_bytes));
  }
  return (from ? WriteUnits(from->size_bytes) : 0) + (to ? WriteUnits(to->size_bytes) : 0);
}

void AppendIndexChange(const WriteAction& action, const IndexDescription& index,
                       const ItemChange& change, WriteBatch& batch, Consumption& consumption) {
  const TableDescription& table = action.table->description();
  const std::uint64_t placement = action.key.placement;
  std::optional<IndexEntry> from;
  std::optional<IndexEntry> to;
  if (change.old_item) from = EntryOf(table, index, placement, *change.old_item);
  if (const Item* item = NewItemOf(action, change)) to = EntryOf(table, index, placement, *item);
  if (from == to) return;
  consumption.AddIndex(index, IndexUnits(from, to));
  const Counts before = CountsOf(from);
  const Counts after = CountsOf(to);
  AddCounts(batch, table.number, index.keyspace, placement,
            {.items = after.items - before.items, .bytes = after.bytes - before.bytes});
  const bool leaves_old = BugIsPlanted("index_entry_left");
  if (from && !leaves_old && (!to || from->key != to->key)) batch.Delete(std::move(from->key));
  if (to) batch.Put(std::move(to->key), std::move(to->value));
}

void AppendExpiryChange(const WriteAction& action, const TimeToLiveDescription& time_to_live,
                        const ItemChange& change, WriteBatch& batch) {
  const std::optional<std::uint64_t>& from = change.old_expiry_second;
  std::optional<std::uint64_t> to;
  if (const Item* item = NewItemOf(action, change)) to = ExpirySecondOf(time_to_live, *item);
  if (from == to) return;
  if (from) batch.Delete(ExpiryKeyOf(time_to_live, *from, action.key));
  if (to) batch.Put(ExpiryKeyOf(time_to_live, *to, action.key), std::string());
}

void AppendLogRecord(const WriteAction& action, const CurrentValue& before,
                     const CurrentValue& after, WriteBatch& batch) {
  AppendChangeRecord({.table = *action.table,
                      .placement = action.key.placement,
                      .before = before,
                      .after = after,
                      .cause = action.cause,
                      .index_in_commit = action.index_in_commit},
                     batch);
}

}  // namespace

BatchParts PartsOf(WriteBatch& batch, WriteBatch& apart) {
  return {.items = batch,
          .entries = BugIsPlanted("index_outside_batch") ? apart : batch,
          .log = BugIsPlanted("log_outside_batch") ? apart : batch};
}

Consumption AppendChange(const WriteAction& action, const CurrentValue& current,
                         const ItemChange& change, const BatchParts& batch) {
  Consumption consumption;
  consumption.table_units = WriteUnits(std::max(change.old_size_bytes, change.new_size_bytes));
  if (action.kind == WriteKind::kConditionCheck) return consumption;
  const TableDescription& table = action.table->description();
  AddCounts(batch.items, table.number, table.keyspace, action.key.placement,
            {.items = Signed(change.exists ? 1 : 0) - Signed(change.existed ? 1 : 0),
             .bytes = Signed(change.new_size_bytes) - Signed(change.old_size_bytes)});
  if (change.exists) {
    std::string bytes = action.kind == WriteKind::kPut
                            ? action.item_bytes
                            : EncodeItem(*change.updated_item, change.new_size_bytes);
    // Nor has any index changed: entries are functions of the item. One that lacks its entry is
    // being backfilled, which will write it.
    if (current && *current == bytes) return consumption;
    AppendLogRecord(action, current, bytes, batch.log);
    batch.items.Put(action.key, std::move(bytes));
  } else if (change.existed) {
    AppendLogRecord(action, current, std::nullopt, batch.log);
    batch.items.Delete(action.key);
  }
  for (const IndexDescription& index : table.indexes) {
    if (!IsMaintained(index)) continue;
    AppendIndexChange(action, index, change, batch.entries, consumption);
  }
  if (const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(table)) {
    AppendExpiryChange(action, *time_to_live, change, batch.entries);
  }
  return consumption;
}

}  // namespace gramme
