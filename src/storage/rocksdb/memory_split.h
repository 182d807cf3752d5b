// How the one number `--memory` is divided between caches, memtables and the commit queue.

#ifndef GRAMME_STORAGE_ROCKSDB_MEMORY_SPLIT_H_
#define GRAMME_STORAGE_ROCKSDB_MEMORY_SPLIT_H_

#include <algorithm>
#include <cstddef>
#include <optional>

namespace gramme {

// More waiting writes than this help nobody: their clients have given up.
inline constexpr std::size_t kQueueBytesMax = 64 << 20;

// The parts are the whole: nothing else in the store grows with the data or the load.
//
//   queue      commits that wait or are being written, 256 bytes counted for each besides its
//              batch; they are the overlay
//   settled    the newest of the commits that are durable, kept in the overlay for the next Updates
//              of their keys
//   memtables  the one being written and the one being flushed, their filters and arenas included:
//              RocksDB counts them, and when both are full writes wait
//   cache      blocks read, and what the indexes and filters of open tables take: below 1 % of
//              the data for items of 500 bytes, read into memory with the table and charged here.
//              Only beyond that share do they exceed it: 336 MB of cache are enough for 35 GB
//   values     whole values of hot keys; an eighth of what there is for both caches, since the
//              block of a hot key takes seven times what its value of 1 KB takes
//
// Beside them: 512 KiB of buckets, 1 MiB of slots, up to 2 MiB of the round being written, and
// while a backup is read the indexes of its image.
struct MemorySplit {
  std::size_t cache_bytes = 0;
  std::size_t value_bytes = 0;
  std::size_t memtable_bytes = 0;  // of each of two
  std::size_t queue_bytes = 0;
  std::size_t settled_bytes = 0;
};

// `cache_bytes` overrides what both caches have.
inline MemorySplit SplitMemory(std::size_t total, std::optional<std::size_t> cache_bytes) {
  MemorySplit split;
  split.queue_bytes = std::clamp<std::size_t>(total / 4, 4 << 20, kQueueBytesMax);
  // Two memtables bound what a restart replays, so they do not grow with the memory beyond this.
  split.memtable_bytes = std::clamp<std::size_t>(total / 8, 2 << 20, 32 << 20);
  // Enough for some thousand items of 1 KB. Twice as much displaces more from the processor's
  // caches than it saves, where the items that are written are few.
  split.settled_bytes = split.queue_bytes / 16;
  const std::size_t taken = split.queue_bytes + split.settled_bytes + 2 * split.memtable_bytes;
  const std::size_t left = total > taken ? total - taken : 0;
  const std::size_t both = cache_bytes.value_or(std::max<std::size_t>(left, 8 << 20));
  split.value_bytes = both / 8;
  split.cache_bytes = both - split.value_bytes;
  return split;
}

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_MEMORY_SPLIT_H_
