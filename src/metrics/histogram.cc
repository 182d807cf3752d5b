#include "metrics/histogram.h"

#include <cmath>
#include <limits>

#include "base/check.h"

namespace gramme {

std::uint64_t Histogram::UpperBound(std::size_t bucket) {
  if (bucket < kBucketsPerOctave) return bucket;
  if (bucket >= kBucketCount - 1) return std::numeric_limits<std::uint64_t>::max();
  const std::size_t octave = bucket / kBucketsPerOctave + 1;
  const std::uint64_t quarter = bucket % kBucketsPerOctave;
  return ((kBucketsPerOctave + quarter + 1) << (octave - 2)) - 1;
}

Histogram::Snapshot Histogram::Read() const {
  Snapshot result;
  result.buckets.resize(kBucketCount);
  for (const Shard& shard : shards_) {
    for (std::size_t i = 0; i < kBucketCount; ++i) {
      result.buckets[i] += shard.buckets[i].load(std::memory_order_relaxed);
    }
    result.sum += shard.sum.load(std::memory_order_relaxed);
  }
  for (const std::uint64_t in_bucket : result.buckets) result.count += in_bucket;
  return result;
}

std::uint64_t Histogram::Snapshot::Quantile(double part) const {
  GRAMME_CHECK(part >= 0 && part <= 1, "a quantile is a part of the whole");
  if (count == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(count)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    seen += buckets[i];
    if (seen > 0 && seen >= wanted) return UpperBound(i);
  }
  return UpperBound(kBucketCount - 1);
}

std::uint64_t Histogram::Snapshot::CountBelowOctave(std::size_t octave) const {
  GRAMME_CHECK(octave >= 2 && octave <= kOctaveCount, "no such octave");
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kBucketsPerOctave * (octave - 1); ++i) below += buckets[i];
  return below;
}

}  // namespace gramme
