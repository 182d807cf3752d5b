#include "storage/rocksdb/release_gate.h"

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
      waiters_.emplace(number, std::move(done));
      return;
    }
  }
  done(*std::move(outcome));
}

ReleaseGate::Waiters ReleaseGate::TakeSettled() {
  Waiters settled;
  while (!waiters_.empty() && waiters_.begin()->first <= settled_number_) {
    settled.insert(settled.end(), waiters_.extract(waiters_.begin()));
  }
  return settled;
}

void ReleaseGate::Advance(std::uint64_t number) {
  Waiters settled;
  {
    const std::lock_guard lock(mutex_);
    settled_number_ = number;
    settled = TakeSettled();
  }
  const WakeBatch one_wake_up_per_loop;
  for (auto& [waited_for, done] : settled) done(StoreResult<void>());
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
  const WakeBatch one_wake_up_per_loop;
  for (auto& [waited_for, done] : settled) done(std::unexpected(status));
}

void ReleaseGate::Stop(const Status& status) {
  Waiters left;
  {
    const std::lock_guard lock(mutex_);
    if (!stopped_) stopped_ = status;
    left.swap(waiters_);
  }
  for (auto& [waited_for, done] : left) done(std::unexpected(status));
}

}  // namespace gramme
