// MemoryStore: a Store that keeps everything in memory. It serves `gramme dev` without a data
// directory, is the oracle of the suite K1, and the heart of the simulation, for which it has
// manual durability, faults, and several groups that move.
//
// Everything that store.h promises "on disk" means here: survives Crash().

#ifndef GRAMME_STORAGE_MEMORY_MEMORY_STORE_H_
#define GRAMME_STORAGE_MEMORY_MEMORY_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/memory/memory_group.h"
#include "storage/memory/memory_store_options.h"
#include "storage/store.h"

namespace gramme {

class MemoryStore : public Store {
 public:
  // REQUIRES: options.group_count > 0.
  explicit MemoryStore(const MemoryStoreOptions& options = {});
  // Releases that are still open fail with kUnknown.
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  std::vector<Group> Groups(KeyspaceId keyspace) const override;
  GroupId GroupOf(const Key& key) const override;
  StoreResult<std::unique_ptr<View>> OpenView(GroupId group, ReadTier tier) override;
  // REQUIRES: at least one key; keys and batch lie in one group; no keyspace of the batch was
  // dropped.
  StoreResult<UpdateOutcome> Update(std::span<const Key> keys, std::span<const Guard> guards,
                                    const UpdateOptions& options, Decide decide) override;
  void Release(const Position& position, ReleaseCallback done) override;
  // With manual durability: flushes up to `position`.
  StoreResult<void> Await(const Position& position) override;
  StoreResult<KeyspaceId> CreateKeyspace() override;
  StoreResult<void> DropKeyspace(KeyspaceId keyspace) override;
  StoreResult<void> Trim(KeyspaceId keyspace, const KeyRange& range) override;
  StoreResult<Position> Import(std::span<const KeyValue> entries) override;
  StoreResult<std::uint64_t> ApproximateSize(KeyspaceId keyspace, const KeyRange& range) override;
  StoreResult<ImageDescription> Freeze(std::string_view image_id,
                                       std::span<const KeyspaceId> keyspaces) override;
  StoreResult<std::unique_ptr<View>> OpenImage(std::string_view image_id, GroupId group) override;
  StoreResult<std::vector<ImageDescription>> ListImages() override;
  StoreResult<void> ReleaseImage(std::string_view image_id) override;
  StoreResult<std::unique_ptr<StoreFileCheck>> BeginFileCheck(
      std::optional<std::string_view> image_id) override;
  void OnGroupChange(std::function<void(GroupId)> gained,
                     std::function<void(GroupId)> lost) override;
  StoreResult<void> Close() override;

  // What follows is for the simulation and for tests.

  // Makes everything durable up to `up_to` in its group, and runs what waited for it. Manual only.
  void Flush(const Position& up_to);
  // The same for all that is queued.
  void FlushAll();
  // The last commit of a group, queued or durable; and the last durable one.
  Position LastCommitted(GroupId group) const;
  Position LastDurable(GroupId group) const;

  // Ends the process and opens the store again: what was queued is gone, its Releases fail with
  // kUnknown, and nobody listens to group changes. Images and keyspace ids stay. After Close, too.
  void Crash();
  // What was queued is gone and its Releases fail with `code`, as when a disk is full; the store
  // goes on.
  void FailQueued(StatusCode code);

  // The group goes to another server: what was queued is gone, every position given out fails with
  // kMoved, and so does every call until the group is gained again, with the next epoch.
  void LoseGroup(GroupId group);
  void GainGroup(GroupId group);
  // Both.
  void MoveGroup(GroupId group);

  // Versions held, for tests that nothing is kept for nobody.
  std::size_t VersionCount() const;

 private:
  MemoryGroup* Find(GroupId group) const;
  MemoryGroup& Get(GroupId group) const;
  MemoryGroup& OwnerOf(std::uint64_t placement) const;
  StoreResult<void> CheckOpen() const;
  void TellGroupChange(const std::function<void(GroupId)>& changed, GroupId group);

  const MemoryStoreOptions options_;
  std::vector<std::unique_ptr<MemoryGroup>> groups_;  // in the order of their placements

  mutable std::mutex mutex_;  // guards what follows; taken before any lock of a group
  bool is_closed_ = false;
  std::uint64_t next_keyspace_;
  std::map<std::string, ImageDescription, std::less<>> images_;
  std::function<void(GroupId)> gained_;
  std::function<void(GroupId)> lost_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_MEMORY_MEMORY_STORE_H_
