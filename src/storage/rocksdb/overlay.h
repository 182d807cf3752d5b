// Overlay: the newest value of each key that is queued and not yet committed. Updates are decided
// against it; views never see it.

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
#include <unordered_map>
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
  // REQUIRES: commits are inserted in the order of their numbers.
  void Insert(const std::shared_ptr<const QueuedCommit>& commit);
  // Forgets what `commit` wrote, except where a later commit wrote the same key.
  void Remove(const QueuedCommit& commit);
  void Clear();

  // The newest queued value, or nothing where none is queued.
  std::optional<OverlayEntry> Find(const Key& key) const;

 private:
  static constexpr std::size_t kShardCount = 64;

  // Borrows its bytes from the commit of the entry that it leads to.
  struct KeyRef {
    KeyspaceId keyspace{};
    std::string_view bytes;
    std::uint64_t hash = 0;

    friend bool operator==(const KeyRef& a, const KeyRef& b) {
      return a.hash == b.hash && a.keyspace == b.keyspace && a.bytes == b.bytes;
    }
  };
  struct TakeHash {
    // The shard uses the low bits.
    std::size_t operator()(const KeyRef& key) const { return key.hash / kShardCount; }
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<KeyRef, OverlayEntry, TakeHash> entries;
  };

  static KeyRef RefOf(KeyspaceId keyspace, std::string_view bytes);
  Shard& ShardOf(const KeyRef& key) { return shards_[key.hash % kShardCount]; }
  const Shard& ShardOf(const KeyRef& key) const { return shards_[key.hash % kShardCount]; }
  std::shared_ptr<const QueuedCommit> FindRemoval(const Key& key) const;

  std::array<Shard, kShardCount> shards_;
  mutable std::mutex removals_mutex_;
  std::vector<std::shared_ptr<const QueuedCommit>> removals_;  // of ranges, by number
  std::atomic<std::size_t> removal_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_OVERLAY_H_
