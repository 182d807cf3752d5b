#include "storage/rocksdb/overlay.h"

#include <algorithm>
#include <utility>

#include "storage/rocksdb/key_locks.h"

namespace gramme {

Overlay::KeyRef Overlay::RefOf(KeyspaceId keyspace, std::string_view bytes) {
  return {.keyspace = keyspace, .bytes = bytes, .hash = HashKey(keyspace, bytes)};
}

void Overlay::Insert(const std::shared_ptr<const QueuedCommit>& commit) {
  if (commit->imported) return;
  if (commit->removal) {
    const std::lock_guard lock(removals_mutex_);
    removals_.push_back(commit);
    removal_count_ = removals_.size();
    return;
  }
  commit->ForEachWrite(
      [&](KeyspaceId keyspace, std::string_view bytes, std::optional<std::string_view> value) {
        const KeyRef key = RefOf(keyspace, bytes);
        Shard& shard = ShardOf(key);
        const std::lock_guard lock(shard.mutex);
        const auto found = shard.entries.find(key);
        if (found == shard.entries.end()) {
          shard.entries.emplace(key, OverlayEntry{.commit = commit, .value = value});
          return;
        }
        // The key's bytes must come from the commit that stays alive.
        auto node = shard.entries.extract(found);
        node.key() = key;
        node.mapped() = OverlayEntry{.commit = commit, .value = value};
        shard.entries.insert(std::move(node));
      });
}

void Overlay::Remove(const QueuedCommit& commit) {
  if (commit.imported) return;
  if (commit.removal) {
    const std::lock_guard lock(removals_mutex_);
    std::erase_if(removals_, [&](const auto& removal) { return removal->number == commit.number; });
    removal_count_ = removals_.size();
    return;
  }
  commit.ForEachWrite(
      [&](KeyspaceId keyspace, std::string_view bytes, std::optional<std::string_view>) {
        const KeyRef key = RefOf(keyspace, bytes);
        Shard& shard = ShardOf(key);
        const std::lock_guard lock(shard.mutex);
        const auto found = shard.entries.find(key);
        if (found != shard.entries.end() && found->second.commit->number == commit.number) {
          shard.entries.erase(found);
        }
      });
}

void Overlay::Clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.entries.clear();
  }
  const std::lock_guard lock(removals_mutex_);
  removals_.clear();
  removal_count_ = 0;
}

std::shared_ptr<const QueuedCommit> Overlay::FindRemoval(const Key& key) const {
  if (removal_count_ == 0) return nullptr;
  const std::lock_guard lock(removals_mutex_);
  const auto found = std::find_if(removals_.rbegin(), removals_.rend(), [&](const auto& commit) {
    return commit->removal->Covers(key.keyspace, key.bytes);
  });
  return found == removals_.rend() ? nullptr : *found;
}

std::optional<OverlayEntry> Overlay::Find(const Key& key) const {
  std::optional<OverlayEntry> entry;
  {
    const KeyRef ref = RefOf(key.keyspace, key.bytes);
    const Shard& shard = ShardOf(ref);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(ref);
    if (found != shard.entries.end()) entry = found->second;
  }
  if (auto removal = FindRemoval(key);
      removal && (!entry || removal->number > entry->commit->number)) {
    return OverlayEntry{.commit = std::move(removal), .value = std::nullopt};
  }
  return entry;
}

}  // namespace gramme
