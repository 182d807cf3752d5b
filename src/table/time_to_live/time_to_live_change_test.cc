#include "table/time_to_live/time_to_live_change.h"

#include <gtest/gtest.h>

#include "model/testing/random_values.h"
#include "table/testing/table_world.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

constexpr std::uint64_t kIdCount = 300;

std::string ProblemOf(const Result<CatalogEdit>& edit) {
  return edit ? "" : std::string(ErrorCodeName(edit.error().code)) + ": " + edit.error().message;
}

const std::optional<TimeToLiveDescription>& TimeToLiveOf(TableWorld& world) {
  return world.Find("Music")->description().time_to_live;
}

bool IsEnabled(TableWorld& world) {
  return TimeToLiveOf(world) && TimeToLiveOf(world)->status == TimeToLiveStatus::kEnabled;
}

// Most have the attribute, of all kinds; many writes change nothing about it.
Item RandomTimedItem(Random& random) {
  Item item = {{"id", AttributeValue("id" + std::to_string(random.Below(kIdCount)))},
               {"rest", AttributeValue(std::string(random.Below(200), 'r'))}};
  const auto second = static_cast<std::int64_t>(random.Below(50));
  switch (random.Below(6)) {
    case 0:
      break;
    case 1:
      item["t"] = std::string("no number");
      break;
    case 2:
      item["t"] = Number::FromInt(-second);
      break;
    case 3:
      item["t"] = Number::FromParts(false, random.Below(1000), -2).value();
      break;
    default:
      item["t"] = Number::FromInt(second);
      break;
  }
  return item;
}

void WriteSomething(TableWorld& world) {
  world.PutOrDelete("Music", RandomTimedItem(world.random));
}

TEST(TimeToLiveChangeTest, FillsTheIndexAndKeepsIt) {
  for (const std::size_t group_count : {1U, 4U}) {
    TableWorld world({.group_count = group_count});
    ASSERT_TRUE(world.Create("Music"));
    for (int i = 0; i < 500; ++i) WriteSomething(world);
    ASSERT_TRUE(world.SetTimeToLive("Music", "t", true));
    EXPECT_EQ(TimeToLiveOf(world)->status, TimeToLiveStatus::kEnabling);
    ASSERT_TRUE(world.RunJobs());
    ASSERT_TRUE(IsEnabled(world));
    EXPECT_EQ(TimeToLiveOf(world)->attribute_name, "t");
    EXPECT_EQ(world.Find("Music")->description().status, TableStatus::kActive);
    EXPECT_GT(world.KeyCount(TimeToLiveOf(world)->keyspace), 0U);
    EXPECT_EQ(world.FindInconsistency("Music"), "");
    for (int i = 0; i < 500; ++i) WriteSomething(world);
    EXPECT_EQ(world.FindInconsistency("Music"), "");
    EXPECT_TRUE(world.failures().empty());
  }
}

TEST(TimeToLiveChangeTest, EqualsTheTableThoughWritersAndCrashesInterleave) {
  const std::uint64_t first = TestSeed();
  for (std::uint64_t seed = first; seed < first + 8; ++seed) {
    SCOPED_TRACE(seed);
    TableWorld world({.seed = seed, .group_count = 1 + seed % 3});
    ASSERT_TRUE(world.Create("Music"));
    for (int i = 0; i < 600; ++i) WriteSomething(world);
    world.store.FlushAll();
    ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
    ASSERT_TRUE(world.SetTimeToLive("Music", "t", true));
    for (int i = 0; i < 5000 && !IsEnabled(world); ++i) {
      for (std::uint64_t j = world.random.Below(6); j > 0; --j) WriteSomething(world);
      if (world.random.OneIn(3)) world.store.FlushAll();
      if (world.random.OneIn(40)) world.store.FailQueued(StatusCode::kOutOfSpace);
      if (world.random.OneIn(10)) world.CrashAndStart();
      if (world.random.OneIn(10)) world.store.fail_next_await = true;
      world.executor().RunOne();
    }
    world.store.fail_next_await = false;
    ASSERT_TRUE(IsEnabled(world));
    ASSERT_TRUE(world.RunJobs());
    for (int i = 0; i < 50; ++i) WriteSomething(world);
    EXPECT_EQ(world.FindInconsistency("Music"), "");
  }
}

TEST(TimeToLiveChangeTest, TurnedOffLeavesNothingBehind) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  ASSERT_TRUE(world.SetTimeToLive("Music", "t", true));
  ASSERT_TRUE(world.RunJobs());
  const std::uint64_t keyspace = TimeToLiveOf(world)->keyspace;
  for (int i = 0; i < 100; ++i) WriteSomething(world);
  ASSERT_TRUE(world.SetTimeToLive("Music", "t", false));
  EXPECT_EQ(TimeToLiveOf(world)->status, TimeToLiveStatus::kDisabling);
  for (int i = 0; i < 100; ++i) WriteSomething(world);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_FALSE(TimeToLiveOf(world));
  EXPECT_EQ(world.KeyCount(keyspace), 0U);
  // By another attribute, with an index of its own.
  ASSERT_TRUE(world.SetTimeToLive("Music", "rest", true));
  ASSERT_TRUE(world.RunJobs());
  EXPECT_NE(TimeToLiveOf(world)->keyspace, keyspace);
  EXPECT_EQ(world.FindInconsistency("Music"), "");
}

TEST(TimeToLiveChangeTest, ADroppedTableTakesItAlong) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  for (int i = 0; i < 200; ++i) WriteSomething(world);
  ASSERT_TRUE(world.SetTimeToLive("Music", "t", true));
  const std::uint64_t keyspace = TimeToLiveOf(world)->keyspace;
  for (int i = 0; i < 3; ++i) world.executor().RunOne();
  ASSERT_TRUE(world.Drop("Music"));
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.KeyCount(keyspace), 0U);
}

TEST(TimeToLiveChangeTest, RefusesWhatTheTableHasOrIsBusyWith) {
  const std::string different =
      "ValidationException: TimeToLive is active on a different AttributeName: current "
      "AttributeName is t";
  const std::string enabled = "ValidationException: TimeToLive is already enabled";
  const std::string disabled = "ValidationException: TimeToLive is already disabled";
  const std::string again =
      "ValidationException: Time to live has been modified multiple times within a fixed interval";
  const std::string in_use =
      "ResourceInUseException: Attempt to change a resource which is still in use: Table Music is "
      "being ";
  TableWorld world({.transition_delay = std::chrono::seconds(5)});
  const auto set = [&](std::string_view attribute, bool is_enabled) {
    return ProblemOf(world.SetTimeToLive("Music", attribute, is_enabled));
  };
  ASSERT_TRUE(world.Create("Music"));
  EXPECT_EQ(set("t", true), in_use + "created");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(set("t", false), disabled);
  EXPECT_EQ(set("t", true), "");
  EXPECT_EQ(set("t", true), enabled);
  EXPECT_EQ(set("u", true), different);
  EXPECT_EQ(set("u", false), different);
  EXPECT_EQ(set("t", false), again);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(set("t", true), enabled);
  EXPECT_EQ(set("u", true), different);
  EXPECT_EQ(set("u", false), different);
  EXPECT_EQ(set("t", false), "");
  EXPECT_EQ(set("t", false), disabled);
  EXPECT_EQ(set("t", true), again);
  EXPECT_EQ(set("u", true), again);
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(world.Drop("Music"));
  EXPECT_EQ(set("t", true), in_use + "deleted");
}

}  // namespace
}  // namespace gramme
