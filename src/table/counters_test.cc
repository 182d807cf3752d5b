#include "table/counters.h"

#include <gtest/gtest.h>

#include "storage/memory/memory_store.h"

namespace gramme {
namespace {

constexpr std::uint64_t kTable = 70;

Key Somewhere(std::uint64_t placement) {
  return {.keyspace = KeyspaceId{kTable}, .placement = placement, .bytes = "x"};
}

void Add(Store& store, std::uint64_t keyspace, std::uint64_t placement, const Counts& delta) {
  const Key key = Somewhere(placement);
  ASSERT_TRUE(store.Update({&key, 1}, {}, {}, [&](auto) {
    WriteBatch batch;
    AddCounts(batch, kTable, keyspace, placement, delta);
    return std::optional(batch);
  }));
}

TEST(CountersTest, SumOverGroups) {
  MemoryStore store({.group_count = 4});
  EXPECT_EQ(*ReadCounts(store, ReadTier::kMemory, kTable, 70), Counts());
  Add(store, 70, 0, {.items = 3, .bytes = 100});
  Add(store, 70, UINT64_MAX, {.items = -1, .bytes = -40});
  Add(store, 71, UINT64_MAX / 2, {.items = 7, .bytes = 0});
  EXPECT_EQ(*ReadCounts(store, ReadTier::kMemory, kTable, 70), (Counts{.items = 2, .bytes = 60}));
  EXPECT_EQ(*ReadCounts(store, ReadTier::kMemory, kTable, 71), (Counts{.items = 7, .bytes = 0}));
  EXPECT_EQ(*ReadCounts(store, ReadTier::kMemory, kTable + 1, 70), Counts());
}

TEST(CountersTest, GoWithTheirTableOrTheirIndex) {
  MemoryStore store({.group_count = 2});
  for (const std::uint64_t placement : {std::uint64_t{0}, UINT64_MAX}) {
    Add(store, 70, placement, {.items = 1, .bytes = 1});
    Add(store, 71, placement, {.items = 1, .bytes = 1});
  }
  ASSERT_TRUE(store.Trim(kCounterKeyspace, CounterRange(kTable, 71)));
  EXPECT_EQ(*ReadCounts(store, ReadTier::kDisk, kTable, 71), Counts());
  EXPECT_EQ(*ReadCounts(store, ReadTier::kDisk, kTable, 70), (Counts{.items = 2, .bytes = 2}));
  ASSERT_TRUE(store.Trim(kCounterKeyspace, CounterRange(kTable)));
  EXPECT_EQ(*ReadCounts(store, ReadTier::kDisk, kTable, 70), Counts());
}

TEST(CountersTest, ReportDamage) {
  MemoryStore store;
  Add(store, 70, 0, {.items = 1, .bytes = 1});
  const Key key = Somewhere(0);
  ASSERT_TRUE(store.Update({&key, 1}, {}, {}, [&](auto) {
    WriteBatch batch;
    Key counter = {.keyspace = kCounterKeyspace, .placement = 0,
                   .bytes = CounterRange(kTable, 70).start + 'c'};
    batch.Put(std::move(counter), "short");
    return std::optional(batch);
  }));
  const auto counts = ReadCounts(store, ReadTier::kDisk, kTable, 70);
  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.error().code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace gramme
