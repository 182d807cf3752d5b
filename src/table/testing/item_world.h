// ItemWorld: a memory store with one table that has every kind of index, and the slow, obvious
// truth about it. For the tests of items, indexes, pages and transactions.

#ifndef GRAMME_TABLE_TESTING_ITEM_WORLD_H_
#define GRAMME_TABLE_TESTING_ITEM_WORLD_H_

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "expression/placeholders.h"
#include "model/attribute_value.h"
#include "storage/memory/memory_store.h"
#include "table/capacity/consumption.h"
#include "table/catalog.h"
#include "table/counters.h"
#include "table/item/item_writer.h"
#include "table/table.h"

namespace gramme {

struct ItemWorldOptions {
  std::size_t group_count = 1;
  StoreFaults* faults = nullptr;
  MemoryDurability durability = MemoryDurability::kImmediate;
};

// Key bytes of a keyspace and what is there.
using StoredBytes = std::map<std::string, std::string>;

// Single-threaded.
class ItemWorld {
 public:
  // A table named `Things`, key P (S) and R (N), with the local indexes `lsi` (P, L: S; KEYS_ONLY)
  // and `lsi-all` (P, M: B; ALL), and the global ones `gsi` (G: S, H: N; INCLUDE X) and `gsi-many`
  // (G and L; H and R; ALL).
  explicit ItemWorld(const ItemWorldOptions& options = {});

  MemoryStore& store() { return store_; }
  Catalog& catalog() { return catalog_; }
  SimulatedClock& clock() { return clock_; }
  const TableRef& table() const { return table_; }
  // Changes the table's description; later actions are bound to the new one.
  void EditTable(Catalog::Edit edit);
  const TableDescription& description() const { return table_->description(); }
  const IndexDescription& index(std::string_view name) const {
    return *description().FindIndex(name);
  }

  // Actions on the table, bound. They borrow from the world. REQUIRES: valid ones.
  WriteAction Put(Item item) const;
  WriteAction Delete(Item key) const;
  WriteAction Update(Item key, std::string_view expression,
                     const ExpressionAttributeValues& values = {}) const;
  WriteAction Check(Item key, std::string_view condition,
                    const ExpressionAttributeValues& values = {}) const;
  static void AddCondition(WriteAction& action, std::string_view condition,
                           const ExpressionAttributeValues& values = {});

  // Runs it; with faults, until the store takes or refuses it.
  ItemWrite Write(const WriteAction& action);

  // Everything in a keyspace, over all groups.
  StoredBytes Stored(std::uint64_t keyspace);
  // The items of the table in the order of their keys.
  std::vector<Item> Items();
  // What an index should hold, worked out from the items.
  StoredBytes ExpectedEntries(const IndexDescription& index);
  // What ReadCounts should give.
  Counts ExpectedCounts(std::uint64_t keyspace);
  Counts ReadCountsOf(std::uint64_t keyspace);
  // Every index equals f(table), every counter a recount.
  void ExpectConsistent();

  // With the key `p`, `r`, and with or without attributes of the indexes, small domains all.
  static Item RandomItem(Random& random);
  static Item RandomKey(Random& random);

 private:
  const Item* Keep(Item item) const;

  SimulatedClock clock_;
  MemoryStore store_;
  Catalog catalog_;
  TableRef table_;
  mutable std::deque<Item> kept_;  // what actions borrow
};

AttributeValue N(std::int64_t value);
inline AttributeValue S(std::string text) { return AttributeValue(std::move(text)); }

}  // namespace gramme

#endif  // GRAMME_TABLE_TESTING_ITEM_WORLD_H_
