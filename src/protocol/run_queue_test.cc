#include "protocol/run_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/random.h"

namespace gramme {
namespace {

constexpr MonotonicTime kNever = MonotonicTime::max();

class RunQueueTest : public testing::Test {
 protected:
  // A request that is answered when its charge is taken out of `running_`.
  RunQueue::Run Note(int name) {
    return [this, name](ByteCharge charge) {
      (charge ? begun_ : given_up_).push_back(name);
      if (charge) running_.push_back(std::move(charge));
    };
  }

  SimulatedClock clock_;
  SeededRandom random_{1};
  SimulatedExecutor pool_{clock_, random_};
  Registry registry_;
  std::vector<int> begun_;
  std::vector<int> given_up_;
  std::vector<ByteCharge> running_;
  RunQueue queue_{pool_, clock_, registry_, 100};
};

TEST_F(RunQueueTest, RunsAtOnceWhatThereIsMemoryFor) {
  queue_.Add(50, kNever, Note(1));
  queue_.Add(50, kNever, Note(2));
  EXPECT_TRUE(begun_.empty());
  pool_.RunUntilIdle();
  EXPECT_EQ(begun_.size(), 2U);
  EXPECT_EQ(queue_.used_bytes(), 100U);
  running_.clear();
  EXPECT_EQ(queue_.used_bytes(), 0U);
}

TEST_F(RunQueueTest, FirstComeFirstServedHoweverLarge) {
  queue_.Add(60, kNever, Note(1));
  queue_.Add(95, kNever, Note(2));
  queue_.Add(10, kNever, Note(3));
  while (begun_.empty()) ASSERT_TRUE(pool_.RunOne());
  running_.clear();
  while (begun_.size() < 2) ASSERT_TRUE(pool_.RunOne());
  EXPECT_EQ(queue_.used_bytes(), 95U);
  running_.clear();
  pool_.RunUntilIdle();
  EXPECT_EQ(begun_, (std::vector<int>{1, 2, 3}));
}

TEST_F(RunQueueTest, WhatIsLargerThanAllRunsAlone) {
  queue_.Add(1, kNever, Note(1));
  pool_.RunUntilIdle();
  queue_.Add(1'000'000, kNever, Note(2));
  pool_.RunUntilIdle();
  EXPECT_EQ(begun_, std::vector<int>{1});
  running_.clear();
  pool_.RunUntilIdle();
  EXPECT_EQ(begun_, (std::vector<int>{1, 2}));
  EXPECT_EQ(queue_.used_bytes(), 100U);
}

TEST_F(RunQueueTest, PartOfAChargeMakesRoomToo) {
  queue_.Add(100, kNever, Note(1));
  queue_.Add(70, kNever, Note(2));
  pool_.RunUntilIdle();
  running_.front().Resize(30);
  pool_.RunUntilIdle();
  EXPECT_EQ(begun_, (std::vector<int>{1, 2}));
}

TEST_F(RunQueueTest, GivesUpAtTheDeadline) {
  queue_.Add(100, kNever, Note(1));
  pool_.RunUntilIdle();
  const MonotonicTime deadline = clock_.MonotonicNow() + std::chrono::seconds(30);
  queue_.Add(100, deadline, Note(2));
  queue_.Add(100, deadline, Note(3));
  pool_.RunUntilIdle();
  EXPECT_EQ(given_up_, (std::vector<int>{2, 3}));
  EXPECT_GE(clock_.MonotonicNow(), deadline);
  EXPECT_LT(clock_.MonotonicNow(), deadline + std::chrono::seconds(1));
  EXPECT_NE(registry_.Render().find("\ngramme_request_memory_refusals_total 2\n"),
            std::string::npos);
  // And goes on.
  running_.clear();
  queue_.Add(100, kNever, Note(4));
  pool_.RunUntilIdle();
  EXPECT_EQ(begun_, (std::vector<int>{1, 4}));
}

TEST_F(RunQueueTest, WhoTriesDoesNotPassWhoWaits) {
  EXPECT_TRUE(queue_.TryCharge(100));
  queue_.Add(100, kNever, Note(1));
  queue_.Add(100, kNever, Note(2));
  EXPECT_FALSE(queue_.TryCharge(1));
  EXPECT_NE(registry_.Render().find("\ngramme_request_memory_waiting 1\n"), std::string::npos);
}

TEST_F(RunQueueTest, EndsWithRequestsThatWait) {
  std::vector<ByteCharge> running;
  {
    Registry registry;
    RunQueue queue(pool_, clock_, registry, 100);
    queue.Add(100, kNever, [&](ByteCharge charge) { running.push_back(std::move(charge)); });
    queue.Add(100, kNever, Note(2));
    while (running.empty()) ASSERT_TRUE(pool_.RunOne());
    pool_.Clear();
  }
  running.clear();
  pool_.RunUntilIdle();
  EXPECT_TRUE(begun_.empty());
  EXPECT_TRUE(given_up_.empty());
}

TEST(RunQueueThreadsTest, EveryRequestRunsOnceWithinTheMemory) {
  constexpr int kCount = 4000;
  constexpr std::size_t kBytesMax = 1000;
  Registry registry;
  std::atomic<std::size_t> used = 0;
  std::atomic<int> run_count = 0;
  std::atomic<bool> was_over = false;
  ThreadPool pool(4);
  RunQueue queue(pool, SystemClock(), registry, kBytesMax);
  for (int i = 0; i < kCount; ++i) {
    const auto bytes = static_cast<std::size_t>(1 + (i * 7919) % 900);
    queue.Add(bytes, kNever, [&, bytes](ByteCharge charge) {
      if (used.fetch_add(bytes) + bytes > kBytesMax) was_over = true;
      used.fetch_sub(bytes);
      charge.Release();
      ++run_count;
    });
  }
  while (run_count < kCount) std::this_thread::yield();
  pool.Stop();
  EXPECT_FALSE(was_over);
  EXPECT_EQ(queue.used_bytes(), 0U);
}

TEST(DecodedBytesTest, MarksWeighMoreThanText) {
  const std::string text(100'000, 'x');
  std::string marks;
  while (marks.size() < text.size()) marks += R"({"S":""},)";
  EXPECT_LT(DecodedBytesMax(text), 3 * text.size());
  EXPECT_GT(DecodedBytesMax(marks), 10 * marks.size());
}

}  // namespace
}  // namespace gramme
