// ValueCache: whole values by key, above RocksDB, so that reading a hot key costs the same in a
// table of any size. It holds keys that are there; what is absent is RocksDB's to say.
//
// Each value carries the commit number of the view in which it was read. A table of slots, shared
// by keys that hash alike, keeps the number of the newest round that wrote one of them; a smaller
// one that of the newest round that removed a range of a keyspace. A value is shown only while its
// number is below neither.
//
// Why what is shown is current: the committer raises the slots of a round once it is written and
// before it is published. So whoever can know of a round, from a view, an answer, or a value that
// somebody read, finds its slots raised, and every value from before it hidden. Nothing has to be
// erased, and a reader that was slow inserts what nobody is shown. A slot that is raised early, or
// for another key, costs a read and nothing else.
//
// What passes the slots by: imported tables, taken in only where no key is, so that no value that
// is held changes; and the store's own records, which are not held. A round that failed has
// published nothing. After a start the cache is empty.

#ifndef GRAMME_STORAGE_ROCKSDB_VALUE_CACHE_H_
#define GRAMME_STORAGE_ROCKSDB_VALUE_CACHE_H_

#include <rocksdb/cache.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "storage/key.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/store.h"

namespace gramme {

// Larger values are not held: they are copied, and few of them would be all.
inline constexpr std::size_t kCachedValueBytesMax = 64 << 10;

// A key prepared for a lookup.
struct CacheKey {
  explicit CacheKey(const Key& key)
      : keyspace(key.keyspace), hash(HashKey(key.keyspace, key.bytes)), encoded(key) {}

  KeyspaceId keyspace;
  std::uint64_t hash;
  BriefEncodedKey encoded;
};

// Thread-safe. NoteWrite and NoteRemoval are the committer's.
class ValueCache {
 public:
  // Holds at most `byte_count_max`, bookkeeping included, besides 1 MiB of slots.
  explicit ValueCache(std::size_t byte_count_max);

  // Shows `visit` the value, where it is held and current. False: not called.
  bool Show(const CacheKey& key, ValueVisitor visit) const;
  // Holds `value`, which the view with that commit number has, if the key was offered before.
  void Offer(const CacheKey& key, std::string_view value, std::uint64_t commit_number);

  // The round that ends with `commit_number` has written a key with that HashKey(), or removed keys
  // of `keyspace`. After the round is written and before it is published, rounds in their order.
  void NoteWrite(std::uint64_t key_hash, std::uint64_t commit_number);
  void NoteRemoval(KeyspaceId keyspace, std::uint64_t commit_number);

  // Nothing is shown any more.
  void Close();

  // What the values held take, bookkeeping included.
  std::size_t byte_count() const { return values_->GetUsage(); }

 private:
  // One cold write in so many hides a hot value.
  static constexpr std::size_t kSlotCount = std::size_t{1} << 16;
  static constexpr std::size_t kKeyspaceSlotCount = 64;

  // Reached through std::atomic_ref, so that it may lie in memory that nobody has touched yet.
  struct Slot {
    std::uint64_t written = 0;
    // Of the key that was offered last and not taken; 0: none. A scan offers each key once, and
    // so does not push out what is hot.
    std::uint32_t offered = 0;
  };

  Slot& SlotOf(std::uint64_t hash) const { return slots_[hash % kSlotCount]; }
  // Whether what a view with that number had is still so.
  bool IsCurrent(const CacheKey& key, std::uint64_t commit_number) const;

  const std::shared_ptr<rocksdb::Cache> values_;
  std::unique_ptr<Slot[], void (*)(void*)> slots_;
  std::array<std::atomic<std::uint64_t>, kKeyspaceSlotCount> removed_{};
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_VALUE_CACHE_H_
