#include "base/executor.h"

#include "base/check.h"
#include "base/thread_priority.h"

namespace gramme {

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
