// Executor: where work runs. Threads come through this interface only, so that the simulation can
// run a whole server in one thread from one seed.

#ifndef GRAMME_BASE_EXECUTOR_H_
#define GRAMME_BASE_EXECUTOR_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"

namespace gramme {

using Task = std::move_only_function<void()>;

class Executor {
 public:
  virtual ~Executor() = default;
  // Runs `task` later, once, not inside this call. Thread-safe.
  virtual void Post(Task task) = 0;
  // The same, not before `delay` has passed on the executor's clock.
  virtual void PostAfter(Duration delay, Task task) = 0;
};

// A fixed number of threads. Delayed tasks that are not due when it stops are dropped; posted ones
// are run.
class ThreadPool : public Executor {
 public:
  // `niceness`: how much less than others the threads get where there is not enough for all, 0 to
  // 19 as in nice(1). REQUIRES: thread_count > 0.
  explicit ThreadPool(std::size_t thread_count, int niceness = 0);
  // Stops as Stop() does.
  ~ThreadPool() override;

  void Post(Task task) override;
  void PostAfter(Duration delay, Task task) override;

  // Runs what was posted, then joins the threads. Tasks posted afterwards are dropped. Idempotent.
  // REQUIRES: not called from a thread of the pool.
  void Stop();

 private:
  void RunThread();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> ready_;
  std::multimap<std::chrono::steady_clock::time_point, Task> delayed_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Runs tasks in the calling thread, in an order drawn from a seed. Time stands still while there is
// ready work and jumps to the next delayed task when there is none. Not thread-safe.
class SimulatedExecutor : public Executor {
 public:
  // Keeps references: both outlive the executor.
  SimulatedExecutor(SimulatedClock& clock, Random& random) : clock_(clock), random_(random) {}

  void Post(Task task) override { ready_.push_back(std::move(task)); }
  void PostAfter(Duration delay, Task task) override {
    delayed_.emplace(clock_.MonotonicNow() + delay, std::move(task));
  }

  // Runs one task. False when there was none, delayed ones included.
  bool RunOne();
  // Runs until nothing is left, at most `step_count_max` tasks. True when nothing is left.
  bool RunUntilIdle(std::size_t step_count_max = 1'000'000);
  // Forgets all work, as a crash does.
  void Clear();

 private:
  SimulatedClock& clock_;
  Random& random_;
  std::vector<Task> ready_;
  std::multimap<MonotonicTime, Task> delayed_;
};

}  // namespace gramme

#endif  // GRAMME_BASE_EXECUTOR_H_
