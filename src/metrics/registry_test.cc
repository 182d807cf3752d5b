#include "metrics/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace gramme {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RegistryTest, WritesHelpTypeAndValueSortedByName) {
  Registry registry;
  registry.AddGauge("gramme_queue_bytes", "Bytes that wait.").Set(-3);
  registry.AddCounter("gramme_accepts_total", "Connections accepted.").Add(2);
  EXPECT_EQ(registry.Render(),
            "# HELP gramme_accepts_total Connections accepted.\n"
            "# TYPE gramme_accepts_total counter\n"
            "gramme_accepts_total 2\n"
            "# HELP gramme_queue_bytes Bytes that wait.\n"
            "# TYPE gramme_queue_bytes gauge\n"
            "gramme_queue_bytes -3\n");
}

TEST(RegistryTest, EscapesLabelValuesAndHelp) {
  Registry registry;
  registry.AddCounterFamily("gramme_requests_total", "Back\\slash,\nline and \"quote\".", {"table"})
      .With({"a\"b\\c\nd"})
      .Add();
  EXPECT_EQ(registry.Render(),
            "# HELP gramme_requests_total Back\\\\slash,\\nline and \"quote\".\n"
            "# TYPE gramme_requests_total counter\n"
            "gramme_requests_total{table=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(RegistryTest, AsksCallbackGaugesWhenRendering) {
  Registry registry;
  double value = 0.5;
  registry.AddGauge("gramme_disk_ratio", "Part of the disk in use.", [&] { return value; });
  EXPECT_THAT(registry.Render(), HasSubstr("gramme_disk_ratio 0.5\n"));
  value = std::numeric_limits<double>::infinity();
  EXPECT_THAT(registry.Render(), HasSubstr("gramme_disk_ratio +Inf\n"));
}

TEST(RegistryTest, WritesHistogramsInTheUnitOfTheirName) {
  Registry registry;
  Histogram& histogram = registry.AddHistogram("gramme_request_seconds", "Latency.", 1e-6);
  histogram.Record(1000);
  histogram.Record(2'000'000);
  histogram.Record(std::uint64_t{1} << 40);
  const std::string text = registry.Render();
  EXPECT_THAT(text, HasSubstr("# TYPE gramme_request_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("gramme_request_seconds_bucket{le=\"0.000511\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("gramme_request_seconds_bucket{le=\"0.001023\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gramme_request_seconds_bucket{le=\"134.217727\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("gramme_request_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("gramme_request_seconds_count 3\n"));
}

TEST(FamilyTest, SameLabelsAreTheSameMetric) {
  Registry registry;
  auto& family = registry.AddCounterFamily("gramme_x_total", "X.", {"operation", "code"});
  family.With({"GetItem", "200"}).Add();
  family.With({"GetItem", "200"}).Add();
  family.With({"GetItem", "400"}).Add();
  const std::string text = registry.Render();
  EXPECT_THAT(text, HasSubstr("gramme_x_total{operation=\"GetItem\",code=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("gramme_x_total{operation=\"GetItem\",code=\"400\"} 1\n"));
}

TEST(FamilyTest, CountsWhatExceedsTheBoundAsOther) {
  Registry registry;
  auto& family = registry.AddCounterFamily("gramme_x_total", "X.", {"table"}, 2);
  for (const std::string_view table : {"a", "b", "c", "d", "a"}) family.With({table}).Add();
  const std::string text = registry.Render();
  EXPECT_THAT(text, HasSubstr("gramme_x_total{table=\"a\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("gramme_x_total{table=\"b\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("gramme_x_total{table=\"other\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("table=\"c\"")));
}

TEST(FamilyTest, ThreadsThatRaceForLabelsLoseNoCount) {
  Registry registry;
  auto& family = registry.AddCounterFamily("gramme_x_total", "X.", {"n"}, 4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) family.With({std::to_string(n % 10)}).Add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::uint64_t sum = 0;
  std::size_t sets = 0;
  family.ForEach([&](const Labels&, const Counter& counter) {
    sum += counter.Value();
    ++sets;
  });
  EXPECT_EQ(sum, 8000U);
  EXPECT_EQ(sets, 5U);
}

TEST(RegistryDeathTest, RefusesBadNames) {
  Registry registry;
  registry.AddCounter("gramme_a_total", "A.");
  EXPECT_DEATH(registry.AddCounter("gramme_a_total", "A."), "registered twice");
  EXPECT_DEATH(registry.AddCounter("gramme_a", "A."), "gramme_a");
  EXPECT_DEATH(registry.AddGauge("gramme_a-b", "A."), "gramme_a-b");
  EXPECT_DEATH(registry.AddCounterFamily("gramme_b_total", "B.", {"le"}), "le");
}

}  // namespace
}  // namespace gramme
