// Planted damage is found and named; without any nothing is, whatever is written meanwhile.

#include "table/scrub/table_scrub.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "table/change_log/change_record.h"
#include "table/change_log/stream_edits.h"
#include "table/counters.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"
#include "table/testing/table_world.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

constexpr int kItemCount = 60;
// So that a table is many pages.
constexpr CheckLimits kSmallPages = {.count_max = 7, .bytes_max = 1000};

Item ItemOf(int number) {
  return {{"id", fmt::format("item-{}", number)},
          {"owner", fmt::format("owner-{}", number % 5)},
          {"n", Number::FromInt(number)},
          {"color", std::string("red")},
          {"t", Number::FromInt(2'000'000'000 + number)}};
}

Item RandomItem(SeededRandom& random) {
  Item item = ItemOf(static_cast<int>(random.Below(200)));
  if (random.OneIn(3)) item.erase("owner");
  if (random.OneIn(3)) item.erase("t");
  if (random.OneIn(2)) item["color"] = std::string(random.Below(300), 'c');
  return item;
}

// All that a scrub has to say, in words.
std::vector<std::string> Scrub(TableWorld& world, const CheckLimits& limits = {}) {
  world.store.FlushAll();
  std::vector<std::string> findings;
  TableScrub scrub(world.store, "Music", limits);
  for (;;) {
    const StoreResult<bool> step =
        scrub.Step([&](const ScrubFinding& finding) { findings.push_back(ToText(finding)); });
    EXPECT_TRUE(step.has_value()) << step.error().message();
    if (!step || *step) return findings;
  }
}

void EnableLog(TableWorld& world) {
  NewStream stream = {.view_type = StreamViewType::kNewAndOldImages,
                      .now = world.clock.WallNow(),
                      .log_keyspace = static_cast<std::uint64_t>(*world.store.CreateKeyspace()),
                      .groups = {},
                      .shard_count = 1};
  stream.groups = world.store.Groups(KeyspaceId{stream.log_keyspace});
  ASSERT_TRUE(world.catalog().EditTable(
      "Music", [&](TableDescription& table) { return EnableStream(stream, table); },
      [](WriteBatch&) {}));
}

// A table with an index, a time to live, a stream, and some items.
class TableScrubTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(world_.Create("Music"));
    ASSERT_TRUE(world_.RunJobs());
    ASSERT_TRUE(world_.AddIndex("Music", "ByOwner"));
    ASSERT_TRUE(world_.RunJobs());
    ASSERT_TRUE(world_.SetTimeToLive("Music", "t", true));
    ASSERT_TRUE(world_.RunJobs());
    EnableLog(world_);
    for (int i = 0; i < kItemCount; ++i) world_.Put("Music", ItemOf(i));
    ASSERT_TRUE(Scrub(world_).empty());
  }

  const TableDescription& table() { return world_.Find("Music")->description(); }
  Key BaseKey(int number) { return KeyOfValidItem(table(), ItemOf(number)); }
  IndexEntry EntryOfItem(int number) {
    return *EntryOf(table(), table().indexes[0], BaseKey(number).placement, ItemOf(number));
  }
  Key ExpiryKey(int number) {
    return ExpiryKeyOf(*table().time_to_live,
                       *ExpirySecondOf(*table().time_to_live, ItemOf(number)), BaseKey(number));
  }

  // Past everything that keeps a table whole.
  void Write(const Key& key, const WriteBatch& batch) {
    ASSERT_TRUE(world_.store.Update(std::span(&key, 1), {}, {},
                                    [&](std::span<const CurrentValue>) { return batch; }));
  }
  void Put(const Key& key, std::string value) {
    WriteBatch batch;
    batch.Put(key, std::move(value));
    Write(key, batch);
  }
  void Delete(const Key& key) {
    WriteBatch batch;
    batch.Delete(key);
    Write(key, batch);
  }
  std::string Stored(const Key& key) {
    std::string value;
    world_.store.FlushAll();
    EXPECT_TRUE(
        *world_.store.Read(key, ReadTier::kDisk, [&](std::string_view stored) { value = stored; }));
    return value;
  }
  // The same in large and in small pages: one finding, of a place, that says so.
  void ExpectOne(std::string_view place, std::string_view problem, bool has_key = true) {
    for (const CheckLimits& limits : {CheckLimits(), kSmallPages}) {
      const std::vector<std::string> findings = Scrub(world_, limits);
      ASSERT_EQ(findings.size(), 1U) << (findings.empty() ? "" : findings[1]);
      EXPECT_TRUE(findings[0].starts_with(place)) << findings[0];
      EXPECT_NE(findings[0].find(problem), std::string::npos) << findings[0];
      EXPECT_EQ(findings[0].find(", key ") != std::string::npos, has_key) << findings[0];
      EXPECT_EQ(findings[0].find("item-"), std::string::npos) << "a log tells no keys";
    }
  }

  TableWorld world_;
};

TEST_F(TableScrubTest, AnItemThatCannotBeReadIsFound) {
  std::string value = Stored(BaseKey(7));
  value.back() = static_cast<char>(value.back() ^ 4);
  Put(BaseKey(7), value);
  ExpectOne("table Music", "an item cannot be read");
}

TEST_F(TableScrubTest, AnItemUnderTheKeyOfAnotherIsFound) {
  Put(BaseKey(7), Stored(BaseKey(8)));
  const std::vector<std::string> findings = Scrub(world_);
  // And the entries that item 7 has left.
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_NE(findings[0].find("an item lies under a key that is not its own"), std::string::npos);
  EXPECT_NE(findings[1].find("not what its item makes of it"), std::string::npos);
}

TEST_F(TableScrubTest, AMissingEntryIsFound) {
  Delete(EntryOfItem(7).key);
  ExpectOne("table Music, index ByOwner", "an item lacks its entry");
}

TEST_F(TableScrubTest, AChangedEntryIsFound) {
  Item item = ItemOf(7);
  item["color"] = std::string("blue");
  Put(EntryOfItem(7).key, EntryOf(table(), table().indexes[0], BaseKey(7).placement, item)->value);
  ExpectOne("table Music, index ByOwner", "an entry is not what its item makes of it");
}

TEST_F(TableScrubTest, AnEntryThatCannotBeReadIsFound) {
  std::string value = EntryOfItem(7).value;
  value.back() = static_cast<char>(value.back() ^ 1);
  Put(EntryOfItem(7).key, value);
  ExpectOne("table Music, index ByOwner", "an entry cannot be read");
}

TEST_F(TableScrubTest, AnEntryOfNoItemIsFound) {
  const IndexEntry entry = EntryOfItem(kItemCount);
  Put(entry.key, entry.value);
  ExpectOne("table Music, index ByOwner", "an entry belongs to no item");
}

TEST_F(TableScrubTest, AnEntryAtAnotherPlaceIsFound) {
  Item item = ItemOf(7);
  item["n"] = Number::FromInt(1000);
  const auto entry = EntryOf(table(), table().indexes[0], BaseKey(7).placement, item);
  Put(entry->key, entry->value);
  ExpectOne("table Music, index ByOwner", "an entry is not what its item makes of it");
}

TEST_F(TableScrubTest, DamageToTheTimeToLiveIsFound) {
  const Key key = ExpiryKey(7);
  Delete(key);
  ExpectOne("table Music, time to live", "an item lacks its entry");
  Put(key, "more than nothing");
  ExpectOne("table Music, time to live", "an entry cannot be read");
  Put(key, "");
  ASSERT_TRUE(Scrub(world_).empty());
  const Key foreign = ExpiryKeyOf(*table().time_to_live, 2'000'000'000, BaseKey(kItemCount));
  Put(foreign, "");
  ExpectOne("table Music, time to live", "an entry belongs to no item");
  Delete(foreign);
  Put(ExpiryKeyOf(*table().time_to_live, 1'999'999'999, BaseKey(7)), "");
  ExpectOne("table Music, time to live", "an entry is not what its item makes of it");
}

TEST_F(TableScrubTest, WrongCountsAreFound) {
  const Key key = BaseKey(7);
  for (const std::uint64_t keyspace : {table().keyspace, table().indexes[0].keyspace}) {
    for (const Counts& by : {Counts{.items = 1, .bytes = 0}, Counts{.items = 0, .bytes = -1}}) {
      WriteBatch batch;
      AddCounts(batch, table().number, keyspace, key.placement, by);
      Write(key, batch);
      const bool is_table = keyspace == table().keyspace;
      ExpectOne(is_table ? "table Music: " : "table Music, index ByOwner: ", "are counted",
                /*has_key=*/false);
      WriteBatch back;
      AddCounts(back, table().number, keyspace, key.placement,
                {.items = -by.items, .bytes = -by.bytes});
      Write(key, back);
    }
  }
}

TEST_F(TableScrubTest, AChangeRecordThatCannotBeReadIsFound) {
  world_.store.FlushAll();
  const KeyspaceId log{table().change_log->keyspace};
  std::map<std::string, std::string> records;
  const auto view = world_.store.OpenView(GroupId{1}, ReadTier::kDisk);
  const auto visit = [&](std::string_view key, std::string_view value) {
    records.emplace(key, value);
    return ScanStep::kContinue;
  };
  ASSERT_TRUE((*view)->Scan(log, {}, Direction::kForward, visit));
  ASSERT_EQ(records.size(), static_cast<std::size_t>(kItemCount));
  auto [key, value] = *std::next(records.begin(), 5);
  value[value.size() / 2] = static_cast<char>(value[value.size() / 2] ^ 1);
  Put({.keyspace = log, .placement = BaseKey(7).placement, .bytes = key}, value);
  ExpectOne("table Music, change log", "a change record cannot be read");
}

TEST_F(TableScrubTest, ATableThatIsGoneIsLeftOut) {
  TableScrub scrub(world_.store, "Music", kSmallPages);
  const auto report = [](const ScrubFinding& finding) { FAIL() << ToText(finding); };
  ASSERT_FALSE(*scrub.Step(report));
  ASSERT_TRUE(world_.Drop("Music"));
  ASSERT_TRUE(world_.RunJobs());
  EXPECT_TRUE(*scrub.Step(report));
  // The next one of that name is another table.
  TableScrub other(world_.store, "Music", kSmallPages);
  ASSERT_TRUE(world_.Create("Music"));
  ASSERT_TRUE(world_.RunJobs());
  EXPECT_TRUE(*scrub.Step(report));
}

// Whatever is written between two steps, and whatever jobs run: what a page shows agrees.
TEST(TableScrubHistoryTest, FindsNothingWhileATableIsWrittenAndChanged) {
  const char* const given = std::getenv("GRAMME_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : SystemRandom().Next64();
  std::cout << "GRAMME_SEED=" << seed << '\n';
  for (const std::size_t group_count : {1U, 3U}) {
    TableWorld world({.seed = seed, .group_count = group_count});
    ASSERT_TRUE(world.Create("Music"));
    ASSERT_TRUE(world.RunJobs());
    EnableLog(world);
    CheckTotals totals;
    std::uint64_t counted_group_count = 0;
    for (int round = 0; round < 30; ++round) {
      if (round % 10 == 1) {
        ASSERT_TRUE(world.AddIndex("Music", "ByOwner"));
      }
      if (round % 10 == 3) {
        ASSERT_TRUE(world.SetTimeToLive("Music", "t", true));
      }
      if (round % 10 == 6) {
        ASSERT_TRUE(world.DropIndex("Music", "ByOwner"));
      }
      if (round % 10 == 8) {
        ASSERT_TRUE(world.SetTimeToLive("Music", "t", false));
      }
      TableScrub scrub(world.store, "Music", kSmallPages);
      const bool is_written = world.random.OneIn(2);
      for (;;) {
        if (is_written) world.PutOrDelete("Music", RandomItem(world.random));
        if (is_written && world.random.OneIn(2)) world.executor().RunOne();
        world.store.FlushAll();
        const auto step = scrub.Step([&](const ScrubFinding& finding) {
          ADD_FAILURE() << "round " << round << ": " << ToText(finding);
        });
        ASSERT_TRUE(step) << step.error().message();
        if (*step) break;
      }
      totals.item_count += scrub.totals().item_count;
      totals.entry_count += scrub.totals().entry_count;
      totals.record_count += scrub.totals().record_count;
      counted_group_count += scrub.counted_group_count();
      ASSERT_TRUE(world.RunJobs());
    }
    EXPECT_GT(totals.item_count, 100U);
    EXPECT_GT(totals.entry_count, 100U);
    EXPECT_GT(totals.record_count, 100U);
    EXPECT_GT(counted_group_count, 0U);
  }
}

}  // namespace
}  // namespace gramme
