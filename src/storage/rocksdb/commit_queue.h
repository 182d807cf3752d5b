// CommitQueue: where commits get their number, their time and their order, between the Updates that
// decide them and the committer that writes them.

#ifndef GRAMME_STORAGE_ROCKSDB_COMMIT_QUEUE_H_
#define GRAMME_STORAGE_ROCKSDB_COMMIT_QUEUE_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "base/wake_batch.h"
#include "storage/key.h"
#include "storage/rocksdb/overlay.h"
#include "storage/rocksdb/queued_commit.h"
#include "storage/rocksdb/release_gate.h"
#include "storage/rocksdb/store_records.h"

namespace gramme {

// What one synced write takes: enough to share the price of a sync, little enough to be quick.
inline constexpr std::size_t kRoundBytesMax = 1 << 20;
inline constexpr std::size_t kRoundCommitCountMax = 4096;

// The commits of one synced write, in order.
struct Round {
  std::vector<std::shared_ptr<QueuedCommit>> commits;
  std::size_t byte_count = 0;
  // No commit of the round names a keyspace from here on.
  std::uint64_t next_keyspace = 0;
};

// Thread-safe. One thread, the committer, calls what is below "The committer's side".
class CommitQueue {
 public:
  // Keeps references. `state` is what the database holds.
  CommitQueue(const Clock& clock, Overlay& overlay, ReleaseGate& gate, const StoreState& state,
              std::size_t byte_count_max);

  // Changes when what Updates have read may no longer hold although no key was written: a range was
  // removed, or commits that they saw queued have failed.
  std::uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }

  // Why nothing can be queued now, or success. Errors: kOverloaded, kOutOfSpace, kUnavailable.
  StoreResult<void> Admit() const {
    if (!refuses_.load(std::memory_order_relaxed) &&
        byte_count_.load(std::memory_order_relaxed) < byte_count_max_) {
      return {};
    }
    const std::lock_guard lock(mutex_);
    return AdmitLocked();
  }
  // Wakes the committer for what is queued, also inside a WakeBatch: before waiting for it.
  void WakeCommitter() { work_->Wake(); }

  // Waits until it is admitted or can never be: not for network threads.
  StoreResult<void> WaitForRoom();

  struct Place {
    std::uint64_t number = 0;
    WallTime time{};
  };
  // Gives `commit` its place, unless a guard is older than the group's (kStale) or nothing can be
  // queued. Nothing (not an error) when the epoch is no longer `epoch_read`: read again.
  // REQUIRES: `commit` is prepared. Inside a WakeBatch the committer may sleep until that closes,
  // so that what a network loop handles in one go becomes one round.
  StoreResult<std::optional<Place>> Enqueue(const std::shared_ptr<QueuedCommit>& commit,
                                            std::span<const Guard> guards,
                                            std::optional<std::uint64_t> epoch_read);
  // An id that no later call gets. Ids are reserved some at a time, in a commit before any that can
  // name one of them. Errors: as Admit().
  StoreResult<KeyspaceId> GiveKeyspace();

  // Runs `task` on the committer between two rounds, soon. False when the store is closed.
  bool RunBetweenRounds(std::function<void()> task);

  // Refuses everything from now on; what is queued is still committed.
  void Close();
  // The log has failed: refuses everything, and nothing queued is ever taken.
  void Fail(const Status& status);

  // ---- The committer's side ----

  // Runs tasks, then takes what is queued, up to a round, waiting for it at most `patience`.
  // Nothing: there was none.
  std::optional<Round> Take(std::chrono::microseconds patience);
  // Whether it is closed, or has failed, and has nothing left to take.
  bool Finished() const;
  // The round is durable: its overlay entries go or settle, then its callbacks fire.
  void Complete(const Round& round);
  // The log has failed: whether the round is durable nobody knows. Updates that are being decided
  // still read it, and are never released.
  void Keep(Round round);
  // The round and everything queued behind it will never be, for lack of space.
  void FailForSpace(const Round& round);
  // There is space again.
  void ResumeForSpace();
  bool out_of_space() const;

 private:
  StoreResult<void> AdmitLocked() const;
  Place EnqueueLocked(const std::shared_ptr<QueuedCommit>& commit);
  void RaiseGenerations(QueuedCommit& commit);
  // After `out_of_space_`, `closed_` or `failure_` changed.
  void NoteRefusal() { refuses_ = out_of_space_ || closed_ || failure_.has_value(); }

  const Clock& clock_;
  Overlay& overlay_;
  ReleaseGate& gate_;
  const std::size_t byte_count_max_;
  std::atomic<std::uint64_t> epoch_ = 0;
  // Changed under the lock.
  std::atomic<bool> refuses_ = false;
  std::atomic<std::size_t> byte_count_ = 0;  // of the queue and of the round being written

  mutable std::mutex mutex_;
  // Outlives the queue where a thread is about to wake the committer.
  struct Work final : Sleeper {
    void Wake() override { came.notify_one(); }
    std::condition_variable came;
  };
  const std::shared_ptr<Work> work_ = std::make_shared<Work>();
  std::condition_variable room_;
  std::deque<std::shared_ptr<QueuedCommit>> queue_;
  bool wake_owed_ = false;  // nobody has woken the committer for what is queued
  std::vector<Round> kept_;
  std::deque<std::function<void()>> tasks_;
  std::uint64_t last_number_;
  WallTime last_time_;
  std::uint64_t next_keyspace_;
  std::uint64_t reserved_keyspace_;  // what a store that is opened again gives next
  std::unordered_map<std::uint64_t, std::uint64_t> generations_;            // queued ones included
  std::unordered_map<std::uint64_t, std::uint64_t> committed_generations_;  // durable ones
  bool out_of_space_ = false;
  bool closed_ = false;
  std::optional<Status> failure_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_COMMIT_QUEUE_H_
