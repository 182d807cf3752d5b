#include "table/time_to_live/expiry_sweep.h"

#include <gtest/gtest.h>

#include "table/testing/table_world.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class ExpirySweepTest : public testing::Test {
 protected:
  explicit ExpirySweepTest(const TableWorldOptions& options = {}) : world(options) {
    EXPECT_TRUE(world.Create("Music"));
    EXPECT_TRUE(world.AddIndex("Music", "by-owner"));
    EXPECT_TRUE(world.RunJobs());
    TurnOn();
  }

  void TurnOn() {
    EXPECT_TRUE(world.SetTimeToLive("Music", "t", true));
    EXPECT_TRUE(world.RunJobs());
  }

  // In the store, as far as views show it.
  void Put(const std::string& id, const AttributeValue& time) {
    ASSERT_TRUE(world.Put("Music", {{"id", AttributeValue(id)},
                                    {"t", time},
                                    {"owner", AttributeValue(std::string("me"))},
                                    {"n", AttributeValue(Number::FromInt(1))}}));
    world.store.FlushAll();
  }
  // Due at so much from now on, to the second.
  void PutIn(const std::string& id, Duration from_now) { Put(id, At(from_now)); }
  AttributeValue At(Duration from_now) {
    const auto time = std::chrono::floor<seconds>(world.clock.WallNow() + from_now);
    return Number::FromInt(time.time_since_epoch().count());
  }

  // A whole pass. What its steps failed with, without repetitions.
  std::string Pass() {
    std::string problem;
    do {
      const auto step = sweep.Step();
      if (!step) problem = step.error().message();
    } while (sweep.is_in_pass());
    EXPECT_EQ(world.FindInconsistency("Music"), "");
    return problem;
  }

  std::size_t ItemCount() { return world.KeyCount(world.Find("Music")->description().keyspace); }

  TableWorld world;
  ExpirySweep sweep{world.store, world.catalog(), world.clock};
};

class ExpirySweepInGroupsTest : public ExpirySweepTest {
 protected:
  ExpirySweepInGroupsTest() : ExpirySweepTest({.group_count = 4}) {}
};

TEST_F(ExpirySweepTest, DeletesWhatIsDueAndNothingElse) {
  PutIn("due", -seconds(1));
  PutIn("long due", -hours(5 * 365 * 24) + seconds(1));
  PutIn("too long due", -hours(5 * 365 * 24) - seconds(1));
  PutIn("not due", seconds(1));
  Put("a string", AttributeValue(std::string("1600000000")));
  Put("milliseconds", Number::FromInt(1'600'000'000'000));
  Put("negative", Number::FromInt(-1));
  ASSERT_TRUE(world.Put("Music", {{"id", AttributeValue(std::string("without"))}}));
  world.store.FlushAll();
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.deleted_count(), 2U);
  EXPECT_EQ(ItemCount(), 6U);
  EXPECT_FALSE(world.Find("Music")->description().indexes.empty());
}

// "The current time is greater than the time in the attribute."
TEST_F(ExpirySweepTest, AnItemIsDueAfterItsTimeAndNotAtIt) {
  PutIn("whole", Duration(0));
  Put("fraction", Number::Parse("1700000000.25").value());
  ASSERT_EQ(world.clock.WallNow(), WallTime(seconds(1'700'000'000)));
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(ItemCount(), 2U);
  world.clock.Advance(Duration(1));
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(ItemCount(), 1U);
  world.clock.Advance(milliseconds(500));
  EXPECT_EQ(Pass(), "");
  // Its entry is that of the next second.
  EXPECT_EQ(ItemCount(), 1U);
  world.clock.Advance(milliseconds(500));
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(ItemCount(), 0U);
}

TEST_F(ExpirySweepTest, AnItemThatIsRenewedBeforeItsDeletionStays) {
  PutIn("renewed", -seconds(1));
  PutIn("no longer expiring", -seconds(2));
  PutIn("deleted", -seconds(3));
  world.store.on_update = [&](std::span<const Key>) {
    PutIn("renewed", hours(1));
    Put("no longer expiring", AttributeValue(std::string("never")));
    ASSERT_TRUE(world.Delete("Music", "deleted"));
  };
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.deleted_count(), 0U);
  EXPECT_EQ(ItemCount(), 2U);
}

TEST_F(ExpirySweepTest, GoesOnWhenTheTableChangesMeanwhile) {
  for (int i = 0; i < 250; ++i) PutIn("item" + std::to_string(i), -seconds(1 + i));
  int call_count = 0;
  world.store.on_update = [&](std::span<const Key>) {
    if (++call_count % 20 != 0) return;
    const auto edit = [](TableDescription& table) -> Result<void> {
      table.tags["a"] = "b";
      return {};
    };
    ASSERT_TRUE(world.catalog().EditTable("Music", edit, [](WriteBatch&) {}));
  };
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.deleted_count(), 250U);
  EXPECT_EQ(ItemCount(), 0U);
}

TEST_F(ExpirySweepTest, StopsWhenTheTimeToLiveIsTurnedOff) {
  for (int i = 0; i < 250; ++i) PutIn("item" + std::to_string(i), -seconds(1 + i));
  int call_count = 0;
  world.store.on_update = [&](std::span<const Key>) {
    if (++call_count != 120) return;
    ASSERT_TRUE(world.SetTimeToLive("Music", "t", false));
  };
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.deleted_count(), 119U);
  world.store.on_update = nullptr;
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(ItemCount(), 131U);
  // What is due is found again.
  TurnOn();
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(ItemCount(), 0U);
}

TEST_F(ExpirySweepTest, NothingIsDeletedBeforeTheIndexIsFilled) {
  ASSERT_TRUE(world.SetTimeToLive("Music", "t", false));
  ASSERT_TRUE(world.RunJobs());
  PutIn("due", -seconds(1));
  ASSERT_TRUE(world.SetTimeToLive("Music", "t", true));
  ASSERT_TRUE(sweep.Step());
  EXPECT_FALSE(sweep.is_in_pass());
  EXPECT_EQ(ItemCount(), 1U);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(ItemCount(), 0U);
}

TEST_F(ExpirySweepTest, AFullDiskEndsThePassAndTheNextOneGoesOn) {
  for (int i = 0; i < 250; ++i) PutIn("item" + std::to_string(i), -seconds(1 + i));
  ASSERT_TRUE(sweep.Step());
  EXPECT_EQ(sweep.deleted_count(), 100U);
  world.store.fail_next_await = true;
  EXPECT_FALSE(sweep.Step());
  EXPECT_FALSE(sweep.is_in_pass());
  EXPECT_EQ(sweep.deleted_count(), 100U);
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.deleted_count(), 250U);
}

TEST_F(ExpirySweepTest, ADamagedItemIsPassedOver) {
  PutIn("damaged", -seconds(2));
  PutIn("due", -seconds(1));
  const TableRef table = world.Find("Music");
  Key key;
  world.store.on_update = [&](std::span<const Key> keys) { key = keys.front(); };
  ASSERT_TRUE(world.Delete("Music", "damaged"));
  PutIn("damaged", -seconds(2));
  world.store.on_update = nullptr;
  const auto damage = [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    batch.Put(key, "no item");
    return std::optional(std::move(batch));
  };
  ASSERT_TRUE(world.store.Update({&key, 1}, {}, UpdateOptions{}, damage));
  world.store.FlushAll();
  std::string problem;
  do {
    if (const auto step = sweep.Step(); !step) problem = step.error().message();
  } while (sweep.is_in_pass());
  EXPECT_NE(problem, "");
  EXPECT_EQ(sweep.deleted_count(), 1U);
}

TEST_F(ExpirySweepTest, TheLagIsThatOfTheOldestItemThatIsDue) {
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.Lag(), Duration(0));
  for (int i = 0; i < 150; ++i) PutIn("item" + std::to_string(i), -seconds(1 + i));
  ASSERT_TRUE(sweep.Step());
  EXPECT_EQ(sweep.Lag(), seconds(150));
  world.clock.Advance(seconds(7));
  EXPECT_EQ(sweep.Lag(), seconds(157));
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.Lag(), Duration(0));
  world.clock.StepWall(-hours(1));
  EXPECT_EQ(sweep.Lag(), Duration(0));
}

TEST_F(ExpirySweepInGroupsTest, EveryGroupIsSwept) {
  for (int i = 0; i < 900; ++i) PutIn("item" + std::to_string(i), seconds(i - 450));
  EXPECT_EQ(Pass(), "");
  EXPECT_EQ(sweep.deleted_count(), 450U);
  EXPECT_EQ(ItemCount(), 450U);
}

}  // namespace
}  // namespace gramme
