// Histogram: the distribution of a non-negative whole number (microseconds, bytes, items), counted
// in log-linear buckets: four equal buckets in each power of two, so that a quantile read back is
// at most a quarter above the true value.
//
// Record() is one bit scan and two relaxed additions on a cache line of the thread's own shard.

#ifndef GRAMME_METRICS_HISTOGRAM_H_
#define GRAMME_METRICS_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "metrics/shard.h"

namespace gramme {

// Thread-safe. Owns its counts; about 10 KB.
class Histogram {
 public:
  // Values from 2^kOctaveCount on share the last bucket: 134 seconds in microseconds, 134 MB.
  static constexpr std::size_t kOctaveCount = 27;
  static constexpr std::size_t kBucketsPerOctave = 4;
  // 0..3 have a bucket each; octaves 2..26 have four; one more for what is larger.
  static constexpr std::size_t kBucketCount =
      kBucketsPerOctave + (kOctaveCount - 2) * kBucketsPerOctave + 1;

  Histogram() = default;
  Histogram(const Histogram&) = delete;
  Histogram& operator=(const Histogram&) = delete;

  void Record(std::uint64_t value) {
    Shard& shard = shards_[MetricShard() % kShardCount];
    shard.buckets[BucketOf(value)].fetch_add(1, std::memory_order_relaxed);
    shard.sum.fetch_add(value, std::memory_order_relaxed);
  }

  // One reading of all buckets. Taken while others record, it may hold a value in `buckets` and not
  // yet in `sum`.
  struct Snapshot {
    std::vector<std::uint64_t> buckets;  // kBucketCount counts, not cumulative
    std::uint64_t count = 0;             // the sum of `buckets`
    std::uint64_t sum = 0;

    // The upper bound of the bucket that holds the given part of all values; 0 when there are none.
    // REQUIRES: 0 <= part <= 1.
    std::uint64_t Quantile(double part) const;
    // How many values are at most 2^octave - 1. REQUIRES: 2 <= octave <= kOctaveCount.
    std::uint64_t CountBelowOctave(std::size_t octave) const;
  };
  Snapshot Read() const;

  static constexpr std::size_t BucketOf(std::uint64_t value) {
    if (value < kBucketsPerOctave) return static_cast<std::size_t>(value);
    const auto octave = static_cast<std::size_t>(std::bit_width(value)) - 1;
    if (octave >= kOctaveCount) return kBucketCount - 1;
    const auto quarter = static_cast<std::size_t>(value >> (octave - 2)) - kBucketsPerOctave;
    return kBucketsPerOctave * (octave - 1) + quarter;
  }
  // The largest value that the bucket counts; the largest of all for the last one.
  static std::uint64_t UpperBound(std::size_t bucket);

 private:
  // Fewer than a Counter has: a shard is 13 cache lines, and two threads seldom meet on one of
  // them.
  static constexpr std::size_t kShardCount = 4;
  struct alignas(kCacheLineBytes) Shard {
    std::array<std::atomic<std::uint64_t>, kBucketCount> buckets{};
    std::atomic<std::uint64_t> sum = 0;
  };
  std::array<Shard, kShardCount> shards_;
};

}  // namespace gramme

#endif  // GRAMME_METRICS_HISTOGRAM_H_
