#include "table/index/index_entry.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "model/testing/random_values.h"
#include "storage/memory/store_faults.h"
#include "table/index/index_keys.h"
#include "table/item/item_key.h"
#include "table/testing/item_world.h"

namespace gramme {
namespace {

std::optional<IndexEntry> EntryIn(const ItemWorld& world, std::string_view index,
                                  const Item& item) {
  return EntryOf(world.description(), world.index(index), 7, item);
}

TEST(IndexEntryTest, AnItemWithoutAllKeyAttributesHasNoEntry) {
  const ItemWorld world;
  const Item item = {{"P", S("p")}, {"R", N(1)}, {"G", S("g")}};
  EXPECT_FALSE(EntryIn(world, "lsi", item));
  EXPECT_FALSE(EntryIn(world, "gsi", item));
}

TEST(IndexEntryTest, AnAttributeThatCannotBeAKeyLeavesTheItemOut) {
  const ItemWorld world;
  const Item good = {{"P", S("p")}, {"R", N(1)}, {"G", S("g")}, {"H", N(1)}};
  EXPECT_TRUE(EntryIn(world, "gsi", good));
  for (const AttributeValue& value : {N(1), S(""), S(std::string(2049, 'g'))}) {
    Item bad = good;
    bad["G"] = value;
    EXPECT_FALSE(EntryIn(world, "gsi", bad));
  }
}

TEST(IndexEntryTest, HoldsWhatIsProjectedAndThePlacementOfItsItem) {
  const ItemWorld world;
  const Item item = {{"P", S("p")}, {"R", N(1)},   {"G", S("g")},
                     {"H", N(1)},   {"X", S("x")}, {"Y", S("y")}};
  const auto entry = EntryIn(world, "gsi", item);
  ASSERT_TRUE(entry);
  const auto stored = OpenIndexEntry(entry->value);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->base_placement, 7U);
  EXPECT_EQ(entry->key.placement, 7U);
  Item projected = item;
  projected.erase("Y");
  EXPECT_EQ(stored->attributes.Decode(), projected);
  EXPECT_EQ(entry->size_bytes, ItemSizeBytes(projected));
}

TEST(IndexEntryTest, KeysOnlyProjectsBothKeys) {
  const ItemWorld world;
  const Item item = {{"P", S("p")}, {"R", N(1)}, {"L", S("l")}, {"X", S("x")}};
  const auto entry = EntryIn(world, "lsi", item);
  ASSERT_TRUE(entry);
  EXPECT_EQ(OpenIndexEntry(entry->value)->attributes.Decode(),
            KeyAttributesOf(world.description(), world.index("lsi"), item));
}

TEST(IndexEntryTest, DamagedEntriesAreFound) {
  EXPECT_EQ(OpenIndexEntry("short").error().code(), StatusCode::kCorruption);
  EXPECT_EQ(OpenIndexEntry("12345678damaged").error().code(), StatusCode::kCorruption);
}

TEST(IndexEntryTest, ARestoreAppendsWhatAWriteWouldHaveWritten) {
  ItemWorld world;
  const Item item = {{"P", S("p")}, {"R", N(1)}, {"L", S("l")}, {"G", S("g")}, {"H", N(1)}};
  std::vector<KeyValue> entries;
  std::vector<Counts> counts(world.description().indexes.size() + 1);
  AppendEntriesOf(world.description(), world.Put(item).key, item, ItemSizeBytes(item), entries,
                  counts);
  ASSERT_TRUE(world.Write(world.Put(item)).change);
  EXPECT_EQ(world.ReadCountsOf(world.description().keyspace), counts[0]);
  std::size_t entry_count = 0;
  for (std::size_t i = 0; i < world.description().indexes.size(); ++i) {
    const std::uint64_t keyspace = world.description().indexes[i].keyspace;
    EXPECT_EQ(world.ReadCountsOf(keyspace), counts[i + 1]);
    entry_count += world.Stored(keyspace).size();
  }
  ASSERT_EQ(entries.size(), entry_count);
  for (const KeyValue& entry : entries) {
    EXPECT_EQ(world.Stored(static_cast<std::uint64_t>(entry.key.keyspace)).at(entry.key.bytes),
              entry.value);
  }
}

TEST(IndexKeysTest, AnItemWhoseAttributeCannotBeAKeyIsRefused) {
  const ItemWorld world;
  const Item key = {{"P", S("p")}, {"R", N(1)}};
  const auto problem = [&](std::string_view name, AttributeValue value, IndexKeySource source) {
    Item item = key;
    item[std::string(name)] = std::move(value);
    const auto checked = CheckIndexKeys(world.description(), item, source);
    return checked ? "" : checked.error().message;
  };
  EXPECT_EQ(problem("H", N(1), IndexKeySource::kPut), "");
  EXPECT_EQ(problem("H", S("1"), IndexKeySource::kPut),
            "One or more parameter values were invalid: Type mismatch for Index Key H Expected: N "
            "Actual: S IndexName: gsi");
  EXPECT_EQ(problem("H", S("1"), IndexKeySource::kUpdate),
            "The update expression attempted to update the secondary index key to unsupported "
            "type");
  EXPECT_EQ(problem("L", S(""), IndexKeySource::kPut),
            "One or more parameter values are not valid. A value specified for a secondary index "
            "key is not supported. The AttributeValue for a key attribute cannot contain an empty "
            "string value. IndexName: lsi, IndexKey: L");
  EXPECT_EQ(problem("G", S(std::string(2048, 'g')), IndexKeySource::kPut), "");
  EXPECT_EQ(problem("G", S(std::string(2049, 'g')), IndexKeySource::kPut),
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum "
            "size limit of2048 bytes. IndexName: gsi");
  EXPECT_EQ(problem("L", S(std::string(1024, 'l')), IndexKeySource::kPut), "");
  EXPECT_EQ(problem("L", S(std::string(1025, 'l')), IndexKeySource::kPut),
            "One or more parameter values were invalid: Aggregated size of all range keys has "
            "exceeded the size limit of 1024 bytes. IndexName: lsi");
  EXPECT_EQ(problem("L", S(std::string(1025, 'l')), IndexKeySource::kUpdate),
            "The update expression attempted to update the secondary index key beyond allowed "
            "size limits");
}

void WriteAtRandom(ItemWorld& world, Random& random) {
  if (random.OneIn(4)) {
    world.Write(world.Delete(ItemWorld::RandomKey(random)));
  } else if (random.OneIn(3)) {
    const ExpressionAttributeValues values = {{{":s", S("b")}, {":n", N(2)}}};
    constexpr std::string_view kUpdates[] = {
        "SET G = :s, H = :n", "SET L = :s ADD Y :n", "REMOVE G, L SET H = :n, X = :s",
        "SET X = :s, Y = if_not_exists(Y, :n)", "REMOVE M, H SET L = if_not_exists(G, :s), Y = :n"};
    world.Write(world.Update(ItemWorld::RandomKey(random), kUpdates[random.Below(5)], values));
  } else {
    world.Write(world.Put(ItemWorld::RandomItem(random)));
  }
}

// G1: every index is a function of its table, and every counter a recount, after each few writes,
// though `decide` runs on older values and again.
TEST(IndexPropertyTest, IndexesAndCountersFollowTheTable) {
  const std::uint64_t seed = TestSeed();
  for (const std::size_t group_count : {1U, 3U}) {
    SeededRandom random(seed);
    SeededStoreFaults faults(seed, {.would_block_one_in = 0,
                                    .stale_one_in = 20,
                                    .conflict_one_in = 20,
                                    .overloaded_one_in = 20,
                                    .unavailable_one_in = 0,
                                    .moved_one_in = 0,
                                    .unknown_one_in = 0,
                                    .decide_again_one_in = 3});
    faults.Enable(false);
    ItemWorld world({.group_count = group_count, .faults = &faults});
    for (int round = 0; round < 40; ++round) {
      faults.Enable(true);
      for (int i = 0; i < 20; ++i) WriteAtRandom(world, random);
      faults.Enable(false);
      world.ExpectConsistent();
      ASSERT_FALSE(HasFailure()) << "seed " << seed << " groups " << group_count;
    }
  }
}

}  // namespace
}  // namespace gramme
