#include "table/jobs/jobs.h"

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "base/executor.h"
#include "storage/memory/memory_store.h"

namespace gramme {
namespace {

// A store with manual durability and one process after another on it.
class JobsTest : public testing::Test {
 protected:
  static constexpr int kStepCount = 4;

  JobsTest() { Begin(); }

  void Begin() {
    executor = std::make_unique<SimulatedExecutor>(clock, random);
    jobs = std::make_unique<Jobs>(store, *executor, clock, random);
    jobs->Register("count", [this](Job& job) -> StoreResult<StepOutcome> {
      ++step_count;
      if (fail_count > 0) {
        --fail_count;
        job.state = "must not be kept";
        return StoreError(StatusCode::kUnavailable, "not now");
      }
      job.state += "x";
      ++job.items_done;
      last_state = job.state;
      return job.state.size() < kStepCount ? StepOutcome::kMore : StepOutcome::kDone;
    });
    jobs->OnFailure([this](const Job&, const Status&) { ++failure_count; });
  }

  void Crash() {
    jobs.reset();
    executor.reset();
    store.Crash();
    Begin();
    ASSERT_TRUE(jobs->Resume());
  }

  Job StartOne(Duration delay = Duration(0)) {
    const Job job = jobs->NewJob("count", "subject", "");
    jobs->Start(job, Record(job), delay);
    return job;
  }

  Position Record(const Job& job) {
    const Key key = JobKey(job.id);
    const auto outcome = store.Update({&key, 1}, {}, {}, [&](auto) {
      WriteBatch batch;
      Jobs::AddTo(batch, job);
      return std::optional(batch);
    });
    return outcome->position;
  }

  std::size_t RecordCount() {
    std::size_t count = 0;
    const auto view = store.OpenView(store.GroupOf(JobKey("")), ReadTier::kDisk);
    EXPECT_TRUE((*view)->Scan(kJobKeyspace, {}, Direction::kForward, [&](auto, auto) {
      ++count;
      return ScanStep::kContinue;
    }));
    return count;
  }

  SimulatedClock clock;
  SeededRandom random{1};
  MemoryStore store{{.durability = MemoryDurability::kManual, .clock = &clock}};
  std::unique_ptr<SimulatedExecutor> executor;
  std::unique_ptr<Jobs> jobs;
  int step_count = 0;
  int fail_count = 0;
  int failure_count = 0;
  std::string last_state;
};

TEST_F(JobsTest, RunOnceTheirRecordIsDurable) {
  const Job job = StartOne();
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, 0);
  EXPECT_TRUE(jobs->IsRunning(job.id));
  store.FlushAll();
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, kStepCount);
  EXPECT_FALSE(jobs->IsRunning(job.id));
  EXPECT_EQ(RecordCount(), 0U);
}

TEST_F(JobsTest, WaitForTheirDelay) {
  const MonotonicTime start = clock.MonotonicNow();
  StartOne(std::chrono::seconds(5));
  store.FlushAll();
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, kStepCount);
  EXPECT_GE(clock.MonotonicNow() - start, std::chrono::seconds(5));
}

TEST_F(JobsTest, AreForgottenWhenTheirRecordIsLost) {
  const Job job = StartOne();
  store.FailQueued(StatusCode::kOutOfSpace);
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, 0);
  EXPECT_FALSE(jobs->IsRunning(job.id));
  Crash();
  EXPECT_TRUE(jobs->List().empty());
}

TEST_F(JobsTest, GoOnAfterACrashAtEveryStep) {
  for (int crash_after = 0; crash_after <= kStepCount; ++crash_after) {
    for (const bool flush : {false, true}) {
      StartOne();
      store.FlushAll();
      last_state.clear();
      for (int i = 0; i < crash_after; ++i) executor->RunOne();
      if (flush) store.FlushAll();
      Crash();
      EXPECT_TRUE(executor->RunUntilIdle());
      EXPECT_EQ(last_state, std::string(kStepCount, 'x')) << crash_after;
      EXPECT_TRUE(jobs->List().empty());
      EXPECT_EQ(RecordCount(), 0U);
    }
  }
}

TEST_F(JobsTest, RepeatAtMostOneStepAfterADurableRecord) {
  StartOne();
  store.FlushAll();
  executor->RunOne();
  executor->RunOne();
  store.FlushAll();
  Crash();
  ASSERT_EQ(jobs->List().size(), 1U);
  EXPECT_EQ(jobs->List()[0].items_done, 2U);
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, kStepCount);
}

TEST_F(JobsTest, TryAFailedStepAgainLaterAndLater) {
  fail_count = 12;
  StartOne();
  store.FlushAll();
  const MonotonicTime start = clock.MonotonicNow();
  executor->RunOne();
  executor->RunOne();
  EXPECT_EQ(clock.MonotonicNow() - start, Jobs::kRetryDelay);
  executor->RunOne();
  EXPECT_EQ(clock.MonotonicNow() - start, 3 * Jobs::kRetryDelay);
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(failure_count, 12);
  EXPECT_EQ(step_count, 12 + kStepCount);
  EXPECT_EQ(last_state, std::string(kStepCount, 'x'));
  EXPECT_LE(clock.MonotonicNow() - start, 12 * Jobs::kRetryDelayMax);
}

TEST_F(JobsTest, StepsOfOneJobNeverOverlapThoughItIsStartedTwice) {
  const Job job = jobs->NewJob("count", "subject", "");
  const Position position = Record(job);
  store.FlushAll();
  jobs->Start(job, position);
  jobs->Start(job, position);
  ASSERT_TRUE(jobs->Resume());
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, kStepCount);
}

TEST_F(JobsTest, AreListedOldestFirst) {
  const Job first = StartOne();
  clock.Advance(std::chrono::seconds(1));
  const Job second = StartOne();
  const std::vector<Job> listed = jobs->List();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].id, first.id);
  EXPECT_EQ(listed[1].id, second.id);
}

TEST_F(JobsTest, KeepTheirRecordWhenStopped) {
  StartOne();
  store.FlushAll();
  executor->RunOne();
  jobs->Stop();
  jobs->Stop();
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, 1);
  StartOne();
  EXPECT_EQ(RecordCount(), 1U);
}

TEST_F(JobsTest, TasksThatOutliveTheJobsDoNothing) {
  StartOne();
  StartOne(std::chrono::seconds(1));
  store.FlushAll();
  const Job waiting = StartOne();
  jobs.reset();
  store.FlushAll();
  EXPECT_TRUE(executor->RunUntilIdle());
  EXPECT_EQ(step_count, 0);
}

TEST_F(JobsTest, OfUnknownKindStayAndAreReported) {
  Job job = jobs->NewJob("count", "subject", "");
  job.kind = "of-a-newer-version";
  Record(job);
  store.FlushAll();
  ASSERT_TRUE(jobs->Resume());
  executor->RunOne();
  EXPECT_EQ(failure_count, 1);
  EXPECT_EQ(jobs->List().size(), 1U);
  EXPECT_EQ(RecordCount(), 1U);
}

TEST_F(JobsTest, ADamagedRecordIsReported) {
  const Key key = JobKey("damaged");
  const auto outcome = store.Update({&key, 1}, {}, {}, [&](auto) {
    WriteBatch batch;
    batch.Put(key, "damage");
    return std::optional(batch);
  });
  ASSERT_TRUE(store.Await(outcome->position));
  const auto resumed = jobs->Resume();
  ASSERT_FALSE(resumed);
  EXPECT_EQ(resumed.error().code(), StatusCode::kCorruption);
}

TEST(JobsThreadTest, StopWaitsForTheStepThatRuns) {
  MemoryStore store;
  ThreadPool pool(2);
  Jobs jobs(store, pool, SystemClock(), SystemRandom());
  std::atomic<bool> is_in_step = false;
  std::atomic<bool> may_end = false;
  std::atomic<bool> has_ended = false;
  jobs.Register("slow", [&](Job&) -> StoreResult<StepOutcome> {
    is_in_step = true;
    is_in_step.notify_all();
    may_end.wait(false);
    has_ended = true;
    return StepOutcome::kMore;
  });
  jobs.Start(jobs.NewJob("slow", "subject", ""), Position());
  is_in_step.wait(false);
  std::thread stopper([&] {
    jobs.Stop();
    EXPECT_TRUE(has_ended);
  });
  may_end = true;
  may_end.notify_all();
  stopper.join();
  EXPECT_EQ(jobs.List().size(), 1U);
}

TEST(JobsThreadTest, StepsOfAJobThatIsStartedTwiceDoNotOverlap) {
  MemoryStore store;
  ThreadPool pool(2);
  std::atomic<int> running = 0;
  std::atomic<int> step_count = 0;
  Jobs jobs(store, pool, SystemClock(), SystemRandom());
  jobs.Register("short", [&](Job& job) -> StoreResult<StepOutcome> {
    EXPECT_EQ(++running, 1);
    std::this_thread::yield();
    --running;
    ++step_count;
    return ++job.items_done < 200 ? StepOutcome::kMore : StepOutcome::kDone;
  });
  const Job job = jobs.NewJob("short", "subject", "");
  jobs.Start(job, Position());
  jobs.Start(job, Position());
  while (!jobs.List().empty()) std::this_thread::yield();
  jobs.Stop();
  EXPECT_EQ(step_count, 200);
}

TEST(JobsThreadTest, CanBeDestroyedWhileTasksArePosted) {
  MemoryStore store;
  ThreadPool pool(2);
  for (int i = 0; i < 60; ++i) {
    std::atomic<int> steps = 0;
    Jobs jobs(store, pool, SystemClock(), SystemRandom());
    jobs.Register("short", [&](Job&) -> StoreResult<StepOutcome> {
      ++steps;
      return StepOutcome::kMore;
    });
    for (int j = 0; j < 3; ++j) jobs.Start(jobs.NewJob("short", "subject", ""), Position());
    while (i % 2 == 0 && steps == 0) std::this_thread::yield();
  }
}

TEST(JobTest, RoundTrips) {
  const Job job = {.id = "id",
                   .kind = "kind",
                   .subject = "subject",
                   .state = std::string("a\0b", 3),
                   .creation_time = WallTime(Duration(-5)),
                   .items_done = 1,
                   .items_total = 2,
                   .bytes_done = 3,
                   .bytes_total = UINT64_MAX};
  const auto decoded = DecodeJob(EncodeJob(job));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(EncodeJob(*decoded), EncodeJob(job));
  EXPECT_EQ(decoded->state, job.state);
  EXPECT_EQ(decoded->bytes_total, UINT64_MAX);
}

}  // namespace
}  // namespace gramme
