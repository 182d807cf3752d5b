// MemoryGroup: one group of the memory store: its entries, its queue, its guards and its gate.
//
// Two locks, taken in this order: the writer lock makes Updates one after the other; the data lock
// is held exclusively only while versions change, so that `decide` never keeps readers waiting.
// Callbacks run under neither. All methods are thread-safe.

#ifndef GRAMME_STORAGE_MEMORY_MEMORY_GROUP_H_
#define GRAMME_STORAGE_MEMORY_MEMORY_GROUP_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "storage/key.h"
#include "storage/memory/memory_store_options.h"
#include "storage/memory/version_map.h"
#include "storage/store.h"
#include "storage/write_batch.h"

namespace gramme {

class MemoryGroup {
 public:
  // Why the group answers nobody, if it does not.
  enum class State { kOwned, kLost, kClosed };

  MemoryGroup(const Group& group, const MemoryStoreOptions& options);

  Group description() const;
  GroupId id() const { return group_.id; }
  bool Owns(std::uint64_t placement) const {
    return placement >= group_.placement_first && placement <= group_.placement_last;
  }

  // As in Store.
  StoreResult<UpdateOutcome> Update(std::span<const Key> keys, std::span<const Guard> guards,
                                    const UpdateOptions& options, Decide decide);
  StoreResult<std::unique_ptr<View>> OpenView(ReadTier tier);
  void Release(const Position& position, ReleaseCallback done);
  StoreResult<void> Await(const Position& position);
  StoreResult<void> Trim(KeyspaceId keyspace, const KeyRange& range);
  StoreResult<Position> Import(std::span<const KeyValue> entries);
  // Everything queued before it is durable with it.
  StoreResult<void> Drop(KeyspaceId keyspace);

  // Keeps the durable state readable; the position and time of its last commit.
  struct PinnedState {
    Position position;
    WallTime commit_time{};
  };
  PinnedState Pin();
  void Unpin(std::uint64_t commit_number);
  // Adds a pin to a number that has one, for one more reader, and makes that reader.
  std::unique_ptr<View> OpenPinned(const Position& position, std::vector<KeyspaceId> keyspaces);

  // Everything up to `commit_number` becomes durable, and is released.
  void Flush(std::uint64_t commit_number);
  // Everything queued is lost: its positions fail with `status`.
  void FailQueued(const Status& status);
  // kLost drops what is queued and fails every position handed out so far with kMoved; kOwned after
  // it starts a new epoch. kClosed flushes.
  void SetState(State state);

  Position last_committed() const;
  Position last_durable() const;

  // For readers.
  SharedValue ReadAt(const Key& key, std::uint64_t commit_number) const;
  std::vector<VersionMap::Entry> EntriesAt(KeyspaceId keyspace, const KeyRange& range,
                                           Direction direction, std::uint64_t commit_number,
                                           std::size_t entry_count_max) const;
  std::uint64_t RangeByteCount(KeyspaceId keyspace, const KeyRange& range) const;
  std::uint64_t KeyspaceByteCount(KeyspaceId keyspace) const;
  std::size_t VersionCount() const;

  // Held while an image is made of several groups at one instant.
  std::unique_lock<std::mutex> HoldWriters() { return std::unique_lock(writer_mutex_); }

 private:
  struct QueuedCommit {
    std::uint64_t commit_number = 0;
    WallTime commit_time{};
    std::size_t byte_count = 0;
  };
  struct Failure {
    std::uint64_t commit_number_first = 0;
    Status status;
  };
  using Released = std::vector<ReleaseCallback>;

  // The values that `decide` sees, and the highest commit number among them.
  struct ReadSet {
    std::vector<SharedValue> values;
    std::uint64_t commit_number = 0;
  };

  // Callers hold the writer lock.
  ReadSet ReadNewest(std::span<const Key> keys) const;
  StoreResult<void> CheckAdmission(const UpdateOptions& options) const;
  StoreResult<void> CheckGuards(std::span<const Guard> guards) const;
  StoreResult<void> CheckCounters(const WriteBatch& batch) const;
  StoreResult<UpdateOutcome> DecideAndCommit(std::span<const Key> keys, Decide decide);
  // Runs `decide` more often than needed: on the durable values, as an Update that reads before it
  // locks may, and twice on the newest. Two answers to the same values are a bug above the store.
  void TryPurity(std::span<const Key> keys, Decide decide) const;
  // Gives the number and the time, calls `write(number)` under the data lock.
  UpdateOutcome Commit(std::size_t byte_count, FunctionRef<void(std::uint64_t)> write);
  void Apply(std::uint64_t commit_number, const WriteBatch& batch);

  // Callers hold the data lock.
  StoreResult<void> CheckOwned() const;
  Released SettleLocked(std::uint64_t commit_number);
  Released FailQueuedLocked(const Status& status);
  // What Release answers, or nothing while that is open.
  std::optional<StoreResult<void>> FateOf(const Position& position) const;

  // Frees what no reader sees any more, in slices, so that nobody waits long.
  void CollectAll();

  const Group group_;  // the epoch apart, which is epoch_
  const MemoryStoreOptions& options_;

  std::mutex writer_mutex_;
  mutable std::shared_mutex mutex_;  // guards all below; written under both locks but for releases
  VersionMap versions_;
  State state_ = State::kOwned;
  std::uint64_t epoch_ = 1;
  std::uint64_t last_number_ = 0;
  std::uint64_t durable_number_ = 0;
  WallTime last_time_{};
  WallTime durable_time_{};
  std::deque<QueuedCommit> queue_;
  std::size_t queue_byte_count_ = 0;
  std::multimap<std::uint64_t, ReleaseCallback> waiting_;
  std::map<std::uint64_t, Failure> failures_;  // by the last commit number of each
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_MEMORY_MEMORY_GROUP_H_
