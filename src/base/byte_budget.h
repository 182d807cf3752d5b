// ByteBudget: a number of bytes that many share, charged before the memory is taken. Who finds no
// room waits: first come, first served.

#ifndef GRAMME_BASE_BYTE_BUDGET_H_
#define GRAMME_BASE_BYTE_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "base/clock.h"

namespace gramme {

class ByteBudget;

// Some bytes of a budget, given back when it goes. Move-only; keeps the budget alive.
class ByteCharge {
 public:
  ByteCharge() = default;
  ByteCharge(ByteCharge&& other) noexcept
      : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
  ByteCharge& operator=(ByteCharge&& other) noexcept {
    if (this != &other) {
      Release();
      budget_ = std::move(other.budget_);
      bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
  }
  ~ByteCharge() { Release(); }

  // Whether it belongs to a budget.
  explicit operator bool() const { return budget_ != nullptr; }
  std::size_t bytes() const { return bytes_; }
  // What is held now takes `bytes`, whether there is room or not. REQUIRES: belongs to a budget.
  void Resize(std::size_t bytes);
  // Most requests have none: that is all they pay for it.
  void Release() {
    if (budget_ != nullptr) GiveBack();
  }

 private:
  friend class ByteBudget;
  // Takes over `bytes` that were taken from `budget`.
  ByteCharge(std::shared_ptr<ByteBudget> budget, std::size_t bytes)
      : budget_(std::move(budget)), bytes_(bytes) {}
  void GiveBack();

  std::shared_ptr<ByteBudget> budget_;
  std::size_t bytes_ = 0;
};

// Thread-safe. Held by a shared pointer, because charges outlive their owners. To wait while
// holding a charge of the same budget is a deadlock: charge the most first, and shrink it later.
class ByteBudget : public std::enable_shared_from_this<ByteBudget> {
 public:
  // With the charge, or without one when the time is over. Called outside of all locks, in the
  // thread that made room or found the time over: it hands on and returns.
  using Grant = std::move_only_function<void(ByteCharge)>;

  explicit ByteBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  // Without a charge where there is no room now, or where others wait for it. Here and in Wait()
  // what wants more than all gets all, and has it alone.
  ByteCharge TryCharge(std::size_t bytes);
  // Calls `grant` once: in this call, or when those who came earlier have been served and there is
  // room; without a charge at the first GiveUp() from `deadline` on.
  void Wait(std::size_t bytes, MonotonicTime deadline, Grant grant);
  // For memory that is taken already: past those who wait, and beyond the size up to twice as much.
  ByteCharge ChargeTaken(std::size_t bytes);

  // Lets go those whose deadline has passed.
  void GiveUp(MonotonicTime now);
  // Forgets those who wait, uncalled.
  void DropWaiting();

  std::size_t bytes_max() const { return bytes_max_; }
  std::size_t used_bytes() const { return used_.load(std::memory_order_relaxed); }
  std::size_t waiting_count() const { return waiting_count_; }

 private:
  friend class ByteCharge;

  struct Waiting {
    std::size_t bytes;
    MonotonicTime deadline;
    Grant grant;
  };

  bool Take(std::size_t bytes, std::size_t bytes_max);
  void Return(std::size_t bytes);
  void ServeWaiting();

  const std::size_t bytes_max_;
  std::atomic<std::size_t> used_ = 0;
  std::atomic<std::size_t> waiting_count_ = 0;  // written under mutex_

  std::mutex mutex_;
  std::deque<Waiting> waiting_;  // guarded by mutex_
  bool is_serving_ = false;      // guarded by mutex_: a thread calls grants, one after the other
};

}  // namespace gramme

#endif  // GRAMME_BASE_BYTE_BUDGET_H_
