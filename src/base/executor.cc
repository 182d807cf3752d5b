#include "base/executor.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

#include "base/check.h"

namespace gramme {
namespace {

// As the kernel has it (sched_setattr(2)); the C library does not.
struct SchedulingAttributes {
  std::uint32_t size;
  std::uint32_t policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime_ns;
  std::uint64_t deadline_ns;
  std::uint64_t period_ns;
};

// The shortest that the kernel takes.
constexpr std::uint64_t kSliceNs = 100'000;

// Of the calling thread alone. A low priority is not enough: a thread that has begun its slice of
// some milliseconds keeps it although a more important one has become ready, so the slices are made
// short as well (Linux 6.12 and later; earlier ones take the priority and ignore the slice).
void YieldToOthers(int niceness) {
  const SchedulingAttributes attributes = {
      .size = sizeof(SchedulingAttributes), .policy = 0, .flags = 0, .nice = niceness,
      .priority = 0, .runtime_ns = kSliceNs, .deadline_ns = 0, .period_ns = 0};
  if (::syscall(SYS_sched_setattr, 0, &attributes, 0) == 0) return;
  // Where this is refused, too, the thread is as others.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness));
}

}  // namespace

ThreadPool::ThreadPool(std::size_t thread_count, int niceness) {
  GRAMME_CHECK(thread_count > 0, "a pool needs a thread");
  threads_.reserve(thread_count);
  for (std::size_t i = 0; i < thread_count; ++i) {
    threads_.emplace_back([this, niceness] {
      if (niceness != 0) YieldToOthers(niceness);
      RunThread();
    });
  }
}

ThreadPool::~ThreadPool() { Stop(); }

void ThreadPool::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    ready_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void ThreadPool::PostAfter(Duration delay, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    delayed_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
  }
  wake_.notify_one();
}

void ThreadPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void ThreadPool::RunThread() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto now = std::chrono::steady_clock::now();
    while (!delayed_.empty() && delayed_.begin()->first <= now) {
      ready_.push_back(std::move(delayed_.begin()->second));
      delayed_.erase(delayed_.begin());
    }
    if (!ready_.empty()) {
      Task task = std::move(ready_.front());
      ready_.pop_front();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    } else if (stopping_) {
      return;
    } else if (delayed_.empty()) {
      wake_.wait(lock);
    } else {
      const auto next = delayed_.begin()->first;
      wake_.wait_until(lock, next);
    }
  }
}

bool SimulatedExecutor::RunOne() {
  if (ready_.empty()) {
    if (delayed_.empty()) return false;
    const auto first = delayed_.begin();
    if (first->first > clock_.MonotonicNow()) {
      clock_.Advance(first->first - clock_.MonotonicNow());
    }
    ready_.push_back(std::move(first->second));
    delayed_.erase(first);
  }
  const std::size_t chosen = random_.Below(ready_.size());
  Task task = std::move(ready_[chosen]);
  ready_[chosen] = std::move(ready_.back());
  ready_.pop_back();
  task();
  return true;
}

bool SimulatedExecutor::RunUntilIdle(std::size_t step_count_max) {
  for (std::size_t i = 0; i < step_count_max; ++i) {
    if (!RunOne()) return true;
  }
  return ready_.empty() && delayed_.empty();
}

void SimulatedExecutor::Clear() {
  ready_.clear();
  delayed_.clear();
}

}  // namespace gramme
