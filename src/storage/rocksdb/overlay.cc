#include "storage/rocksdb/overlay.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/planted_bug.h"

namespace gramme {
namespace {

// Larger commits do not stay: few of them would push out everything else.
constexpr std::size_t kSettledCommitBytesMax = 16 << 10;
// The store's counters are values of this size.
constexpr std::size_t kCounterBytes = 8;

// Whether the database holds for `write`'s key what it wrote until a later write, or what empties
// all that is settled; and an Update may ask for it.
bool MayStay(const QueuedWrite& write) {
  return write.value && write.value->size() != kCounterBytes && write.keyspace != kStoreKeyspace &&
         std::holds_alternative<PutOperation>(*write.operation) &&
         write.superseded_by.load(std::memory_order_relaxed) == 0;
}

}  // namespace

// calloc: the pages of buckets that nobody uses take no memory.
Overlay::Overlay(std::size_t settled_byte_count_max)
    : settled_byte_count_max_(settled_byte_count_max),
      buckets_(static_cast<QueuedWrite**>(std::calloc(kBucketCount, sizeof(QueuedWrite*))),
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
  for (QueuedWrite& write : commit.writes()) RemoveWrite(write);
}

void Overlay::RemoveWrite(QueuedWrite& write) {
  const std::lock_guard lock(ShardOf(write.hash).mutex);
  // Under the lock: then whoever took its place has done so.
  if (write.superseded_by.load(std::memory_order_relaxed) != 0) return;
  QueuedWrite** link = &BucketOf(write.hash);
  while (*link != nullptr && *link != &write) link = &(*link)->next;
  if (*link != nullptr) *link = write.next;
}

void Overlay::Settle(const std::shared_ptr<QueuedCommit>& commit) {
  if (commit->removal || commit->imported) {
    // Before the removal goes, which hides them until then.
    const bool leaves_them = BugIsPlanted("settled_values_left");
    while (!settled_.empty() && !leaves_them) ForgetOldestSettled();
    return Remove(*commit);
  }
  const std::size_t byte_count = commit->byte_count();
  const bool fits = byte_count <= std::min(kSettledCommitBytesMax, settled_byte_count_max_);
  bool any_stays = false;
  for (QueuedWrite& write : commit->writes()) {
    if (fits && MayStay(write)) {
      any_stays = true;
    } else {
      RemoveWrite(write);
    }
  }
  if (!any_stays) return;
  settled_.push_back(commit);
  settled_byte_count_ += byte_count;
  while (settled_byte_count_ > settled_byte_count_max_) ForgetOldestSettled();
}

void Overlay::ForgetOldestSettled() {
  Remove(*settled_.front());
  settled_byte_count_ -= settled_.front()->byte_count();
  settled_.pop_front();
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
