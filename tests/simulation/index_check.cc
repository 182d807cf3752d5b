#include "tests/simulation/index_check.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/check.h"
#include "encoding/item_encoding.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

using Entries = std::map<std::string, std::string>;
using Entry = std::pair<std::string, std::string>;

Entries ReadAll(const View& view, KeyspaceId keyspace) {
  Entries entries;
  const auto scanned = view.Scan(keyspace, {}, Direction::kForward,
                                 [&](std::string_view key, std::string_view value) {
                                   entries.emplace(key, value);
                                   return ScanStep::kContinue;
                                 });
  GRAMME_CHECK(scanned.has_value(), "a scan without faults");
  return entries;
}

// What `entry_of` makes of the key and the attributes of each item.
template <typename EntryOfItem>
Entries EntriesExpected(const TableDescription& table, const Entries& base, EntryOfItem entry_of) {
  Entries expected;
  for (const auto& [key, bytes] : base) {
    const StoreResult<Item> item = DecodeItem(bytes);
    GRAMME_CHECK(item.has_value(), "a stored item can be read");
    if (auto entry = entry_of(KeyOfValidItem(table, *item), *item)) {
      expected.insert(*std::move(entry));
    }
  }
  return expected;
}

// What is wrong, in words, or nothing.
std::string Compare(const Entries& expected, const Entries& found) {
  std::size_t missing = 0;
  for (const auto& [key, value] : expected) {
    const auto entry = found.find(key);
    if (entry == found.end() || entry->second != value) ++missing;
  }
  std::size_t left_over = 0;
  for (const auto& [key, value] : found) left_over += expected.contains(key) ? 0 : 1;
  if (missing + left_over == 0) return "";
  return fmt::format("{} of {} entries missing or wrong, {} left over", missing, expected.size(),
                     left_over);
}

StoreResult<std::unique_ptr<View>> ViewOf(Store& store, const TableDescription& table) {
  return store.OpenView(store.Groups(KeyspaceId{table.keyspace}).front().id, ReadTier::kDisk);
}

}  // namespace

std::vector<std::string> FindIndexDifferences(Store& store, const TableDescription& table,
                                              const std::vector<IndexDescription>& indexes) {
  std::vector<std::string> differences;
  const auto view = ViewOf(store, table);
  if (!view) return differences;  // moved or unavailable at this moment
  const Entries base = ReadAll(**view, KeyspaceId{table.keyspace});
  for (const IndexDescription& index : indexes) {
    const auto entry_of = [&](const Key& key, const Item& item) -> std::optional<Entry> {
      auto entry = EntryOf(table, index, key.placement, item);
      if (!entry) return std::nullopt;
      return Entry(std::move(entry->key.bytes), std::move(entry->value));
    };
    const std::string difference = Compare(EntriesExpected(table, base, entry_of),
                                           ReadAll(**view, KeyspaceId{index.keyspace}));
    if (difference.empty()) continue;
    differences.push_back(fmt::format("{}.{}: {}", table.name, index.name, difference));
  }
  return differences;
}

std::vector<std::string> FindExpiryDifferences(Store& store, const TableDescription& table) {
  const auto& time_to_live = table.time_to_live;
  if (!time_to_live || time_to_live->status != TimeToLiveStatus::kEnabled) return {};
  const auto view = ViewOf(store, table);
  if (!view) return {};
  const auto entry_of = [&](const Key& key, const Item& item) -> std::optional<Entry> {
    const auto second = ExpirySecondOf(*time_to_live, item);
    if (!second) return std::nullopt;
    return Entry(ExpiryKeyOf(*time_to_live, *second, key).bytes, "");
  };
  const Entries base = ReadAll(**view, KeyspaceId{table.keyspace});
  const std::string difference = Compare(EntriesExpected(table, base, entry_of),
                                         ReadAll(**view, KeyspaceId{time_to_live->keyspace}));
  if (difference.empty()) return {};
  return {fmt::format("{}, time to live: {}", table.name, difference)};
}

}  // namespace gramme
