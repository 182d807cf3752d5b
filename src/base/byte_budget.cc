#include "base/byte_budget.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "base/check.h"

namespace gramme {

bool ByteBudget::Take(std::size_t bytes, std::size_t bytes_max) {
  std::size_t used = used_.load();
  do {
    if (used > bytes_max || bytes > bytes_max - used) return false;
  } while (!used_.compare_exchange_weak(used, used + bytes));
  return true;
}

ByteCharge ByteBudget::TryCharge(std::size_t bytes) {
  bytes = std::min(bytes, bytes_max_);
  if (waiting_count_ > 0 || !Take(bytes, bytes_max_)) return {};
  return {shared_from_this(), bytes};
}

ByteCharge ByteBudget::ChargeTaken(std::size_t bytes) {
  if (!Take(bytes, 2 * bytes_max_)) return {};
  return {shared_from_this(), bytes};
}

void ByteBudget::Wait(std::size_t bytes, MonotonicTime deadline, Grant grant) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(
        {.bytes = std::min(bytes, bytes_max_), .deadline = deadline, .grant = std::move(grant)});
    waiting_count_ = waiting_.size();
  }
  // What came back before it was counted as waiting told nobody.
  ServeWaiting();
}

void ByteBudget::Return(std::size_t bytes) {
  const std::size_t before = used_.fetch_sub(bytes);
  GRAMME_CHECK(before >= bytes, "no more comes back than was charged");
  if (waiting_count_ > 0) ServeWaiting();
}

void ByteBudget::ServeWaiting() {
  std::unique_lock lock(mutex_);
  // Whoever serves looks again after each grant: room that comes back inside of one is seen, and
  // the stack does not grow with the queue.
  if (is_serving_) return;
  is_serving_ = true;
  while (!waiting_.empty() && Take(waiting_.front().bytes, bytes_max_)) {
    Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_count_ = waiting_.size();
    lock.unlock();
    first.grant({shared_from_this(), first.bytes});
    first.grant = nullptr;
    lock.lock();
  }
  is_serving_ = false;
}

void ByteBudget::GiveUp(MonotonicTime now) {
  if (waiting_count_ == 0) return;
  std::deque<Waiting> late;
  {
    const std::lock_guard lock(mutex_);
    const auto is_late = [&](const Waiting& waiting) { return waiting.deadline <= now; };
    const auto kept = std::ranges::stable_partition(waiting_, std::not_fn(is_late));
    std::ranges::move(kept, std::back_inserter(late));
    waiting_.erase(kept.begin(), kept.end());
    waiting_count_ = waiting_.size();
  }
  for (Waiting& waiting : late) waiting.grant({});
  // A smaller one may be the first now.
  ServeWaiting();
}

void ByteBudget::DropWaiting() {
  std::deque<Waiting> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(waiting_);
  waiting_count_ = 0;
}

void ByteCharge::Resize(std::size_t bytes) {
  GRAMME_CHECK(budget_ != nullptr, "a charge belongs to a budget");
  if (bytes > bytes_) budget_->used_.fetch_add(bytes - bytes_);
  if (bytes < bytes_) budget_->Return(bytes_ - bytes);
  bytes_ = bytes;
}

void ByteCharge::GiveBack() {
  const std::shared_ptr<ByteBudget> budget = std::move(budget_);
  const std::size_t bytes = std::exchange(bytes_, 0);
  if (bytes > 0) budget->Return(bytes);
}

}  // namespace gramme
