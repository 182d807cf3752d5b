// Overlay: the newest value of each key that is queued and not yet committed, and of keys that were
// written last. Updates are decided against it; views never see it.
//
// A hash table of fixed size whose entries are the queued writes themselves, so that neither
// inserting nor removing one allocates.
//
// A commit that is durable stays for a while, since whoever writes an item often writes it again:
// reading it here costs a tenth of reading it from RocksDB's memtable. What stays is what the
// database holds as well, for as long as it is there: whole values that were put. A later write of
// the key takes its place; what changes keys without going through here (a range that is removed,
// an import) empties it; deletions and values that may be counters do not stay, so that neither an
// Add nor an imported table can make an entry wrong.

#ifndef GRAMME_STORAGE_ROCKSDB_OVERLAY_H_
#define GRAMME_STORAGE_ROCKSDB_OVERLAY_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/key.h"
#include "storage/rocksdb/queued_commit.h"

namespace gramme {

// What is queued for a key, or was written last. Keeps its commit, and with it `value`, alive.
struct OverlayEntry {
  std::shared_ptr<const QueuedCommit> commit;
  std::optional<std::string_view> value;  // absent: the key is being removed
};

// Thread-safe; Settle is the committer's.
class Overlay {
 public:
  // Commits that are durable stay while they take at most `settled_byte_count_max`.
  explicit Overlay(std::size_t settled_byte_count_max = 0);

  // Tells an older write of the same key that it is superseded.
  // REQUIRES: commits are inserted in the order of their numbers and live until they are removed.
  void Insert(const std::shared_ptr<QueuedCommit>& commit);
  // Forgets what `commit` wrote, except where a later commit wrote the same key.
  void Remove(QueuedCommit& commit);
  // `commit` is durable: forgets what it wrote, except what stays.
  // REQUIRES: commits are settled in the order of their numbers.
  void Settle(const std::shared_ptr<QueuedCommit>& commit);

  // The newest value of the key with that HashKey(), or nothing where none is known here.
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
  void RemoveWrite(QueuedWrite& write);
  void ForgetOldestSettled();

  const std::size_t settled_byte_count_max_;
  std::array<Shard, kShardCount> shards_;
  std::unique_ptr<QueuedWrite*[], void (*)(void*)> buckets_;  // lists, under the lock of the shard
  mutable std::mutex removals_mutex_;
  std::vector<std::shared_ptr<const QueuedCommit>> removals_;  // of ranges, by number
  std::atomic<std::size_t> removal_count_ = 0;

  // The committer's alone.
  std::deque<std::shared_ptr<QueuedCommit>> settled_;  // by number
  std::size_t settled_byte_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_OVERLAY_H_
