// The background scrub: what it finds is counted and logged, and it takes a fifth of a core.

#include "server/scrubber.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "backup/testing/backup_world.h"

namespace gramme {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kStepMicros = 7'000;

// Every look at it costs some milliseconds: a step is a look.
class CostlyClock : public Clock {
 public:
  MonotonicTime MonotonicNow() const override {
    now_ += Duration(kStepMicros);
    return now_;
  }
  WallTime WallNow() const override { return WallTime(std::chrono::seconds(1'800'000'000)); }

 private:
  mutable MonotonicTime now_{};
};

// Keeps what is posted, and for when.
class KeepingExecutor : public Executor {
 public:
  void Post(Task task) override { PostAfter(Duration(0), std::move(task)); }
  void PostAfter(Duration delay, Task task) override {
    delays.push_back(delay);
    tasks.push_back(std::move(task));
  }
  void RunOne() {
    Task task = std::move(tasks.front());
    tasks.pop_front();
    task();
  }

  std::vector<Duration> delays;
  std::deque<Task> tasks;
};

class ScrubberTest : public testing::Test {
 protected:
  void SetUp() override {
    world_.Fill(world_.MakeTable("Music"), 50);
    world_.Fill(world_.MakeTable("Films"), 50);
    backup_id_ = world_.MakeBackup("Music");
    scrubber_.Start();
  }

  // Until the pass has ended; what was logged.
  std::string RunPass() {
    testing::internal::CaptureStderr();
    do executor_.RunOne();
    while (executor_.delays.back() != options_.interval);
    return testing::internal::GetCapturedStderr();
  }
  std::string Metric(const std::string& name) const {
    const std::string all = registry_.Render();
    const std::size_t start = all.find("\n" + name + " ") + name.size() + 2;
    return all.substr(start, all.find('\n', start) - start);
  }

  BackupWorld world_;
  std::string backup_id_;
  KeepingExecutor executor_;
  CostlyClock clock_;
  Registry registry_;
  Log log_{LogLevel::kInfo, LogFormat::kText};
  ScrubberOptions options_ = {.delay = std::chrono::minutes(10), .interval = std::chrono::hours(5)};
  Scrubber scrubber_{{.store = world_.store,
                      .catalog = world_.process().catalog,
                      .backups = world_.storage,
                      .executor = executor_,
                      .clock = clock_,
                      .registry = registry_,
                      .log = log_},
                     options_};
};

TEST_F(ScrubberTest, SaysWhenEverythingIsWhole) {
  EXPECT_EQ(Metric("gramme_scrub_last_end_seconds"), "0");
  const std::string log = RunPass();
  EXPECT_THAT(log, HasSubstr("scrub_done"));
  EXPECT_THAT(log, testing::Not(HasSubstr("scrub_finding")));
  EXPECT_THAT(log, HasSubstr("items=\"100\""));
  EXPECT_THAT(log, HasSubstr("backups=\"1\""));
  EXPECT_EQ(Metric("gramme_scrub_last_end_seconds"), "1800000000");
  EXPECT_EQ(Metric("gramme_scrub_findings_total"), "0");
  EXPECT_EQ(Metric("gramme_scrub_running"), "0");
  EXPECT_GT(std::stoll(Metric("gramme_scrub_bytes_total")), 1000);
}

TEST_F(ScrubberTest, CountsAndLogsDamageAndGoesOn) {
  const TableRef films = world_.Find("Films");
  const std::string key_bytes = world_.ItemsOf(films).begin()->first;
  const Key key = {.keyspace = films->keyspace(), .placement = 0, .bytes = key_bytes};
  WriteBatch batch;
  batch.Put(key, "no item");
  ASSERT_TRUE(world_.store.Update(std::span(&key, 1), {}, {},
                                  [&](std::span<const CurrentValue>) { return batch; }));
  world_.store.FlushAll();
  std::string file = world_.storage.FilesOf(backup_id_).at("data-000001");
  file[50] = static_cast<char>(file[50] ^ 1);
  world_.storage.Replace(backup_id_, "data-000001", file);
  const std::string log = RunPass();
  EXPECT_THAT(log, HasSubstr("an item cannot be read"));
  EXPECT_THAT(log, HasSubstr("table Films"));
  EXPECT_THAT(log, HasSubstr("data-000001"));
  EXPECT_THAT(log, HasSubstr("backup " + backup_id_));
  EXPECT_THAT(log, HasSubstr("scrub_done"));
  const int findings = std::stoi(Metric("gramme_scrub_findings_total"));
  EXPECT_GE(findings, 2);
  RunPass();
  EXPECT_EQ(std::stoi(Metric("gramme_scrub_findings_total")), 2 * findings);
}

TEST_F(ScrubberTest, RestsFourTimesAsLongAsItWorks) {
  RunPass();
  EXPECT_EQ(executor_.delays.front(), options_.delay);
  EXPECT_EQ(executor_.delays.back(), options_.interval);
  ASSERT_GT(executor_.delays.size(), 3U);
  for (std::size_t i = 1; i + 1 < executor_.delays.size(); ++i) {
    // Three steps are the first to fill a slice.
    EXPECT_EQ(executor_.delays[i], 4 * 3 * Duration(kStepMicros));
  }
}

TEST_F(ScrubberTest, WhatIsDeletedMeanwhileIsNoDamage) {
  executor_.RunOne();
  ASSERT_TRUE(world_.storage.Remove(backup_id_));
  EXPECT_THAT(RunPass(), testing::Not(HasSubstr("scrub_finding")));
}

}  // namespace
}  // namespace gramme
