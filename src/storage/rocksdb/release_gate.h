// ReleaseGate: who waits for which commit to be durable, and what became of each commit.

#ifndef GRAMME_STORAGE_ROCKSDB_RELEASE_GATE_H_
#define GRAMME_STORAGE_ROCKSDB_RELEASE_GATE_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/status.h"
#include "storage/store.h"

namespace gramme {

// Thread-safe. Callbacks run outside its lock, on the thread that settles their commit.
class ReleaseGate {
 public:
  // Commits up to `durable_number` are durable.
  explicit ReleaseGate(std::uint64_t durable_number) : settled_number_(durable_number) {}

  // Calls `done` once, inside this call when the outcome of `number` is known.
  void Release(std::uint64_t number, ReleaseCallback done);

  // Everything up to `number` that did not fail is durable.
  void Advance(std::uint64_t number);
  // The commits [first, last] will never be. REQUIRES: first follows what is settled.
  void Fail(std::uint64_t first, std::uint64_t last, const Status& status);
  // Nothing more is settled: whoever waits, now or later, gets `status`.
  void Stop(const Status& status);

 private:
  struct FailedRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    Status status;
  };
  struct Waiter {
    std::uint64_t number = 0;
    ReleaseCallback done;
  };
  // In the order of their numbers.
  using Waiters = std::vector<Waiter>;

  // The outcome of `number`, if it is known. Under the lock.
  std::optional<StoreResult<void>> OutcomeOf(std::uint64_t number) const;
  Waiters TakeSettled();
  static void Tell(Waiters& settled, const StoreResult<void>& outcome);

  mutable std::mutex mutex_;
  std::uint64_t settled_number_;
  // One range for each time that the disk filled up.
  std::vector<FailedRange> failed_;
  std::optional<Status> stopped_;
  Waiters waiters_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_RELEASE_GATE_H_
