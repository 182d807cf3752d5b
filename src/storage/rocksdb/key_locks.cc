#include "storage/rocksdb/key_locks.h"

#include <xxhash.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace gramme {

std::uint64_t HashKey(KeyspaceId keyspace, std::string_view bytes) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), static_cast<std::uint64_t>(keyspace));
}

void KeyLockSet::Lock() {
  locked_ = true;
  if (more_.empty()) {
    if (only_ != nullptr) only_->mutex.lock();
    return;
  }
  more_.push_back(only_);
  std::sort(more_.begin(), more_.end(), std::less<>());
  more_.erase(std::unique(more_.begin(), more_.end()), more_.end());
  for (KeyLocks::Stripe* stripe : more_) stripe->mutex.lock();
}

void KeyLockSet::Unlock() {
  if (!std::exchange(locked_, false)) return;
  if (more_.empty()) {
    if (only_ != nullptr) only_->mutex.unlock();
    return;
  }
  for (KeyLocks::Stripe* stripe : more_) stripe->mutex.unlock();
}

}  // namespace gramme
