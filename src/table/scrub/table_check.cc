#include "table/scrub/table_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/item_encoding.h"
#include "encoding/key_encoding.h"
#include "table/change_log/change_record.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

ScrubFinding Finding(std::string place, std::string_view key, std::string problem) {
  return {
      .place = std::move(place), .problem = std::move(problem), .key_hash = HashOfPartition(key)};
}

std::string PlaceOf(const TableDescription& table) { return "table " + table.name; }
std::string PlaceOf(const TableDescription& table, const IndexDescription& index) {
  return fmt::format("table {}, index {}", table.name, index.name);
}

// Where a part's entries belong, by keyspace; of parts that are complete.
using Places = std::map<KeyspaceId, std::string>;

Places CompletePlaces(const TableDescription& table) {
  Places places;
  for (TablePart& part : PartsOf(table)) {
    if (!part.is_filling) places.emplace(part.keyspace, std::move(part.place));
  }
  return places;
}

StoreResult<void> CheckImages(const ChangeRecord& record) {
  if (!record.keys.empty()) GRAMME_RETURN_IF_ERROR(DecodeAttributes(record.keys));
  if (!record.new_image.empty()) GRAMME_RETURN_IF_ERROR(DecodeItem(record.new_image));
  if (!record.old_image.empty()) GRAMME_RETURN_IF_ERROR(DecodeItem(record.old_image));
  return {};
}

StoreResult<void> CheckRecord(std::string_view key, std::string_view value) {
  GRAMME_RETURN_IF_ERROR(PositionOfLogKey(key));
  GRAMME_TRY(const ChangeRecord record, DecodeChangeRecord(value));
  return CheckImages(record);
}

}  // namespace

std::vector<TablePart> PartsOf(const TableDescription& table) {
  std::vector<TablePart> parts;
  parts.push_back({.keyspace = KeyspaceId{table.keyspace}, .range = {}, .place = PlaceOf(table)});
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const IndexDescription& index = table.indexes[i];
    if (!IsMaintained(index)) continue;
    parts.push_back({.kind = TablePart::Kind::kIndex,
                     .number = i,
                     .keyspace = KeyspaceId{index.keyspace},
                     .range = {},
                     .is_filling = index.backfilling,
                     .place = PlaceOf(table, index)});
  }
  if (const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(table)) {
    parts.push_back({.kind = TablePart::Kind::kTimeToLive,
                     .keyspace = KeyspaceId{time_to_live->keyspace},
                     .range = {},
                     .is_filling = time_to_live->status == TimeToLiveStatus::kEnabling,
                     .place = PlaceOf(table) + ", time to live"});
  }
  if (!table.change_log) return parts;
  for (std::size_t i = 0; i < table.change_log->shards.size(); ++i) {
    parts.push_back({.kind = TablePart::Kind::kChangeLog,
                     .number = i,
                     .keyspace = KeyspaceId{table.change_log->keyspace},
                     .range = LogShardRange(table.change_log->shards[i].number),
                     .place = PlaceOf(table) + ", change log"});
  }
  return parts;
}

StoreResult<TableCheck::Page> TableCheck::ReadPage(const TablePart& part, const std::string& start,
                                                   const CheckLimits& limits) {
  Page page;
  std::size_t byte_count = 0;
  const auto take = [&](std::string_view key, std::string_view value) {
    byte_count += key.size() + value.size();
    page.entries.push_back({.key = std::string(key), .value = std::string(value)});
    const bool is_full = page.entries.size() >= limits.count_max || byte_count >= limits.bytes_max;
    if (is_full) page.next = page.entries.back().key + '\0';
    return is_full ? ScanStep::kStop : ScanStep::kContinue;
  };
  const KeyRange range = {.start = std::max(start, part.range.start), .end = part.range.end};
  GRAMME_RETURN_IF_ERROR(view_.Scan(part.keyspace, range, Direction::kForward, take));
  totals_.byte_count += byte_count;
  return page;
}

StoreResult<std::optional<std::string>> TableCheck::CheckPage(const TablePart& part,
                                                              const std::string& start,
                                                              const CheckLimits& limits,
                                                              Counted& counted,
                                                              FindingSink report) {
  GRAMME_TRY(Page page, ReadPage(part, start, limits));
  switch (part.kind) {
    case TablePart::Kind::kItems:
      GRAMME_RETURN_IF_ERROR(CheckItems(page, counted, report));
      break;
    case TablePart::Kind::kIndex:
      GRAMME_RETURN_IF_ERROR(CheckIndex(part, page, report));
      break;
    case TablePart::Kind::kTimeToLive:
      GRAMME_RETURN_IF_ERROR(CheckExpiry(part, page, report));
      break;
    case TablePart::Kind::kChangeLog:
      CheckLog(part, page, report);
      break;
  }
  return std::move(page.next);
}

// That each entry is there. Whether it is right is looked at where it lies.
StoreResult<void> TableCheck::CheckItems(const Page& page, Counted& counted, FindingSink report) {
  const TableDescription& table = table_.description();
  const Places places = CompletePlaces(table);
  const TimeToLiveDescription* const time_to_live = MaintainedTimeToLive(table);
  std::vector<KeyValue> entries;
  for (const Entry& stored : page.entries) {
    ++totals_.item_count;
    const StoreResult<Item> item = DecodeItem(stored.value);
    const Result<Key> key = item ? KeyOfItem(table_, *item) : Result<Key>(Key{});
    if (!item || !key || key->bytes != stored.key) {
      counted.is_known = false;
      report(Finding(PlaceOf(table), stored.key,
                     !item ? "an item cannot be read: " + item.error().message()
                           : "an item lies under a key that is not its own"));
      continue;
    }
    AppendEntriesOf(table, *key, *item, ItemSizeBytes(*item), entries, counted.counts);
    const auto second =
        time_to_live == nullptr ? std::nullopt : ExpirySecondOf(*time_to_live, *item);
    if (second) entries.push_back({.key = ExpiryKeyOf(*time_to_live, *second, *key), .value = ""});
  }
  std::vector<Key> keys;
  for (KeyValue& entry : entries) {
    if (places.contains(entry.key.keyspace)) keys.push_back(std::move(entry.key));
  }
  GRAMME_TRY(const auto found, view_.MultiGet(keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i]) continue;
    report(Finding(places.at(keys[i].keyspace), keys[i].bytes, "an item lacks its entry"));
  }
  return {};
}

StoreResult<void> TableCheck::CheckIndex(const TablePart& part, const Page& page,
                                         FindingSink report) {
  const TableDescription& table = table_.description();
  const IndexDescription& index = table.indexes[part.number];
  std::vector<const Entry*> entries;
  std::vector<Key> keys;
  for (const Entry& stored : page.entries) {
    const StoreResult<StoredIndexEntry> opened = OpenIndexEntry(stored.value);
    const StoreResult<Item> attributes =
        opened ? opened->attributes.Decode() : std::unexpected(opened.error());
    if (!attributes) {
      report(Finding(part.place, stored.key,
                     "an entry cannot be read: " + attributes.error().message()));
      continue;
    }
    Result<Key> key = KeyOfItem(table_, *attributes);
    if (!key) {
      report(Finding(part.place, stored.key, "an entry names no item"));
      continue;
    }
    entries.push_back(&stored);
    keys.push_back(*std::move(key));
  }
  GRAMME_TRY(const auto items, view_.MultiGet(keys));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!items[i]) {
      report(Finding(part.place, entries[i]->key, "an entry belongs to no item"));
      continue;
    }
    const StoreResult<Item> item = DecodeItem(*items[i]);
    if (!item) continue;  // a finding of the items
    const auto wanted = EntryOf(table, index, keys[i].placement, *item);
    if (wanted && wanted->key.bytes == entries[i]->key && wanted->value == entries[i]->value) {
      ++totals_.entry_count;
    } else {
      report(Finding(part.place, entries[i]->key, "an entry is not what its item makes of it"));
    }
  }
  return {};
}

StoreResult<void> TableCheck::CheckExpiry(const TablePart& part, const Page& page,
                                          FindingSink report) {
  const TableDescription& table = table_.description();
  std::vector<const Entry*> entries;
  std::vector<ExpiryEntry> named;
  std::vector<Key> keys;
  for (const Entry& stored : page.entries) {
    StoreResult<ExpiryEntry> entry = ExpiryEntryOf(table, stored.key);
    if (!entry || !stored.value.empty()) {
      report(Finding(part.place, stored.key, "an entry cannot be read"));
      continue;
    }
    entries.push_back(&stored);
    keys.push_back(entry->base_key);
    named.push_back(*std::move(entry));
  }
  GRAMME_TRY(const auto items, view_.MultiGet(keys));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!items[i]) {
      report(Finding(part.place, entries[i]->key, "an entry belongs to no item"));
      continue;
    }
    const StoreResult<Item> item = DecodeItem(*items[i]);
    if (!item) continue;
    if (ExpirySecondOf(*table.time_to_live, *item) == named[i].second) {
      ++totals_.entry_count;
    } else {
      report(Finding(part.place, entries[i]->key, "an entry is not what its item makes of it"));
    }
  }
  return {};
}

void TableCheck::CheckLog(const TablePart& part, const Page& page, FindingSink report) {
  for (const Entry& stored : page.entries) {
    ++totals_.record_count;
    const StoreResult<void> checked = CheckRecord(stored.key, stored.value);
    if (checked) continue;
    report(Finding(part.place, stored.key,
                   "a change record cannot be read: " + checked.error().message()));
  }
}

StoreResult<void> TableCheck::CheckCounts(const Group& group, const Counted& counted,
                                          FindingSink report) {
  const TableDescription& table = table_.description();
  const auto compare = [&](std::string place, std::uint64_t keyspace,
                           const Counts& found) -> StoreResult<void> {
    GRAMME_TRY(const Counts kept, ReadGroupCounts(view_, group, table.number, keyspace));
    if (kept == found) return {};
    report({.place = std::move(place),
            .problem = fmt::format("{} with {} bytes are counted, {} with {} bytes are there",
                                   kept.items, kept.bytes, found.items, found.bytes),
            .key_hash = std::nullopt});
    return {};
  };
  if (!counted.is_known) return {};
  GRAMME_RETURN_IF_ERROR(compare(PlaceOf(table), table.keyspace, counted.counts[0]));
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const IndexDescription& index = table.indexes[i];
    if (!IsMaintained(index) || index.backfilling) continue;
    GRAMME_RETURN_IF_ERROR(compare(PlaceOf(table, index), index.keyspace, counted.counts[i + 1]));
  }
  return {};
}

StoreResult<void> TableCheck::CheckAll(const Group& group, FindingSink report) {
  Counted counted(table_.description());
  for (const TablePart& part : PartsOf(table_.description())) {
    std::optional<std::string> start = part.range.start;
    while (start) {
      GRAMME_TRY(start, CheckPage(part, *start, CheckLimits(), counted, report));
    }
  }
  return CheckCounts(group, counted, report);
}

}  // namespace gramme
