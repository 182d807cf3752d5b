// Live counts and sizes of a table and its indexes: `Add` counters in the store, changed in the
// same batch as the items they count. Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_COUNTERS_H_
#define GRAMME_TABLE_COUNTERS_H_

#include <cstdint>

#include "base/status.h"
#include "storage/store.h"
#include "storage/write_batch.h"

namespace gramme {

// Of the items of a table, or of the entries of one index. `bytes` are item or entry sizes as
// limits.md counts them, without the overhead that TableSizeBytes adds.
struct Counts {
  std::int64_t items = 0;
  std::int64_t bytes = 0;

  friend bool operator==(const Counts&, const Counts&) = default;
};

// Adds to the counters of what lives in `keyspace`: the items or an index of table `table_number`.
// `placement` is that of the item that changed: each group counts its own.
void AddCounts(WriteBatch& batch, std::uint64_t table_number, std::uint64_t keyspace,
               std::uint64_t placement, const Counts& delta);

// The sum over all groups, durable changes only. Errors: the store's, kCorruption.
StoreResult<Counts> ReadCounts(Store& store, ReadTier tier, std::uint64_t table_number,
                               std::uint64_t keyspace);

// What one group has counted, as `view`, a view of that group, has it.
StoreResult<Counts> ReadGroupCounts(const View& view, const Group& group,
                                    std::uint64_t table_number, std::uint64_t keyspace);

// All counters of a table.
KeyRange CounterRange(std::uint64_t table_number);

// Those of one of its keyspaces.
KeyRange CounterRange(std::uint64_t table_number, std::uint64_t keyspace);

}  // namespace gramme

#endif  // GRAMME_TABLE_COUNTERS_H_
