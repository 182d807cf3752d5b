// Overlay: the newest value of each key that is queued and not yet committed. Updates are decided
// against it; views never see it.
//
// A hash table of fixed size whose entries are the queued writes themselves, so that neither
// inserting nor removing one allocates.

#ifndef GRAMME_STORAGE_ROCKSDB_OVERLAY_H_
#define GRAMME_STORAGE_ROCKSDB_OVERLAY_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/key.h"
#include "storage/rocksdb/queued_commit.h"

namespace gramme {

// What is queued for a key. Keeps its commit, and with it `value`, alive.
struct OverlayEntry {
  std::shared_ptr<const QueuedCommit> commit;
  std::optional<std::string_view> value;  // absent: the key is being removed
};

// Thread-safe.
class Overlay {
 public:
  Overlay();

  // Tells an older write of the same key that it is superseded.
  // REQUIRES: commits are inserted in the order of their numbers and live until they are removed.
  void Insert(const std::shared_ptr<QueuedCommit>& commit);
  // Forgets what `commit` wrote, except where a later commit wrote the same key.
  void Remove(QueuedCommit& commit);

  // The newest queued value of the key with that HashKey(), or nothing where none is queued.
  std::optional<OverlayEntry> Find(const Key& key, std::uint64_t hash) const;

 private:
  static constexpr std::size_t kShardCount = 64;
  // A full queue holds some hundred thousand writes: then each bucket holds a few.
  static constexpr std::size_t kBucketCount = std::size_t{1} << 16;

  // Guards every kShardCount-th bucket.
  struct alignas(64) Shard {
    mutable std::mutex mutex;
  };

  static bool IsSameKey(const QueuedWrite& a, std::uint64_t hash, KeyspaceId keyspace,
                        std::string_view bytes) {
    return a.hash == hash && a.keyspace == keyspace && a.bytes == bytes;
  }
  const Shard& ShardOf(std::uint64_t hash) const { return shards_[hash % kShardCount]; }
  QueuedWrite*& BucketOf(std::uint64_t hash) const { return buckets_[hash % kBucketCount]; }
  std::shared_ptr<const QueuedCommit> FindRemoval(const Key& key) const;

  std::array<Shard, kShardCount> shards_;
  std::unique_ptr<QueuedWrite*[], void (*)(void*)> buckets_;  // lists, under the lock of the shard
  mutable std::mutex removals_mutex_;
  std::vector<std::shared_ptr<const QueuedCommit>> removals_;  // of ranges, by number
  std::atomic<std::size_t> removal_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_OVERLAY_H_
