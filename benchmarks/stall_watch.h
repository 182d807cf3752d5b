// StallWatch: when the whole machine stood still. One thread on each core, before everything else
// that runs, wakes every other millisecond; where all of them woke late at once, no core ran
// anybody: a virtual machine that its host has stopped.

#ifndef GRAMME_BENCHMARKS_STALL_WATCH_H_
#define GRAMME_BENCHMARKS_STALL_WATCH_H_

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace gramme {

class StallWatch {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Span = std::pair<Time, Time>;

  // Watches until Stop(). Without the right to a real-time priority it sees nothing.
  StallWatch();
  ~StallWatch() { Stop(); }
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

  void Stop();
  // In order, apart from each other. REQUIRES: stopped.
  std::vector<Span> Stalls() const;

 private:
  void Watch(int core, std::vector<Span>& late);

  std::atomic<bool> stopping_ = false;
  std::vector<std::vector<Span>> late_;  // of each core
  std::vector<std::thread> threads_;
};

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_STALL_WATCH_H_
