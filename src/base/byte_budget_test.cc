#include "base/byte_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace gramme {
namespace {

constexpr MonotonicTime kNever = MonotonicTime::max();

class ByteBudgetTest : public testing::Test {
 protected:
  // Notes `name` when served, and keeps the charge; or when given up.
  ByteBudget::Grant Note(int name) {
    return [this, name](ByteCharge charge) {
      (charge ? served_ : given_up_).push_back(name);
      if (charge) held_.push_back(std::move(charge));
    };
  }

  const std::shared_ptr<ByteBudget> budget_ = std::make_shared<ByteBudget>(100);
  std::vector<int> served_;
  std::vector<int> given_up_;
  std::vector<ByteCharge> held_;
};

TEST_F(ByteBudgetTest, ChargesUpToItsSizeAndTakesBack) {
  ByteCharge first = budget_->TryCharge(60);
  EXPECT_TRUE(first);
  EXPECT_FALSE(budget_->TryCharge(41));
  EXPECT_EQ(budget_->used_bytes(), 60U);
  const ByteCharge second = budget_->TryCharge(40);
  EXPECT_TRUE(second);
  first.Release();
  EXPECT_FALSE(first);
  EXPECT_EQ(budget_->used_bytes(), 40U);
}

TEST_F(ByteBudgetTest, WhoWantsMoreThanAllGetsAll) {
  ByteCharge charge = budget_->TryCharge(1'000);
  EXPECT_EQ(charge.bytes(), 100U);
  budget_->Wait(1'000, kNever, Note(1));
  EXPECT_TRUE(served_.empty());
  charge.Release();
  EXPECT_EQ(served_, std::vector<int>{1});
  EXPECT_EQ(budget_->used_bytes(), 100U);
}

TEST_F(ByteBudgetTest, ServesAtOnceWhereThereIsRoom) {
  budget_->Wait(100, kNever, Note(1));
  EXPECT_EQ(served_, std::vector<int>{1});
  EXPECT_EQ(budget_->waiting_count(), 0U);
}

TEST_F(ByteBudgetTest, FirstComeFirstServedHoweverLarge) {
  ByteCharge all = budget_->TryCharge(100);
  budget_->Wait(90, kNever, Note(1));
  budget_->Wait(10, kNever, Note(2));
  budget_->Wait(10, kNever, Note(3));
  EXPECT_EQ(budget_->waiting_count(), 3U);
  // Room for the later ones is kept for the first.
  all.Resize(80);
  EXPECT_TRUE(served_.empty());
  EXPECT_FALSE(budget_->TryCharge(1));
  all.Release();
  EXPECT_EQ(served_, (std::vector<int>{1, 2}));
  // Outside of the vector, which the next one enters meanwhile.
  ByteCharge first = std::move(held_.front());
  first.Release();
  EXPECT_EQ(served_, (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(budget_->TryCharge(80));
}

TEST_F(ByteBudgetTest, WhatIsTakenAlreadyWaitsForNobody) {
  ByteCharge all = budget_->TryCharge(100);
  budget_->Wait(100, kNever, Note(1));
  ByteCharge taken = budget_->ChargeTaken(100);
  EXPECT_TRUE(taken);
  EXPECT_FALSE(budget_->ChargeTaken(1));
  all.Release();
  EXPECT_TRUE(served_.empty());
  taken.Release();
  EXPECT_EQ(served_, std::vector<int>{1});
}

TEST_F(ByteBudgetTest, GivesUpWhoseTimeIsOverAndServesWhoComesNext) {
  const MonotonicTime now{};
  const ByteCharge half = budget_->TryCharge(50);
  budget_->Wait(100, now + std::chrono::seconds(1), Note(1));
  budget_->Wait(50, now + std::chrono::seconds(3), Note(2));
  budget_->Wait(50, now + std::chrono::seconds(2), Note(3));
  budget_->GiveUp(now);
  EXPECT_TRUE(given_up_.empty());
  budget_->GiveUp(now + std::chrono::seconds(1));
  EXPECT_EQ(given_up_, std::vector<int>{1});
  EXPECT_EQ(served_, std::vector<int>{2});
  budget_->GiveUp(now + std::chrono::seconds(2));
  EXPECT_EQ(given_up_, (std::vector<int>{1, 3}));
  EXPECT_EQ(budget_->waiting_count(), 0U);
}

TEST_F(ByteBudgetTest, DroppedOnesAreNeverCalled) {
  ByteCharge all = budget_->TryCharge(100);
  budget_->Wait(1, kNever, Note(1));
  budget_->DropWaiting();
  EXPECT_EQ(budget_->waiting_count(), 0U);
  all.Release();
  budget_->GiveUp(kNever);
  EXPECT_TRUE(served_.empty());
  EXPECT_TRUE(given_up_.empty());
}

TEST_F(ByteBudgetTest, ALongQueueOfThoseWhoGiveBackAtOnceTakesNoStack) {
  ByteCharge all = budget_->TryCharge(100);
  int count = 0;
  for (int i = 0; i < 200'000; ++i) {
    budget_->Wait(100, kNever, [&](ByteCharge) { ++count; });
  }
  all.Release();
  EXPECT_EQ(count, 200'000);
  EXPECT_EQ(budget_->used_bytes(), 0U);
}

TEST_F(ByteBudgetTest, AChargeGoesBackOnceWhereverItIsMoved) {
  {
    ByteCharge first = budget_->TryCharge(30);
    ByteCharge second(std::move(first));
    second.Resize(50);
    EXPECT_EQ(budget_->used_bytes(), 50U);
    second.Resize(20);
    EXPECT_EQ(budget_->used_bytes(), 20U);
    second = budget_->TryCharge(5);
    EXPECT_EQ(budget_->used_bytes(), 5U);
    EXPECT_TRUE(second);
  }
  EXPECT_EQ(budget_->used_bytes(), 0U);
}

TEST(ByteBudgetThreadsTest, EveryoneIsServedOnceAndNeverMoreThanThereIs) {
  constexpr std::size_t kBytesMax = 1000;
  constexpr int kThreadCount = 4;
  constexpr int kCount = 10'000;
  const auto budget = std::make_shared<ByteBudget>(kBytesMax);
  std::atomic<std::size_t> held = 0;
  std::atomic<bool> was_over = false;
  std::atomic<int> served_count = 0;
  const auto use = [&](const ByteCharge& charge) {
    if (held.fetch_add(charge.bytes()) + charge.bytes() > kBytesMax) was_over = true;
    ++served_count;
    held.fetch_sub(charge.bytes());
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreadCount; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < kCount; ++n) {
        const auto bytes = static_cast<std::size_t>(1 + (n * 7 + i * 131) % 700);
        if (const ByteCharge charge = n % 2 == 0 ? budget->TryCharge(bytes) : ByteCharge()) {
          use(charge);
        } else {
          budget->Wait(bytes, kNever, [&](const ByteCharge& granted) { use(granted); });
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served_count, kThreadCount * kCount);
  EXPECT_EQ(budget->waiting_count(), 0U);
  EXPECT_EQ(budget->used_bytes(), 0U);
  EXPECT_FALSE(was_over);
}

}  // namespace
}  // namespace gramme
