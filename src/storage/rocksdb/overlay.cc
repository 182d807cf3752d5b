#include "storage/rocksdb/overlay.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace gramme {

// calloc: the pages of buckets that nobody uses take no memory.
Overlay::Overlay()
    : buckets_(static_cast<QueuedWrite**>(std::calloc(kBucketCount, sizeof(QueuedWrite*))),
               std::free) {
  GRAMME_CHECK(buckets_ != nullptr, "no memory for the overlay");
}

void Overlay::Insert(const std::shared_ptr<QueuedCommit>& commit) {
  if (commit->imported) return;
  if (commit->removal) {
    const std::lock_guard lock(removals_mutex_);
    removals_.push_back(commit);
    removal_count_ = removals_.size();
    return;
  }
  for (QueuedWrite& write : commit->writes()) {
    const std::lock_guard lock(ShardOf(write.hash).mutex);
    QueuedWrite** link = &BucketOf(write.hash);
    while (*link != nullptr && !IsSameKey(**link, write.hash, write.keyspace, write.bytes)) {
      link = &(*link)->next;
    }
    QueuedWrite* const older = *link;
    if (older != nullptr) {
      older->superseded_by.store(commit->number, std::memory_order_relaxed);
      write.next = older->next;
    }
    *link = &write;
  }
}

void Overlay::Remove(QueuedCommit& commit) {
  if (commit.imported) return;
  if (commit.removal) {
    const std::lock_guard lock(removals_mutex_);
    std::erase_if(removals_, [&](const auto& removal) { return removal->number == commit.number; });
    removal_count_ = removals_.size();
    return;
  }
  for (QueuedWrite& write : commit.writes()) {
    const std::lock_guard lock(ShardOf(write.hash).mutex);
    QueuedWrite** link = &BucketOf(write.hash);
    while (*link != nullptr && *link != &write) link = &(*link)->next;
    if (*link != nullptr) *link = write.next;
  }
}

std::shared_ptr<const QueuedCommit> Overlay::FindRemoval(const Key& key) const {
  const std::lock_guard lock(removals_mutex_);
  const auto found = std::find_if(removals_.rbegin(), removals_.rend(), [&](const auto& commit) {
    return commit->removal->Covers(key.keyspace, key.bytes);
  });
  return found == removals_.rend() ? nullptr : *found;
}

std::optional<OverlayEntry> Overlay::Find(const Key& key, std::uint64_t hash) const {
  // The removals first: one that is committed by now was preceded by whatever it removed, so the
  // entry found below cannot be older than it.
  std::shared_ptr<const QueuedCommit> removal;
  if (removal_count_ != 0) removal = FindRemoval(key);
  {
    const std::lock_guard lock(ShardOf(hash).mutex);
    const QueuedWrite* write = BucketOf(hash);
    while (write != nullptr && !IsSameKey(*write, hash, key.keyspace, key.bytes)) {
      write = write->next;
    }
    if (write != nullptr && (!removal || removal->number < write->commit->number)) {
      return OverlayEntry{.commit = write->commit->shared_from_this(), .value = write->value};
    }
  }
  if (!removal) return std::nullopt;
  return OverlayEntry{.commit = std::move(removal), .value = std::nullopt};
}

}  // namespace gramme
