#include <atomic>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/executor.h"
#include "base/function_ref.h"
#include "base/random.h"
#include "base/result.h"
#include "base/status.h"

namespace gramme {
namespace {

TEST(RandomTest, SameSeedGivesSameSequence) {
  SeededRandom a(7);
  SeededRandom b(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.Next64(), b.Next64());
}

TEST(RandomTest, BelowStaysBelowAndReachesEveryValue) {
  SeededRandom random(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t value = random.Below(7);
    ASSERT_LT(value, 7U);
    seen.insert(value);
  }
  EXPECT_EQ(seen.size(), 7U);
}

TEST(RandomTest, UuidHasVersionAndVariant) {
  SeededRandom random(3);
  const std::string uuid = NewUuid(random);
  ASSERT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

TEST(ClockTest, FormatsUtcWithMilliseconds) {
  EXPECT_EQ(FormatIso8601(WallTime(Duration(1'489'602'797'149'000))), "2017-03-15T18:33:17.149Z");
}

TEST(ExecutorTest, PoolRunsEverythingPostedBeforeStop) {
  std::atomic<int> ran = 0;
  ThreadPool pool(2);
  for (int i = 0; i < 100; ++i) pool.Post([&ran] { ++ran; });
  pool.Stop();
  EXPECT_EQ(ran, 100);
}

TEST(ExecutorTest, PoolRunsDelayedTasks) {
  std::atomic<bool> ran = false;
  ThreadPool pool(1);
  pool.PostAfter(Duration(1000), [&ran] {
    ran = true;
    ran.notify_one();
  });
  ran.wait(false);
  EXPECT_TRUE(ran);
}

TEST(ExecutorTest, SimulationJumpsToDelayedWork) {
  SimulatedClock clock;
  SeededRandom random(1);
  SimulatedExecutor executor(clock, random);
  const MonotonicTime start = clock.MonotonicNow();
  bool ran = false;
  executor.PostAfter(std::chrono::hours(1), [&ran] { ran = true; });
  EXPECT_TRUE(executor.RunUntilIdle());
  EXPECT_TRUE(ran);
  EXPECT_EQ(clock.MonotonicNow() - start, std::chrono::hours(1));
}

StoreResult<int> Half(int value) {
  if (value % 2 != 0) return StoreError(StatusCode::kConflict, "odd");
  return value / 2;
}

StoreResult<int> Quarter(int value) {
  GRAMME_TRY(const int half, Half(value));
  GRAMME_RETURN_IF_ERROR(Half(half));
  return half / 2;
}

TEST(ResultTest, TryHandsErrorsOn) {
  EXPECT_EQ(Quarter(8), 2);
  EXPECT_EQ(Quarter(6).error().code(), StatusCode::kConflict);
}

TEST(FunctionRefTest, CallsWhatItBorrows) {
  int calls = 0;
  const auto count = [&calls](int by) { return calls += by; };
  const FunctionRef<int(int)> borrowed = count;
  EXPECT_EQ(borrowed(2), 2);
  EXPECT_EQ(borrowed(3), 5);
}

}  // namespace
}  // namespace gramme
