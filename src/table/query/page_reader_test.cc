#include "table/query/page_reader.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "model/limits.h"
#include "model/testing/random_values.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/query/key_range.h"
#include "table/testing/item_world.h"

namespace gramme {
namespace {

struct ReadPages {
  std::vector<Item> items;
  std::vector<std::int64_t> counts;  // of each page
};

auto CollectInto(std::vector<Item>& items) {
  return [&items](const ItemView& item) -> Result<void> {
    items.push_back(*item.Decode());
    return {};
  };
}

// Every page from the first on, each begun with what the last one gave.
ReadPages ReadAll(ItemWorld& world, const PageRange& range) {
  ReadPages read;
  PageRange rest = range;
  for (;;) {
    const auto end = ReadPage(world.store(), ReadTier::kDisk, rest, CollectInto(read.items));
    EXPECT_TRUE(end);
    read.counts.push_back(end->evaluated_count);
    if (!end->last_evaluated_key) return read;
    const auto start = StartKeyOf(world.description(), range.index, *end->last_evaluated_key);
    EXPECT_TRUE(start);
    rest.keys = After(range.keys, *start, range.direction);
  }
}

// The truth, unpaged: what is stored in the range.
std::vector<Item> Expected(ItemWorld& world, const PageRange& range) {
  std::vector<Item> items;
  const std::uint64_t keyspace =
      range.index == nullptr ? world.description().keyspace : range.index->keyspace;
  for (const auto& [key, value] : world.Stored(keyspace)) {
    if (!Contains(range.keys, key)) continue;
    items.push_back(range.index == nullptr ? *DecodeItem(value)
                                           : *OpenIndexEntry(value)->attributes.Decode());
  }
  if (range.direction == Direction::kBackward) std::ranges::reverse(items);
  return items;
}

// Indexes of a description, and nullptr for the table.
std::vector<const IndexDescription*> Sources(const ItemWorld& world) {
  std::vector<const IndexDescription*> sources = {nullptr};
  for (const IndexDescription& index : world.description().indexes) sources.push_back(&index);
  return sources;
}

KeyRange RandomPartition(ItemWorld& world, const IndexDescription* index, Random& random) {
  const Item item = ItemWorld::RandomItem(random);
  const KeySchema& schema = index == nullptr ? world.description().key_schema : index->key_schema;
  KeyCondition condition;
  for (const AttributeValue* value : KeyValuesOf(schema, KeyType::kHash, item)) {
    condition.partition.push_back(value == nullptr ? S("a") : *value);
  }
  return ConditionRange(condition);
}

class PagePropertyTest : public testing::TestWithParam<std::size_t> {};

TEST_P(PagePropertyTest, PagesJoinedAreTheWholeRange) {
  const std::uint64_t seed = TestSeed();
  SeededRandom random(seed);
  for (int round = 0; round < 20; ++round) {
    ItemWorld world({.group_count = GetParam()});
    const std::uint64_t item_count = random.Below(60);
    for (std::uint64_t i = 0; i < item_count; ++i) {
      world.Write(world.Put(ItemWorld::RandomItem(random)));
    }
    for (const IndexDescription* index : Sources(world)) {
      PageRange range = {.table = world.table(), .index = index, .keys = {}};
      if (random.OneIn(2)) range.keys = RandomPartition(world, index, random);
      if (random.OneIn(2)) range.direction = Direction::kBackward;
      if (!random.OneIn(3)) range.limit = static_cast<std::int64_t>(1 + random.Below(7));
      const ReadPages read = ReadAll(world, range);
      EXPECT_EQ(read.items, Expected(world, range));
      if (range.limit) {
        for (std::size_t i = 0; i + 1 < read.counts.size(); ++i) {
          EXPECT_EQ(read.counts[i], *range.limit);
        }
      }
      ASSERT_FALSE(HasFailure()) << "seed " << seed << " index "
                                 << (index == nullptr ? "none" : index->name);
    }
  }
}

TEST_P(PagePropertyTest, SegmentsAreAPartition) {
  const std::uint64_t seed = TestSeed();
  SeededRandom random(seed);
  ItemWorld world({.group_count = GetParam()});
  for (int i = 0; i < 100; ++i) {
    Item item = ItemWorld::RandomItem(random);
    item["P"] = S(std::to_string(random.Below(1000)));
    item["G"] = S(std::to_string(random.Below(1000)));
    world.Write(world.Put(std::move(item)));
  }
  for (const IndexDescription* index : Sources(world)) {
    for (const std::uint64_t total : {1U, 2U, 3U, 7U, 1'000'000U}) {
      std::vector<Item> joined;
      const std::uint64_t step = total > 100 ? total / 4 : 1;
      for (std::uint64_t segment = 0; segment < total; segment += step) {
        KeyRange keys = SegmentRange(segment, total);
        // Of very many segments, four wide ones made of the ends of narrow ones.
        if (step > 1) keys.end = SegmentRange(std::min(segment + step, total) - 1, total).end;
        PageRange range = {.table = world.table(), .index = index, .keys = keys, .limit = 9};
        const ReadPages read = ReadAll(world, range);
        joined.insert(joined.end(), read.items.begin(), read.items.end());
      }
      EXPECT_EQ(joined, Expected(world, {.table = world.table(), .index = index, .keys = {}}));
    }
  }
  EXPECT_FALSE(HasFailure()) << "seed " << seed;
}

// Large items of several groups: the page ends at 1 MB, wherever its groups were cut.
TEST_P(PagePropertyTest, PagesOfLargeItemsMissNothing) {
  const std::uint64_t seed = TestSeed();
  SeededRandom random(seed);
  ItemWorld world({.group_count = GetParam()});
  for (int i = 0; i < 40; ++i) {
    const std::size_t size = random.OneIn(2) ? random.Below(100) : random.Below(180'000);
    world.Write(world.Put({{"P", S(std::to_string(i))},
                           {"R", N(1)},
                           {"G", S("g")},
                           {"H", N(static_cast<std::int64_t>(random.Below(20)))},
                           {"X", S(std::string(size, 'x'))}}));
  }
  const PageRange range = {.table = world.table(), .index = &world.index("gsi"), .keys = {}};
  const ReadPages read = ReadAll(world, range);
  EXPECT_EQ(read.items, Expected(world, range));
  EXPECT_FALSE(HasFailure()) << "seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(Groups, PagePropertyTest, testing::Values(1, 3));

class PageReaderTest : public testing::Test {
 protected:
  void PutItems(int count, std::size_t size) {
    for (int i = 0; i < count; ++i) {
      world_.Write(world_.Put(
          {{"P", S("p")}, {"R", N(i)}, {"L", S("l")}, {"V", S(std::string(size, 'v'))}}));
    }
  }
  Result<PageEnd> Read(const PageRange& range, ReadTier tier = ReadTier::kDisk) {
    return ReadPage(world_.store(), tier, range, CollectInto(items_));
  }

  ItemWorld world_;
  std::vector<Item> items_;
};

TEST_F(PageReaderTest, APageThatEndsAtItsLimitGoesOnThoughNothingFollows) {
  PutItems(3, 1);
  PageRange range = {.table = world_.table(), .keys = {}, .limit = 3};
  const auto end = Read(range);
  ASSERT_TRUE(end->last_evaluated_key);
  EXPECT_EQ(*end->last_evaluated_key, KeyAttributesOf(world_.description(), items_.back()));
  range.limit = 4;
  EXPECT_FALSE(Read(range)->last_evaluated_key);
}

TEST_F(PageReaderTest, APageHoldsAtMostAMegabyte) {
  PutItems(5, 300'000);
  const auto end = Read({.table = world_.table(), .keys = {}});
  EXPECT_EQ(end->evaluated_count, 3);
  EXPECT_LE(end->evaluated_bytes, kPageBytesMax);
  EXPECT_TRUE(end->last_evaluated_key);
}

TEST_F(PageReaderTest, APageIsFullAtTheByte) {
  const Item key = {{"P", S("p")}, {"R", N(1)}, {"V", S("")}};
  for (const std::size_t more : {0U, 1U}) {
    for (int i = 1; i <= 4; ++i) {
      Item item = key;
      item["R"] = N(i);
      item["V"] = S(std::string(
          kPageBytesMax / 4 - ItemSizeBytes(key) + (i == 1 ? more : 0), 'v'));
      world_.Write(world_.Put(std::move(item)));
    }
    const auto end = Read({.table = world_.table(), .keys = {}});
    EXPECT_EQ(end->evaluated_count, 4 - static_cast<std::int64_t>(more));
    EXPECT_EQ(end->last_evaluated_key.has_value(), more == 1);
  }
}

TEST_F(PageReaderTest, ALocalIndexFetchesItsItemsAndChargesEach) {
  PutItems(3, 5000);
  const PageRange range = {
      .table = world_.table(), .index = &world_.index("lsi"), .keys = {}, .fetches_items = true};
  const auto end = Read(range);
  EXPECT_EQ(end->evaluated_count, 3);
  EXPECT_EQ(end->fetch_units, 6);
  EXPECT_LT(end->evaluated_bytes, 100U);
  EXPECT_EQ(items_, world_.Items());
}

TEST_F(PageReaderTest, FetchedItemsFillAPageToo) {
  PutItems(5, 300'000);
  const PageRange range = {
      .table = world_.table(), .index = &world_.index("lsi"), .keys = {}, .fetches_items = true};
  EXPECT_EQ(Read(range)->evaluated_count, 3);
  EXPECT_EQ(ReadAll(world_, range).items, world_.Items());
}

TEST_F(PageReaderTest, ALoopLeavesLongPagesToThePool) {
  PutItems(3, 30'000);
  const auto end = Read({.table = world_.table(), .keys = {}}, ReadTier::kMemory);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::kRetryOnPool);
  EXPECT_TRUE(Read({.table = world_.table(), .keys = {}, .limit = 2}, ReadTier::kMemory));
}

TEST_F(PageReaderTest, AStartKeyIsCheckedAgainstTheSchema) {
  const auto problem = [&](const IndexDescription* index, const Item& key) {
    const auto start = StartKeyOf(world_.description(), index, key);
    return start ? "" : start.error().message;
  };
  const Item key = {{"P", S("p")}, {"R", N(1)}};
  EXPECT_EQ(problem(nullptr, key), "");
  EXPECT_EQ(problem(nullptr, {{"P", S("p")}}),
            "The provided starting key is invalid: The provided key element does not match the "
            "schema");
  EXPECT_EQ(problem(nullptr, {{"P", S("p")}, {"R", S("1")}}),
            "The provided starting key is invalid: The provided key element does not match the "
            "schema");
  EXPECT_EQ(problem(nullptr, {{"P", S("p")}, {"X", S("1")}}),
            "The provided starting key is invalid: The provided key element does not match the "
            "schema");
  EXPECT_EQ(problem(&world_.index("gsi"), key), "The provided starting key is invalid");
  EXPECT_EQ(problem(&world_.index("gsi"), {{"P", S("p")}, {"R", N(1)}, {"G", S("g")}, {"H", N(1)}}),
            "");
}

}  // namespace
}  // namespace gramme
