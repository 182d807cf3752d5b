#include "storage/rocksdb/release_gate.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/wake_batch.h"

namespace gramme {

std::optional<StoreResult<void>> ReleaseGate::OutcomeOf(std::uint64_t number) const {
  if (number > settled_number_) {
    if (stopped_) return std::unexpected(*stopped_);
    return std::nullopt;
  }
  for (const FailedRange& range : failed_) {
    if (number >= range.first && number <= range.last) return std::unexpected(range.status);
  }
  return StoreResult<void>();
}

void ReleaseGate::Release(std::uint64_t number, ReleaseCallback done) {
  std::optional<StoreResult<void>> outcome;
  {
    const std::lock_guard lock(mutex_);
    outcome = OutcomeOf(number);
    if (!outcome) {
      // Numbers mostly rise: then this is the end.
      auto after = waiters_.end();
      while (after != waiters_.begin() && std::prev(after)->number > number) --after;
      waiters_.insert(after, {.number = number, .done = std::move(done)});
      return;
    }
  }
  done(*std::move(outcome));
}

ReleaseGate::Waiters ReleaseGate::TakeSettled() {
  const auto first_left = std::partition_point(
      waiters_.begin(), waiters_.end(),
      [this](const Waiter& waiter) { return waiter.number <= settled_number_; });
  Waiters left(std::make_move_iterator(first_left), std::make_move_iterator(waiters_.end()));
  waiters_.erase(first_left, waiters_.end());
  waiters_.swap(left);
  return left;
}

void ReleaseGate::Tell(Waiters& settled, const StoreResult<void>& outcome) {
  const WakeBatch one_wake_up_per_loop;
  for (Waiter& waiter : settled) waiter.done(outcome);
}

void ReleaseGate::Advance(std::uint64_t number) {
  Waiters settled;
  {
    const std::lock_guard lock(mutex_);
    settled_number_ = number;
    settled = TakeSettled();
  }
  Tell(settled, StoreResult<void>());
}

void ReleaseGate::Fail(std::uint64_t first, std::uint64_t last, const Status& status) {
  Waiters settled;
  {
    const std::lock_guard lock(mutex_);
    settled_number_ = last;
    if (!failed_.empty() && failed_.back().last + 1 == first) {
      failed_.back().last = last;
    } else {
      failed_.push_back({.first = first, .last = last, .status = status});
    }
    settled = TakeSettled();
  }
  Tell(settled, std::unexpected(status));
}

void ReleaseGate::Stop(const Status& status) {
  Waiters left;
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) stopped_ = status;
    left.swap(waiters_);
  }
  Tell(left, std::unexpected(status));
}

}  // namespace gramme
