#include "tests/simulation/index_check.h"

#include <fmt/format.h>

#include <map>

#include "base/check.h"
#include "encoding/item_encoding.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

using Entries = std::map<std::string, std::string>;

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

Entries EntriesExpected(const TableDescription& table, const IndexDescription& index,
                        const Entries& base) {
  Entries expected;
  for (const auto& [key, bytes] : base) {
    const StoreResult<Item> item = DecodeItem(bytes);
    GRAMME_CHECK(item.has_value(), "a stored item can be read");
    auto entry = EntryOf(table, index, KeyOfValidItem(table, *item).placement, *item);
    if (entry) expected.emplace(std::move(entry->key.bytes), std::move(entry->value));
  }
  return expected;
}

}  // namespace

std::vector<std::string> FindIndexDifferences(Store& store, const TableDescription& table,
                                              const std::vector<IndexDescription>& indexes) {
  std::vector<std::string> differences;
  const auto view =
      store.OpenView(store.Groups(KeyspaceId{table.keyspace}).front().id, ReadTier::kDisk);
  if (!view) return differences;  // moved or unavailable at this moment
  const Entries base = ReadAll(**view, KeyspaceId{table.keyspace});
  for (const IndexDescription& index : indexes) {
    const Entries expected = EntriesExpected(table, index, base);
    const Entries found = ReadAll(**view, KeyspaceId{index.keyspace});
    std::size_t missing = 0;
    for (const auto& [key, value] : expected) {
      const auto entry = found.find(key);
      if (entry == found.end() || entry->second != value) ++missing;
    }
    std::size_t left_over = 0;
    for (const auto& [key, value] : found) left_over += expected.contains(key) ? 0 : 1;
    if (missing + left_over == 0) continue;
    differences.push_back(fmt::format("{}.{}: {} of {} entries missing or wrong, {} left over",
                                      table.name, index.name, missing, expected.size(), left_over));
  }
  return differences;
}

}  // namespace gramme
