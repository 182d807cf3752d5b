// KeyLocks: the isolation of Updates. Each key hashes to one of a fixed number of stripes; an
// Update holds the stripes of its keys while it decides and queues, never while it reads the disk.
//
// A stripe counts the writes queued under it, so an Update that read its keys before locking knows
// whether what it read is still the newest.

#ifndef GRAMME_STORAGE_ROCKSDB_KEY_LOCKS_H_
#define GRAMME_STORAGE_ROCKSDB_KEY_LOCKS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "storage/key.h"

namespace gramme {

// The hash that chooses stripes and shards; in memory only.
std::uint64_t HashKey(KeyspaceId keyspace, std::string_view bytes);

// Thread-safe.
class KeyLocks {
 public:
  // Many more than threads, so that two Updates of different keys seldom meet.
  static constexpr std::size_t kStripeCount = 1024;

  struct Stripe {
    std::mutex mutex;
    std::atomic<std::uint64_t> version = 0;

    // Tells readers that a key of this stripe has a newer value queued.
    void NoteWrite() { version.fetch_add(1, std::memory_order_release); }
  };

  Stripe& StripeOf(std::uint64_t key_hash) { return stripes_[key_hash % kStripeCount]; }

 private:
  std::array<Stripe, kStripeCount> stripes_;
};

// The stripes of one Update. Locked in the order of their addresses, so there is no deadlock.
// Unlocks when destroyed. Used by one thread.
class KeyLockSet {
 public:
  KeyLockSet() = default;
  ~KeyLockSet() { Unlock(); }
  KeyLockSet(const KeyLockSet&) = delete;
  KeyLockSet& operator=(const KeyLockSet&) = delete;

  // REQUIRES: not locked.
  void Add(KeyLocks::Stripe& stripe) {
    if (only_ == nullptr) {
      only_ = &stripe;
    } else {
      more_.push_back(&stripe);
    }
  }
  void Lock();
  void Unlock();

 private:
  KeyLocks::Stripe* only_ = nullptr;
  std::vector<KeyLocks::Stripe*> more_;  // with `only_` once locked, sorted, each once
  bool locked_ = false;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_KEY_LOCKS_H_
