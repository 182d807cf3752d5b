// Which of a metric's shards the calling thread counts in. Event loops never share a cache line
// while counting; readers add the shards up.

#ifndef GRAMME_METRICS_SHARD_H_
#define GRAMME_METRICS_SHARD_H_

#include <atomic>
#include <cstddef>

namespace gramme {

// A power of two near the number of threads that count at the same time: loops, pool, committer.
// Threads beyond it share shards, which costs speed and never a count.
inline constexpr std::size_t kMetricShardCount = 8;
// What two threads must not share; std::hardware_destructive_interference_size is not stable across
// compiler flags, which a header must not depend on.
inline constexpr std::size_t kCacheLineBytes = 64;

// The same for every call of one thread. Below kMetricShardCount.
inline std::size_t MetricShard() {
  static std::atomic<std::size_t> next_thread = 0;
  thread_local const std::size_t shard =
      next_thread.fetch_add(1, std::memory_order_relaxed) % kMetricShardCount;
  return shard;
}

}  // namespace gramme

#endif  // GRAMME_METRICS_SHARD_H_
