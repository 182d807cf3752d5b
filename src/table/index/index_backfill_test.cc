#include "table/index/index_backfill.h"

#include <gtest/gtest.h>

#include "model/testing/random_values.h"
#include "table/index/index_drop.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

constexpr std::uint64_t kIdCount = 400;

Number NumberOf(std::uint64_t value) { return *Number::Parse(std::to_string(value)); }

// Most items are in the index; some lack a key attribute, or have one of another type.
Item RandomIndexedItem(Random& random) {
  Item item = {{"id", AttributeValue("id" + std::to_string(random.Below(kIdCount)))}};
  if (!random.OneIn(5)) {
    item["owner"] = AttributeValue("o" + std::to_string(random.Below(5)));
  }
  if (!random.OneIn(5)) item["n"] = AttributeValue(NumberOf(random.Below(50)));
  if (random.OneIn(2)) item["color"] = std::string("red");
  item["rest"] = AttributeValue(std::string(random.Below(300), 'r'));
  return item;
}

void WriteSomething(TableWorld& world) {
  world.PutOrDelete("Music", RandomIndexedItem(world.random));
}

// Items that are older than any index, so that their keys are of any type.
void Fill(TableWorld& world, int write_count) {
  for (int i = 0; i < write_count; ++i) {
    Item item = RandomIndexedItem(world.random);
    if (world.random.OneIn(10)) item["n"] = std::string("no number");
    if (world.random.OneIn(10)) item["owner"] = std::string("");
    ASSERT_TRUE(world.Put("Music", item));
    if (world.random.OneIn(4)) world.store.FlushAll();
  }
}

const IndexDescription* FindIndex(TableWorld& world) {
  const TableRef table = world.Find("Music");
  return table == nullptr ? nullptr : table->description().FindIndex("by-owner");
}

TEST(IndexBackfillTest, FillsAnIndexFromItemsThatAreThere) {
  for (const std::size_t group_count : {1U, 4U}) {
    TableWorld world({.group_count = group_count});
    ASSERT_TRUE(world.Create("Music"));
    Fill(world, 1000);
    ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
    EXPECT_TRUE(FindIndex(world)->backfilling);
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(FindIndex(world)->status, IndexStatus::kActive);
    EXPECT_FALSE(FindIndex(world)->backfilling);
    EXPECT_EQ(world.Find("Music")->description().status, TableStatus::kActive);
    EXPECT_GT(world.KeyCount(FindIndex(world)->keyspace), 0U);
    EXPECT_EQ(world.FindInconsistency("Music"), "");
    EXPECT_TRUE(world.failures().empty());
  }
}

TEST(IndexBackfillTest, OfAnEmptyTableEnds) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(FindIndex(world)->status, IndexStatus::kActive);
}

// Writers between the steps, crashes, lost queues: in the end the index is f(table).
TEST(IndexBackfillTest, EqualsTheTableThoughWritersAndCrashesInterleave) {
  const std::uint64_t first = TestSeed();
  for (std::uint64_t seed = first; seed < first + 8; ++seed) {
    SCOPED_TRACE(seed);
    TableWorld world({.seed = seed, .group_count = 1 + seed % 3});
    ASSERT_TRUE(world.Create("Music"));
    Fill(world, 600);
    ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
    for (int i = 0; i < 5000 && FindIndex(world)->status != IndexStatus::kActive; ++i) {
      for (std::uint64_t j = world.random.Below(6); j > 0; --j) WriteSomething(world);
      if (world.random.OneIn(3)) world.store.FlushAll();
      if (world.random.OneIn(40)) world.store.FailQueued(StatusCode::kOutOfSpace);
      if (world.random.OneIn(10)) world.CrashAndStart();
      if (world.random.OneIn(10)) world.store.fail_next_await = true;
      world.executor().RunOne();
    }
    world.store.fail_next_await = false;
    ASSERT_EQ(FindIndex(world)->status, IndexStatus::kActive);
    ASSERT_TRUE(world.RunJobs());
    for (int i = 0; i < 50; ++i) WriteSomething(world);
    EXPECT_EQ(world.FindInconsistency("Music"), "");
  }
}

TEST(IndexBackfillTest, EndsInSpiteOfFaults) {
  const std::uint64_t first = TestSeed();
  for (std::uint64_t seed = first; seed < first + 6; ++seed) {
    SCOPED_TRACE(seed);
    SeededStoreFaults faults(seed, {.stale_one_in = 20, .unknown_one_in = 10});
    faults.Enable(false);
    TableWorld world({.seed = seed, .group_count = 1 + seed % 3, .faults = &faults});
    ASSERT_TRUE(world.Create("Music"));
    Fill(world, 600);
    ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
    faults.Enable(true);
    for (int i = 0; i < 5000 && FindIndex(world)->status != IndexStatus::kActive; ++i) {
      WriteSomething(world);
      world.executor().RunOne();
    }
    faults.Enable(false);
    ASSERT_TRUE(world.RunJobs());
    ASSERT_EQ(FindIndex(world)->status, IndexStatus::kActive);
    EXPECT_EQ(world.FindInconsistency("Music"), "");
  }
}

TEST(IndexBackfillTest, EndsWhenItsIndexIsDropped) {
  const std::uint64_t first = TestSeed();
  for (std::uint64_t seed = first; seed < first + 8; ++seed) {
    SCOPED_TRACE(seed);
    TableWorld world({.seed = seed,
                      .group_count = 1 + seed % 2,
                      .transition_delay = Duration(seed % 2 == 0 ? 0 : 1)});
    ASSERT_TRUE(world.Create("Music"));
    ASSERT_TRUE(world.RunJobs());
    Fill(world, 500);
    ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
    const std::uint64_t keyspace = FindIndex(world)->keyspace;
    for (std::uint64_t i = world.random.Below(9); i > 0; --i) {
      WriteSomething(world);
      world.store.FlushAll();
      world.executor().RunOne();
    }
    ASSERT_TRUE(world.DropIndex("Music", "by-owner"));
    if (world.random.OneIn(2)) world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(FindIndex(world), nullptr);
    EXPECT_EQ(world.Find("Music")->description().status, TableStatus::kActive);
    EXPECT_EQ(world.Find("Music")->description().attribute_definitions.size(), 1U);
    EXPECT_EQ(world.KeyCount(keyspace), 0U);
    EXPECT_LE(world.CounterKeyCount(world.Find("Music")->description().number),
              2 * world.store.Groups(KeyspaceId{keyspace}).size());
    EXPECT_EQ(world.FindInconsistency("Music"), "");
  }
}

// The index is dropped between two writes of one step, wherever the step waits.
TEST(IndexBackfillTest, DoesNotReviveAnIndexThatIsDroppedMeanwhile) {
  // Two steps fill, the last one corrects the counts by two writes.
  constexpr int kAwaitCount = 4;
  for (int await_count = 0; await_count < kAwaitCount; ++await_count) {
    for (const Duration delay : {Duration(0), Duration(1000)}) {
      TableWorld world;
      ASSERT_TRUE(world.Create("Music"));
      for (int i = 0; i < 120; ++i) {
        ASSERT_TRUE(world.Put(
            "Music", {{"id", std::to_string(i)}, {"owner", std::string("o")}, {"n", NumberOf(1)}}));
      }
      ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
      const std::uint64_t keyspace = FindIndex(world)->keyspace;
      // Before it fills, a step makes the table ACTIVE.
      while (world.Find("Music")->description().status == TableStatus::kUpdating) {
        ASSERT_TRUE(world.executor().RunOne());
      }
      world.settings.transition_delay = delay;
      world.store.await_count = await_count;
      world.store.on_await = [&] {
        ASSERT_TRUE(world.DropIndex("Music", "by-owner"));
        if (delay == Duration(0)) world.executor().RunOne();
      };
      while (world.store.on_await) ASSERT_TRUE(world.executor().RunOne());
      if (delay != Duration(0)) {
        EXPECT_EQ(FindIndex(world)->status, IndexStatus::kDeleting) << await_count;
      }
      ASSERT_TRUE(world.RunJobs());
      EXPECT_EQ(FindIndex(world), nullptr);
      EXPECT_EQ(world.KeyCount(keyspace), 0U);
      EXPECT_EQ(world.CounterKeyCount(world.Find("Music")->description().number), 2U);
    }
  }
}

TEST(IndexBackfillTest, EndsWhenItsTableIsDropped) {
  for (int steps = 0; steps < 9; ++steps) {
    TableWorld world;
    ASSERT_TRUE(world.Create("Music"));
    Fill(world, 500);
    ASSERT_TRUE(world.AddIndex("Music", "by-owner"));
    const TableDescription table = world.Find("Music")->description();
    for (int i = 0; i < steps; ++i) world.executor().RunOne();
    ASSERT_TRUE(world.Drop("Music"));
    ASSERT_TRUE(world.Create("Music"));
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(FindIndex(world), nullptr);
    EXPECT_EQ(world.KeyCount(table.keyspace), 0U);
    EXPECT_EQ(world.KeyCount(table.indexes[0].keyspace), 0U);
    EXPECT_EQ(world.CounterKeyCount(table.number), 0U);
  }
}

TEST(IndexDropTest, TakesOnlyItsOwnIndex) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  Fill(world, 100);
  for (const char* name : {"by-owner", "again"}) {
    ASSERT_TRUE(world.AddIndex("Music", name));
    ASSERT_TRUE(world.RunJobs());
  }
  const std::uint64_t keyspace = FindIndex(world)->keyspace;
  ASSERT_TRUE(world.DropIndex("Music", "by-owner"));
  WriteSomething(world);
  ASSERT_TRUE(world.RunJobs());
  const TableDescription& table = world.Find("Music")->description();
  EXPECT_EQ(table.indexes.size(), 1U);
  EXPECT_EQ(table.attribute_definitions.size(), 3U);
  EXPECT_EQ(world.KeyCount(keyspace), 0U);
  EXPECT_EQ(world.FindInconsistency("Music"), "");
}

}  // namespace
}  // namespace gramme
