#include "storage/rocksdb/key_locks.h"

#include <xxhash.h>

#include <algorithm>
#include <functional>

namespace gramme {

std::uint64_t HashKey(KeyspaceId keyspace, std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), static_cast<std::uint64_t>(keyspace));
}

KeyLockSet::KeyLockSet(KeyLocks& locks, std::span<const Key> keys) {
  of_key_.reserve(keys.size());
  for (const Key& key : keys) of_key_.push_back(&locks.StripeOf(key.keyspace, key.bytes));
  sorted_ = of_key_;
  std::sort(sorted_.begin(), sorted_.end(), std::less<>());
  sorted_.erase(std::unique(sorted_.begin(), sorted_.end()), sorted_.end());
  versions_.resize(keys.size());
}

void KeyLockSet::Lock() {
  for (KeyLocks::Stripe* stripe : sorted_) stripe->mutex.lock();
  locked_ = true;
}

void KeyLockSet::Unlock() {
  if (!locked_) return;
  for (KeyLocks::Stripe* stripe : sorted_) stripe->mutex.unlock();
  locked_ = false;
}

void KeyLockSet::NoteVersions() {
  for (std::size_t i = 0; i < of_key_.size(); ++i) {
    versions_[i] = of_key_[i]->version.load(std::memory_order_acquire);
  }
}

}  // namespace gramme
