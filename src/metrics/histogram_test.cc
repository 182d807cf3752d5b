#include "metrics/histogram.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>
#include <vector>

namespace gramme {
namespace {

TEST(HistogramTest, EveryBucketBeginsWhereTheLastOneEnds) {
  for (std::size_t bucket = 0; bucket + 1 < Histogram::kBucketCount; ++bucket) {
    const std::uint64_t last = Histogram::UpperBound(bucket);
    EXPECT_EQ(Histogram::BucketOf(last), bucket);
    EXPECT_EQ(Histogram::BucketOf(last + 1), bucket + 1);
  }
  EXPECT_EQ(Histogram::BucketOf(std::numeric_limits<std::uint64_t>::max()),
            Histogram::kBucketCount - 1);
}

TEST(HistogramTest, QuantileIsAtMostAQuarterAboveTheValue) {
  for (std::uint64_t value = 1; value < 1'000'000; value = value * 9 / 8 + 1) {
    Histogram histogram;
    histogram.Record(value);
    const std::uint64_t read = histogram.Read().Quantile(0.5);
    EXPECT_GE(read, value);
    EXPECT_LE(read, value + value / 4);
  }
}

TEST(HistogramTest, QuantilesOfAMixture) {
  Histogram histogram;
  for (int i = 0; i < 99; ++i) histogram.Record(1);
  histogram.Record(1000);
  const Histogram::Snapshot snapshot = histogram.Read();
  EXPECT_EQ(snapshot.count, 100U);
  EXPECT_EQ(snapshot.sum, 1099U);
  EXPECT_EQ(snapshot.Quantile(0), 1U);
  EXPECT_EQ(snapshot.Quantile(0.99), 1U);
  EXPECT_EQ(snapshot.Quantile(0.991), 1023U);
  EXPECT_EQ(snapshot.Quantile(1), 1023U);
}

TEST(HistogramTest, EmptyHasZeroQuantiles) { EXPECT_EQ(Histogram().Read().Quantile(0.99), 0U); }

TEST(HistogramTest, OctavesAreCumulativeAndExact) {
  Histogram histogram;
  for (const std::uint64_t value : {0, 3, 4, 7, 8, 1023, 1024}) histogram.Record(value);
  const Histogram::Snapshot snapshot = histogram.Read();
  EXPECT_EQ(snapshot.CountBelowOctave(2), 2U);
  EXPECT_EQ(snapshot.CountBelowOctave(3), 4U);
  EXPECT_EQ(snapshot.CountBelowOctave(10), 6U);
  EXPECT_EQ(snapshot.CountBelowOctave(Histogram::kOctaveCount), 7U);
}

TEST(HistogramTest, LosesNothingUnderManyThreads) {
  Histogram histogram;
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (std::uint64_t value = 0; value < 10'000; ++value) histogram.Record(value);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(histogram.Read().count, 160'000U);
  EXPECT_EQ(histogram.Read().sum, 16U * (9'999U * 10'000U / 2));
}

}  // namespace
}  // namespace gramme
