// Counter and Gauge: single numbers that any thread may change at any time without a lock.
//
// They know neither their name nor their labels; metrics/registry.h gives them both.

#ifndef GRAMME_METRICS_COUNTER_H_
#define GRAMME_METRICS_COUNTER_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "metrics/shard.h"

namespace gramme {

// Only ever grows. Thread-safe.
class Counter {
 public:
  Counter() = default;
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  void Add(std::uint64_t amount = 1) {
    shards_[MetricShard()].value.fetch_add(amount, std::memory_order_relaxed);
  }

  // The sum of everything added before the call by this thread, and some of what others add
  // meanwhile.
  std::uint64_t Value() const {
    std::uint64_t sum = 0;
    for (const Shard& shard : shards_) sum += shard.value.load(std::memory_order_relaxed);
    return sum;
  }

 private:
  struct alignas(kCacheLineBytes) Shard {
    std::atomic<std::uint64_t> value = 0;
  };
  std::array<Shard, kMetricShardCount> shards_;
};

// Goes up and down. Thread-safe; one shared number, for things that change seldom (connections,
// queue lengths), not for every request.
class Gauge {
 public:
  Gauge() = default;
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void Set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void Add(std::int64_t amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::int64_t Value() const { return value_.load(std::memory_order_relaxed); }

 private:
  alignas(kCacheLineBytes) std::atomic<std::int64_t> value_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_METRICS_COUNTER_H_
