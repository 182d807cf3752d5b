// What a dropped table or index leaves behind: its keyspaces and counters, and how they go.
//
// Few keys are deleted one by one. The store drops a keyspace of any size at once, but by a record
// that every later read has to look at until a compaction takes it away: too much for a table of a
// handful of items, as tests make and drop by the thousand.

#ifndef GRAMME_TABLE_KEYSPACE_REMOVAL_H_
#define GRAMME_TABLE_KEYSPACE_REMOVAL_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/status.h"
#include "storage/key.h"
#include "storage/store.h"

namespace gramme {

// Up to as many keys are deleted one by one.
inline constexpr std::size_t kFewKeyCountMax = 1000;

// Removes every key of the keyspaces and every counter in the range, durably when it returns. May
// wait for the disk; safe to repeat. Errors: the store's.
// REQUIRES: no Update writes to them any more, and those that did are durable or lost.
StoreResult<void> RemoveKeyspaces(Store& store, std::span<const std::uint64_t> keyspaces,
                                  const KeyRange& counters);

}  // namespace gramme

#endif  // GRAMME_TABLE_KEYSPACE_REMOVAL_H_
