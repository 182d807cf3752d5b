#include "storage/memory/memory_group.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/result.h"
#include "storage/memory/memory_view.h"

namespace gramme {
namespace {

constexpr std::size_t kCollectedPerCommit = 32;
constexpr std::size_t kCollectedPerSlice = 1024;

}  // namespace

MemoryGroup::MemoryGroup(const Group& group, const MemoryStoreOptions& options)
    : group_(group), options_(options), epoch_(group.epoch) {}

Group MemoryGroup::description() const {
  const std::shared_lock data(mutex_);
  Group described = group_;
  described.epoch = epoch_;
  return described;
}

StoreResult<void> MemoryGroup::CheckOwned() const {
  if (state_ == State::kClosed) return StoreError(StatusCode::kUnavailable, "the store is closed");
  if (state_ == State::kLost) return StoreError(StatusCode::kMoved, "the group is elsewhere");
  return {};
}

StoreResult<std::unique_ptr<View>> MemoryGroup::OpenView(ReadTier tier) {
  const std::unique_lock data(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOwned());
  versions_.Pin(durable_number_);
  return std::make_unique<MemoryView>(*this, Position(group_.id, epoch_, durable_number_), tier,
                                      options_.faults, std::nullopt);
}

MemoryGroup::PinnedState MemoryGroup::Pin() {
  const std::unique_lock data(mutex_);
  versions_.Pin(durable_number_);
  return PinnedState{.position = Position(group_.id, epoch_, durable_number_),
                     .commit_time = durable_time_};
}

std::unique_ptr<View> MemoryGroup::OpenPinned(const Position& position,
                                              std::vector<KeyspaceId> keyspaces) {
  const std::unique_lock data(mutex_);
  versions_.Pin(position.commit_number());
  return std::make_unique<MemoryView>(*this, position, ReadTier::kDisk, nullptr,
                                      std::move(keyspaces));
}

void MemoryGroup::Unpin(std::uint64_t commit_number) {
  {
    const std::unique_lock data(mutex_);
    versions_.Unpin(commit_number);
  }
  CollectAll();
}

void MemoryGroup::CollectAll() {
  for (bool more = true; more;) {
    const std::unique_lock data(mutex_);
    more = versions_.Collect(kCollectedPerSlice);
  }
}

UpdateOutcome MemoryGroup::Commit(std::size_t byte_count, FunctionRef<void(std::uint64_t)> write) {
  const WallTime now = options_.clock->WallNow();
  const std::unique_lock data(mutex_);
  const std::uint64_t number = ++last_number_;
  last_time_ = std::max(last_time_ + Duration(1), now);
  if (options_.durability == MemoryDurability::kImmediate) {
    // Settled first: nothing can fail from here on, and older versions can go with the write.
    durable_number_ = number;
    durable_time_ = last_time_;
    versions_.Settle(number);
  } else {
    queue_.push_back(
        QueuedCommit{.commit_number = number, .commit_time = last_time_, .byte_count = byte_count});
    queue_byte_count_ += byte_count;
  }
  write(number);
  versions_.Collect(kCollectedPerCommit);
  return UpdateOutcome{.committed = true,
                       .position = Position(group_.id, epoch_, number),
                       .commit_time = last_time_};
}

void MemoryGroup::Release(const Position& position, ReleaseCallback done) {
  std::optional<StoreResult<void>> fate;
  {
    const std::unique_lock data(mutex_);
    fate = FateOf(position);
    if (!fate) waiting_.emplace(position.commit_number(), std::move(done));
  }
  if (fate) done(*fate);
}

std::optional<StoreResult<void>> MemoryGroup::FateOf(const Position& position) const {
  if (state_ == State::kLost || position.epoch() != epoch_) {
    return StoreError(StatusCode::kMoved, "the group is elsewhere");
  }
  GRAMME_CHECK(position.commit_number() <= last_number_, "a position that was never given out");
  const auto failure = failures_.lower_bound(position.commit_number());
  if (failure != failures_.end() &&
      position.commit_number() >= failure->second.commit_number_first) {
    return std::unexpected(failure->second.status);
  }
  if (position.commit_number() <= durable_number_) return StoreResult<void>();
  return std::nullopt;
}

StoreResult<void> MemoryGroup::Await(const Position& position) {
  if (options_.durability == MemoryDurability::kManual) Flush(position.commit_number());
  // Decided by now: nothing up to the position is queued any more.
  const std::shared_lock data(mutex_);
  const std::optional<StoreResult<void>> fate = FateOf(position);
  GRAMME_CHECK(fate.has_value(), "flushed, and still open");
  return *fate;
}

StoreResult<void> MemoryGroup::Trim(KeyspaceId keyspace, const KeyRange& range) {
  const std::lock_guard writer(writer_mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOwned());
  Commit(0, [&](std::uint64_t number) { versions_.DeleteRange(number, keyspace, range); });
  return {};
}

StoreResult<Position> MemoryGroup::Import(std::span<const KeyValue> entries) {
  std::size_t byte_count = 0;
  for (const KeyValue& entry : entries) {
    GRAMME_CHECK(Owns(entry.key.placement), "an import into two groups");
    byte_count += entry.key.bytes.size() + entry.value.size();
  }
  bool is_full = false;
  {
    const std::shared_lock data(mutex_);
    is_full =
        queue_byte_count_ > 0 && queue_byte_count_ + byte_count > options_.queue_byte_count_max;
  }
  // With manual durability nobody else would make room.
  if (is_full) Flush(last_committed().commit_number());
  const std::lock_guard writer(writer_mutex_);
  GRAMME_RETURN_IF_ERROR(CheckOwned());
  const UpdateOutcome outcome = Commit(byte_count, [&](std::uint64_t number) {
    for (const KeyValue& entry : entries) {
      versions_.Write(number, entry.key.keyspace, entry.key.bytes,
                      std::make_shared<const std::string>(entry.value));
    }
  });
  return outcome.position;
}

StoreResult<void> MemoryGroup::Drop(KeyspaceId keyspace) {
  Released released;
  {
    const std::lock_guard writer(writer_mutex_);
    GRAMME_RETURN_IF_ERROR(CheckOwned());
    const UpdateOutcome outcome = Commit(0, [](std::uint64_t) {});
    const std::unique_lock data(mutex_);
    released = SettleLocked(outcome.position.commit_number());
    versions_.Drop(outcome.position.commit_number(), keyspace);
  }
  for (ReleaseCallback& done : released) done({});
  CollectAll();
  return {};
}

MemoryGroup::Released MemoryGroup::SettleLocked(std::uint64_t commit_number) {
  Released released;
  while (!queue_.empty() && queue_.front().commit_number <= commit_number) {
    durable_number_ = queue_.front().commit_number;
    durable_time_ = queue_.front().commit_time;
    queue_byte_count_ -= queue_.front().byte_count;
    queue_.pop_front();
  }
  versions_.Settle(durable_number_);
  while (!waiting_.empty() && waiting_.begin()->first <= durable_number_) {
    released.push_back(std::move(waiting_.begin()->second));
    waiting_.erase(waiting_.begin());
  }
  return released;
}

MemoryGroup::Released MemoryGroup::FailQueuedLocked(const Status& status) {
  Released failed;
  if (!queue_.empty()) {
    failures_.emplace(last_number_, Failure{.commit_number_first = queue_.front().commit_number,
                                            .status = status});
  }
  queue_.clear();
  queue_byte_count_ = 0;
  versions_.UndoUnsettled();
  for (auto& [number, done] : waiting_) failed.push_back(std::move(done));
  waiting_.clear();
  return failed;
}

void MemoryGroup::Flush(std::uint64_t commit_number) {
  Released released;
  {
    const std::unique_lock data(mutex_);
    released = SettleLocked(commit_number);
  }
  for (ReleaseCallback& done : released) done({});
  CollectAll();
}

void MemoryGroup::FailQueued(const Status& status) {
  Released failed;
  {
    const std::lock_guard writer(writer_mutex_);
    const std::unique_lock data(mutex_);
    failed = FailQueuedLocked(status);
  }
  for (ReleaseCallback& done : failed) done(std::unexpected(status));
  CollectAll();
}

void MemoryGroup::SetState(State state) {
  const Status moved(StatusCode::kMoved, "the group is elsewhere");
  Released failed;
  Released released;
  {
    const std::lock_guard writer(writer_mutex_);
    const std::unique_lock data(mutex_);
    if (state == State::kLost) failed = FailQueuedLocked(moved);
    if (state == State::kClosed) released = SettleLocked(last_number_);
    if (state == State::kOwned && state_ == State::kLost) ++epoch_;
    state_ = state;
  }
  for (ReleaseCallback& done : failed) done(std::unexpected(moved));
  for (ReleaseCallback& done : released) done({});
}

Position MemoryGroup::last_committed() const {
  const std::shared_lock data(mutex_);
  return {group_.id, epoch_, last_number_};
}

Position MemoryGroup::last_durable() const {
  const std::shared_lock data(mutex_);
  return {group_.id, epoch_, durable_number_};
}

SharedValue MemoryGroup::ReadAt(const Key& key, std::uint64_t commit_number) const {
  const std::shared_lock data(mutex_);
  return versions_.ReadAt(key.keyspace, key.bytes, commit_number);
}

std::vector<VersionMap::Entry> MemoryGroup::EntriesAt(KeyspaceId keyspace, const KeyRange& range,
                                                      Direction direction,
                                                      std::uint64_t commit_number,
                                                      std::size_t entry_count_max) const {
  const std::shared_lock data(mutex_);
  return versions_.EntriesAt(keyspace, range, direction, commit_number, entry_count_max);
}

std::uint64_t MemoryGroup::RangeByteCount(KeyspaceId keyspace, const KeyRange& range) const {
  const std::shared_lock data(mutex_);
  return versions_.RangeByteCount(keyspace, range);
}

std::uint64_t MemoryGroup::KeyspaceByteCount(KeyspaceId keyspace) const {
  const std::shared_lock data(mutex_);
  return versions_.KeyspaceByteCount(keyspace);
}

std::size_t MemoryGroup::VersionCount() const {
  const std::shared_lock data(mutex_);
  return versions_.VersionCount();
}

}  // namespace gramme
