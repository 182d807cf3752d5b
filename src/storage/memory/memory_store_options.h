// How a memory store is made.

#ifndef GRAMME_STORAGE_MEMORY_MEMORY_STORE_OPTIONS_H_
#define GRAMME_STORAGE_MEMORY_MEMORY_STORE_OPTIONS_H_

#include <cstddef>

#include "base/clock.h"
#include "storage/memory/store_faults.h"

namespace gramme {

// kImmediate: a commit is durable at once, as far as memory goes. kManual: commits queue until
// MemoryStore::Flush or Await, and Crash loses what is queued.
enum class MemoryDurability { kImmediate, kManual };

struct MemoryStoreOptions {
  // Groups share the placement hashes equally. At least 1.
  std::size_t group_count = 1;
  MemoryDurability durability = MemoryDurability::kImmediate;
  // Of one group. Beyond it an Update is refused kOverloaded.
  std::size_t queue_byte_count_max = std::size_t{64} << 20;
  // Both outlive the store. Null: the system's clock, no faults.
  Clock* clock = nullptr;
  StoreFaults* faults = nullptr;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_MEMORY_MEMORY_STORE_OPTIONS_H_
