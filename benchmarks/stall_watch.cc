#include "benchmarks/stall_watch.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cstddef>

namespace gramme {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(2);
constexpr auto kLate = std::chrono::milliseconds(3);
constexpr int kPriority = 50;

std::vector<StallWatch::Span> Common(const std::vector<StallWatch::Span>& a,
                                     const std::vector<StallWatch::Span>& b) {
  std::vector<StallWatch::Span> common;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const StallWatch::Span both = {std::max(a[i].first, b[j].first),
                                   std::min(a[i].second, b[j].second)};
    if (both.second - both.first >= kLate) common.push_back(both);
    if (a[i].second < b[j].second) {
      ++i;
    } else {
      ++j;
    }
  }
  return common;
}

}  // namespace

StallWatch::StallWatch() {
  const sched_param priority = {.sched_priority = kPriority};
  sched_param old{};
  int old_policy = 0;
  pthread_getschedparam(pthread_self(), &old_policy, &old);
  if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority) != 0) return;
  pthread_setschedparam(pthread_self(), old_policy, &old);
  cpu_set_t cores;
  sched_getaffinity(0, sizeof(cores), &cores);
  late_.resize(static_cast<std::size_t>(CPU_COUNT(&cores)));
  for (int core = 0; threads_.size() < late_.size(); ++core) {
    if (!CPU_ISSET(core, &cores)) continue;
    threads_.emplace_back([this, core, &late = late_[threads_.size()]] { Watch(core, late); });
  }
}

void StallWatch::Watch(int core, std::vector<Span>& late) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(core, &only);
  pthread_setaffinity_np(pthread_self(), sizeof(only), &only);
  const sched_param priority = {.sched_priority = kPriority};
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
  for (Time slept = std::chrono::steady_clock::now(); !stopping_;) {
    std::this_thread::sleep_for(kInterval);
    const Time woken = std::chrono::steady_clock::now();
    if (woken - slept >= kInterval + kLate) late.emplace_back(slept + kInterval, woken);
    slept = woken;
  }
}

void StallWatch::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<StallWatch::Span> StallWatch::Stalls() const {
  if (late_.empty()) return {};
  std::vector<Span> common = late_.front();
  for (const std::vector<Span>& late : late_) common = Common(common, late);
  return common;
}

}  // namespace gramme
