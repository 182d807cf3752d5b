// Tables from their creation to their end: activation, drop, and the same name again.

#include <gtest/gtest.h>

#include "table/keyspace_removal.h"
#include "table/table_creation.h"
#include "table/table_drop.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

constexpr Duration kDelay = std::chrono::seconds(3);

Item SomeItem(std::string_view id) { return {{"id", std::string(id)}}; }

TableStatus StatusOf(TableWorld& world, std::string_view name) {
  return world.Find(name)->description().status;
}

TEST(TableLifecycleTest, WithoutDelayTablesAreActiveAtOnceAndGoneAtOnce) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  EXPECT_EQ(StatusOf(world, "Music"), TableStatus::kActive);
  EXPECT_TRUE(world.jobs().List().empty());
  const auto dropped = world.Drop("Music");
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->table->description().status, TableStatus::kDeleting);
  EXPECT_EQ(world.Find("Music"), nullptr);
}

TEST(TableLifecycleTest, StatesLastAsLongAsTheDelay) {
  TableWorld world({.transition_delay = kDelay});
  MonotonicTime start = world.clock.MonotonicNow();
  ASSERT_TRUE(world.Create("Music"));
  EXPECT_EQ(StatusOf(world, "Music"), TableStatus::kCreating);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(StatusOf(world, "Music"), TableStatus::kActive);
  EXPECT_GE(world.clock.MonotonicNow() - start, kDelay);
  start = world.clock.MonotonicNow();
  ASSERT_TRUE(world.Drop("Music"));
  EXPECT_EQ(StatusOf(world, "Music"), TableStatus::kDeleting);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Music"), nullptr);
  EXPECT_GE(world.clock.MonotonicNow() - start, kDelay);
}

TEST(TableLifecycleTest, ADroppedTableLeavesNothing) {
  for (const std::size_t group_count : {1U, 3U}) {
    for (const Duration delay : {Duration(0), kDelay}) {
      TableWorld world({.group_count = group_count, .transition_delay = delay});
      ASSERT_TRUE(world.Create("Music"));
      ASSERT_TRUE(world.RunJobs());
      ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
      ASSERT_TRUE(world.RunJobs());
      const TableDescription table = world.Find("Music")->description();
      for (int i = 0; i < 20; ++i) {
        Item item = SomeItem(std::to_string(i));
        item["owner"] = std::string("o");
        item["n"] = AttributeValue(*Number::Parse(std::to_string(i)));
        ASSERT_TRUE(world.Put("Music", item));
      }
      EXPECT_EQ(world.KeyCount(table.keyspace), 20U);
      EXPECT_EQ(world.KeyCount(table.indexes[0].keyspace), 20U);
      EXPECT_EQ(world.FindInconsistency("Music"), "");
      ASSERT_TRUE(world.Drop("Music"));
      ASSERT_TRUE(world.RunJobs());
      EXPECT_EQ(world.KeyCount(table.keyspace), 0U);
      EXPECT_EQ(world.KeyCount(table.indexes[0].keyspace), 0U);
      EXPECT_EQ(world.CounterKeyCount(table.number), 0U);
    }
  }
}

// A keyspace with few keys is emptied key by key: a drop by range costs every later read.
TEST(TableLifecycleTest, OnlyAKeyspaceOfManyKeysIsDroppedWhole) {
  for (const std::size_t group_count : {1U, 3U}) {
    for (const std::size_t item_count : {std::size_t{0}, std::size_t{1}, std::size_t{250},
                                         kFewKeyCountMax, kFewKeyCountMax + 1}) {
      TableWorld world({.group_count = group_count});
      ASSERT_TRUE(world.Create("Music"));
      ASSERT_TRUE(world.Create("Films"));
      ASSERT_TRUE(world.Put("Films", SomeItem("1")));
      const TableDescription table = world.Find("Music")->description();
      for (std::size_t i = 0; i < item_count; ++i) {
        ASSERT_TRUE(world.Put("Music", SomeItem(std::to_string(i))));
      }
      ASSERT_TRUE(world.Drop("Music"));
      ASSERT_TRUE(world.RunJobs());
      EXPECT_EQ(world.KeyCount(table.keyspace), 0U);
      EXPECT_EQ(world.CounterKeyCount(table.number), 0U);
      EXPECT_EQ(world.store.dropped_keyspace_count, item_count > kFewKeyCountMax ? 1 : 0);
      EXPECT_EQ(world.FindInconsistency("Films"), "");
      EXPECT_EQ(world.KeyCount(world.Find("Films")->description().keyspace), 1U);
    }
  }
}

TEST(TableLifecycleTest, TheSameNameAtOnceIsAnotherTable) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  const TableRef old = world.Find("Music");
  ASSERT_TRUE(world.Put("Music", SomeItem("1")));
  ASSERT_TRUE(world.Drop("Music"));
  ASSERT_TRUE(world.Create("Music"));
  const TableRef fresh = world.Find("Music");
  EXPECT_NE(fresh->description().id, old->description().id);
  EXPECT_NE(fresh->description().number, old->description().number);
  EXPECT_EQ(world.KeyCount(fresh->description().keyspace), 0U);
  ASSERT_TRUE(world.Put("Music", SomeItem("2")));
  ASSERT_TRUE(world.RunJobs());  // the drop of the old one
  EXPECT_EQ(world.Find("Music")->description().number, fresh->description().number);
  EXPECT_EQ(world.KeyCount(fresh->description().keyspace), 1U);
  EXPECT_EQ(world.KeyCount(old->description().keyspace), 0U);
  EXPECT_EQ(world.FindInconsistency("Music"), "");
}

// The activation of a table runs late, when another one has its name.
TEST(TableLifecycleTest, AnOldJobLeavesTheNewTableAlone) {
  TableWorld world({.transition_delay = kDelay});
  ASSERT_TRUE(world.Create("Music"));
  world.settings.transition_delay = Duration(0);
  ASSERT_TRUE(world.Drop("Music"));
  world.settings.transition_delay = 2 * kDelay;
  ASSERT_TRUE(world.Create("Music"));
  world.store.FlushAll();
  while (world.clock.MonotonicNow() < MonotonicTime(kDelay + kDelay / 2)) {
    if (world.jobs().List().size() == 1) break;
    ASSERT_TRUE(world.executor().RunOne());
  }
  EXPECT_EQ(StatusOf(world, "Music"), TableStatus::kCreating);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(StatusOf(world, "Music"), TableStatus::kActive);
}

TEST(TableLifecycleTest, EndsRightAfterACrashAtEveryStep) {
  for (const Duration delay : {Duration(0), kDelay}) {
    for (int crash_at = 0; crash_at < 6; ++crash_at) {
      TableWorld world({.transition_delay = delay});
      ASSERT_TRUE(world.Create("Music"));
      for (int i = 0; i < crash_at; ++i) world.executor().RunOne();
      world.CrashAndStart();
      ASSERT_TRUE(world.RunJobs());
      ASSERT_EQ(StatusOf(world, "Music"), TableStatus::kActive);
      ASSERT_TRUE(world.Put("Music", SomeItem("1")));
      const TableDescription table = world.Find("Music")->description();
      ASSERT_TRUE(world.Drop("Music"));
      for (int i = 0; i < crash_at; ++i) world.executor().RunOne();
      world.CrashAndStart();
      ASSERT_TRUE(world.RunJobs());
      EXPECT_EQ(world.Find("Music"), nullptr);
      EXPECT_EQ(world.KeyCount(table.keyspace), 0U);
      EXPECT_EQ(world.CounterKeyCount(table.number), 0U);
    }
  }
}

TEST(TableLifecycleTest, NoWriteDecidedBeforeADropLandsAfterIt) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  const TableRef old = world.Find("Music");
  ASSERT_TRUE(world.Drop("Music"));
  const Key key = {.keyspace = old->keyspace(), .placement = 0, .bytes = "x"};
  const Guard guard = old->guard();
  const auto outcome = world.store.Update({&key, 1}, {&guard, 1}, {}, [](auto) {
    return std::optional(WriteBatch());
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code(), StatusCode::kStale);
}

}  // namespace
}  // namespace gramme
