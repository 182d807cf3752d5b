// RunQueue: requests that take much memory while they run, waiting for it: first come, first
// served. What they take is charged before they begin, so that however many come at once the
// process stays within its memory.

#ifndef GRAMME_PROTOCOL_RUN_QUEUE_H_
#define GRAMME_PROTOCOL_RUN_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "base/byte_budget.h"
#include "base/clock.h"
#include "base/executor.h"
#include "metrics/registry.h"

namespace gramme {

// What a body takes decoded: parser and tree, the parser's part only while it decodes. Long strings
// stand once in each; short ones between many marks take far more than their text.
std::size_t DecodedBytesMax(std::string_view body);

// Thread-safe. Stop the pool before it goes.
class RunQueue {
 public:
  // With the charge of the request; without one when its time is over.
  using Run = std::move_only_function<void(ByteCharge)>;

  // Keeps the references. Registers metrics: one queue per registry.
  RunQueue(Executor& pool, Clock& clock, Registry& registry, std::size_t bytes_max);
  // Who still waits is never called. Answers on their way may keep their charges.
  ~RunQueue();

  // Where there is memory now and nobody waits for it; else without a charge.
  ByteCharge TryCharge(std::size_t bytes) { return budget_->TryCharge(bytes); }
  // Calls `run` on the pool, once, when there are `bytes` for it, or all of the budget if that is
  // less; soon after `deadline` at the latest.
  void Add(std::size_t bytes, MonotonicTime deadline, Run run);

  std::size_t used_bytes() const { return budget_->used_bytes(); }

 private:
  void WatchDeadlines();

  Executor& pool_;
  Clock& clock_;
  Counter& refusals_;
  const std::shared_ptr<ByteBudget> budget_;
  std::atomic<bool> watches_deadlines_ = false;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_RUN_QUEUE_H_
