#include "tests/crash/index/table_check.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/item_encoding.h"
#include "model/attribute_value.h"
#include "model/table_description.h"
#include "table/catalog_record.h"
#include "table/counters.h"
#include "table/index/index_entry.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

using Entries = std::map<std::string, std::string>;

// What a table's items make of its keyspaces.
struct Wanted {
  std::map<std::uint64_t, Entries> entries;  // by keyspace
  std::vector<Counts> counts;                // of the table, then of each index
};

StoreResult<Entries> ReadAll(const View& view, std::uint64_t keyspace) {
  Entries entries;
  const auto take = [&](std::string_view key, std::string_view value) {
    entries.emplace(key, value);
    return ScanStep::kContinue;
  };
  GRAMME_RETURN_IF_ERROR(view.Scan(KeyspaceId{keyspace}, {}, Direction::kForward, take));
  return entries;
}

StoreResult<Wanted> WorkOut(const TableDescription& table, const Entries& items) {
  Wanted wanted;
  wanted.counts.resize(table.indexes.size() + 1);
  const TimeToLiveDescription* const time_to_live = MaintainedTimeToLive(table);
  for (const auto& [bytes, value] : items) {
    GRAMME_TRY(const Item item, DecodeItem(value));
    const Key key = {.keyspace = KeyspaceId{table.keyspace},
                     .placement = ReadBigEndian64(bytes),
                     .bytes = bytes};
    std::vector<KeyValue> entries;
    AppendEntriesOf(table, key, item, ItemSizeBytes(item), entries, wanted.counts);
    const auto second =
        time_to_live == nullptr ? std::nullopt : ExpirySecondOf(*time_to_live, item);
    if (second) entries.push_back({.key = ExpiryKeyOf(*time_to_live, *second, key), .value = ""});
    for (KeyValue& entry : entries) {
      wanted.entries[static_cast<std::uint64_t>(entry.key.keyspace)].emplace(
          std::move(entry.key.bytes), std::move(entry.value));
    }
  }
  return wanted;
}

class Comparison {
 public:
  Comparison(const View& view, const Group& group, const TableDescription& table, Wanted wanted)
      : view_(view), group_(group), table_(table), wanted_(std::move(wanted)) {}

  StoreResult<TableCheck> Run() {
    GRAMME_RETURN_IF_ERROR(CompareCounts("the table", table_.keyspace, wanted_.counts[0]));
    for (std::size_t i = 0; i < table_.indexes.size(); ++i) {
      const IndexDescription& index = table_.indexes[i];
      check_.is_removing |= !IsMaintained(index);
      if (!IsMaintained(index)) continue;
      GRAMME_RETURN_IF_ERROR(CompareEntries(index.name, index.keyspace, index.backfilling));
      if (index.backfilling) continue;
      GRAMME_RETURN_IF_ERROR(CompareCounts(index.name, index.keyspace, wanted_.counts[i + 1]));
    }
    if (const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(table_)) {
      const bool is_filling = time_to_live->status == TimeToLiveStatus::kEnabling;
      GRAMME_RETURN_IF_ERROR(CompareEntries("time to live", time_to_live->keyspace, is_filling));
    }
    return std::move(check_);
  }

 private:
  StoreResult<void> CompareEntries(std::string_view name, std::uint64_t keyspace, bool is_filling) {
    check_.is_filling |= is_filling;
    GRAMME_TRY(const Entries found, ReadAll(view_, keyspace));
    const Entries& wanted = wanted_.entries[keyspace];
    std::size_t right_count = 0;
    for (const auto& [key, value] : found) {
      const auto entry = wanted.find(key);
      right_count += entry != wanted.end() && entry->second == value ? 1 : 0;
    }
    check_.entry_count += right_count;
    const std::size_t wrong_count = found.size() - right_count;
    const std::size_t missing_count = is_filling ? 0 : wanted.size() - right_count;
    if (wrong_count + missing_count > 0) {
      Report(fmt::format("{}: {} entries of {} are right, there are {} others", name, right_count,
                         wanted.size(), wrong_count));
    }
    return {};
  }

  StoreResult<void> CompareCounts(std::string_view name, std::uint64_t keyspace,
                                  const Counts& wanted) {
    GRAMME_TRY(const Counts counted, ReadGroupCounts(view_, group_, table_.number, keyspace));
    if (counted == wanted) return {};
    Report(fmt::format("{}: counted {} with {} bytes, there are {} with {} bytes", name,
                       counted.items, counted.bytes, wanted.items, wanted.bytes));
    return {};
  }

  void Report(std::string_view difference) {
    check_.differences.push_back(
        fmt::format("at commit {}, {}", view_.position().commit_number(), difference));
  }

  const View& view_;
  const Group& group_;
  const TableDescription& table_;
  Wanted wanted_;
  TableCheck check_;
};

}  // namespace

StoreResult<TableCheck> CheckTable(const View& view, const Group& group,
                                   std::string_view table_name) {
  GRAMME_TRY(const auto record, view.Get(CatalogKey(table_name)));
  if (!record) return TableCheck{.differences = {"the table is lost"}};
  GRAMME_TRY(const TableDescription table, DecodeTableDescription(*record));
  GRAMME_TRY(const Entries items, ReadAll(view, table.keyspace));
  GRAMME_TRY(Wanted wanted, WorkOut(table, items));
  GRAMME_TRY(TableCheck check, Comparison(view, group, table, std::move(wanted)).Run());
  check.item_count = items.size();
  return check;
}

}  // namespace gramme
