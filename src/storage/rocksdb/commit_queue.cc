#include "storage/rocksdb/commit_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/result.h"

namespace gramme {
namespace {

// So many commits are a round worth a write, whatever else a loop has to handle first. Each round
// costs two switches of threads and a sync: with 32, those of 256 connections are of 23 commits.
constexpr std::size_t kWakeCommitCount = 128;
// So many tables and indexes are created for one more write; what is not given out before the store
// is closed never is.
constexpr std::uint64_t kReservedKeyspaceCount = 64;

}  // namespace

CommitQueue::CommitQueue(const Clock& clock, Overlay& overlay, ReleaseGate& gate,
                         const StoreState& state, std::size_t byte_count_max)
    : clock_(clock),
      overlay_(overlay),
      gate_(gate),
      byte_count_max_(byte_count_max),
      last_number_(state.commit_number),
      last_time_(state.commit_time),
      next_keyspace_(state.next_keyspace),
      reserved_keyspace_(state.next_keyspace),
      generations_(state.generations),
      committed_generations_(state.generations) {}

StoreResult<void> CommitQueue::AdmitLocked() const {
  if (failure_) {
    return StoreError(StatusCode::kUnavailable, "the log has failed: " + failure_->message());
  }
  if (closed_) return StoreError(StatusCode::kUnavailable, "the store is closed");
  if (out_of_space_) return StoreError(StatusCode::kOutOfSpace, "the disk is full");
  if (byte_count_ >= byte_count_max_) {
    return StoreError(StatusCode::kOverloaded,
                      fmt::format("{} bytes wait to be written", byte_count_.load()));
  }
  return {};
}

StoreResult<void> CommitQueue::WaitForRoom() {
  WakeCommitter();
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] {
    const StoreResult<void> admitted = AdmitLocked();
    return admitted || admitted.error().code() != StatusCode::kOverloaded;
  });
  return AdmitLocked();
}

void CommitQueue::RaiseGenerations(QueuedCommit& commit) {
  for (const WriteBatch::Operation& operation : commit.batch.operations()) {
    if (const auto* raised = std::get_if<SetGenerationOperation>(&operation)) {
      std::uint64_t& current = generations_[raised->guard_id];
      current = std::max(current, raised->generation);
      commit.generations.emplace_back(raised->guard_id, current);
    }
  }
}

CommitQueue::Place CommitQueue::EnqueueLocked(const std::shared_ptr<QueuedCommit>& commit) {
  commit->number = ++last_number_;
  // Two commits never share a time, and a clock that steps back does not reorder them.
  commit->time = last_time_ = std::max(last_time_ + Duration(1), clock_.WallNow());
  commit->Stamp();
  if (commit->raises_generations) RaiseGenerations(*commit);
  byte_count_ += commit->byte_count();
  overlay_.Insert(commit);
  // After the overlay knows of it: whoever notes the new epoch finds the removal there.
  if (commit->removal) epoch_.fetch_add(1, std::memory_order_acq_rel);
  if (queue_.empty()) wake_owed_ = true;
  queue_.push_back(commit);
  return {.number = commit->number, .time = commit->time};
}

StoreResult<std::optional<CommitQueue::Place>> CommitQueue::Enqueue(
    const std::shared_ptr<QueuedCommit>& commit, std::span<const Guard> guards,
    std::optional<std::uint64_t> epoch_read) {
  std::unique_lock lock(mutex_);
  if (epoch_read && *epoch_read != epoch_) return std::optional<Place>();
  // Room was checked before the decision; the little that others queued since is let through.
  if (const StoreResult<void> admitted = AdmitLocked();
      !admitted && admitted.error().code() != StatusCode::kOverloaded) {
    return std::unexpected(admitted.error());
  }
  for (const Guard& guard : guards) {
    const auto found = generations_.find(guard.id);
    const std::uint64_t current = found == generations_.end() ? 0 : found->second;
    if (guard.generation < current || current == kGuardDropped) {
      return StoreError(StatusCode::kStale, fmt::format("guard {} is at generation {}, not {}",
                                                        guard.id, current, guard.generation));
    }
  }
  const Place place = EnqueueLocked(commit);
  const bool wakes_now = wake_owed_ && queue_.size() >= kWakeCommitCount;
  const bool wakes_soon = wake_owed_ && !wakes_now;
  if (wakes_now) wake_owed_ = false;
  lock.unlock();
  if (wakes_now) WakeCommitter();
  if (wakes_soon) WakeBatch::WakeSoon(work_);
  return std::optional(place);
}

StoreResult<KeyspaceId> CommitQueue::GiveKeyspace() {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(AdmitLocked());
  if (next_keyspace_ == reserved_keyspace_) {
    reserved_keyspace_ += kReservedKeyspaceCount;
    // The committer writes the record with the round, so an empty commit is enough.
    EnqueueLocked(std::make_shared<QueuedCommit>());
    WakeCommitter();
  }
  return KeyspaceId{next_keyspace_++};
}

bool CommitQueue::RunBetweenRounds(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (closed_ || failure_) return false;
  tasks_.push_back(std::move(task));
  WakeCommitter();
  return true;
}

void CommitQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  NoteRefusal();
  work_->came.notify_all();
  room_.notify_all();
}

void CommitQueue::Fail(const Status& status) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = status;
  NoteRefusal();
  work_->came.notify_all();
  room_.notify_all();
}

std::optional<Round> CommitQueue::Take(std::chrono::microseconds patience) {
  std::unique_lock lock(mutex_);
  work_->came.wait_for(lock, patience, [&] {
    return !queue_.empty() || !tasks_.empty() || closed_ || failure_.has_value();
  });
  while (!tasks_.empty()) {
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
  wake_owed_ = false;
  if (queue_.empty() || failure_) return std::nullopt;
  Round round;
  while (!queue_.empty() && round.commits.size() < kRoundCommitCountMax) {
    const QueuedCommit& next = *queue_.front();
    const bool alone = next.removal.has_value();
    const bool fits = round.byte_count + next.byte_count() <= kRoundBytesMax && !alone;
    if (!round.commits.empty() && !fits) break;
    round.byte_count += next.byte_count();
    round.commits.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  // What is left has the committer awake: it comes back for it.
  round.next_keyspace = reserved_keyspace_;
  return round;
}

bool CommitQueue::Finished() const {
  const std::lock_guard lock(mutex_);
  return tasks_.empty() && (failure_ || (closed_ && queue_.empty()));
}

void CommitQueue::Complete(const Round& round) {
  for (const auto& commit : round.commits) overlay_.Settle(commit);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& commit : round.commits) {
      for (const auto& [guard_id, generation] : commit->generations) {
        committed_generations_[guard_id] = generation;
      }
    }
    byte_count_ -= round.byte_count;
    room_.notify_all();
  }
  gate_.Advance(round.commits.back()->number);
}

void CommitQueue::Keep(Round round) {
  const std::lock_guard lock(mutex_);
  kept_.push_back(std::move(round));
}

void CommitQueue::FailForSpace(const Round& round) {
  std::uint64_t last = 0;
  {
    const std::lock_guard lock(mutex_);
    out_of_space_ = true;
    NoteRefusal();
    for (const auto& commit : round.commits) overlay_.Remove(*commit);
    for (const auto& commit : queue_) overlay_.Remove(*commit);
    queue_.clear();
    byte_count_ = 0;
    generations_ = committed_generations_;
    // Whoever read from the overlay and has not queued yet reads again.
    epoch_.fetch_add(1, std::memory_order_acq_rel);
    last = last_number_;
    room_.notify_all();
  }
  gate_.Fail(round.commits.front()->number, last,
             Status(StatusCode::kOutOfSpace, "the disk is full"));
}

void CommitQueue::ResumeForSpace() {
  const std::lock_guard lock(mutex_);
  out_of_space_ = false;
  NoteRefusal();
}

bool CommitQueue::out_of_space() const {
  const std::lock_guard lock(mutex_);
  return out_of_space_;
}

}  // namespace gramme
