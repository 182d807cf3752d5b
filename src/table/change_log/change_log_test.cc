#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "encoding/item_encoding.h"
#include "model/testing/random_values.h"
#include "table/change_log/change_record.h"
#include "table/change_log/log_position.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/log_sweep.h"
#include "table/change_log/stream_edits.h"
#include "table/change_log/stream_record.h"
#include "table/change_log/testing/log_fixture.h"
#include "table/testing/item_world.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

TEST(LogPositionTest, SequenceNumbersSortAsPositionsDo) {
  const std::vector<LogPosition> positions = {{},
                                              {.micros = 0, .index = 1},
                                              {.micros = 1, .index = 0},
                                              {.micros = 1'700'000'000'000'000, .index = 99},
                                              {.micros = 1'700'000'000'000'001, .index = 0}};
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::string text = SequenceNumber(positions[i]);
    EXPECT_GE(text.size(), 21u);
    EXPECT_EQ(ParseSequenceNumber(text), positions[i]);
    if (i == 0) continue;
    const std::string before = SequenceNumber(positions[i - 1]);
    EXPECT_LT(std::tuple(before.size(), before), std::tuple(text.size(), text));
  }
  EXPECT_EQ(SequenceNumber(positions[3]), "170000000000000000000099");
}

TEST(LogPositionTest, WhatIsNoSequenceNumberIsRefused) {
  for (const std::string text :
       {"", "12345678901234567890", "12345678901234567890a", "-12345678901234567890",
        "12345678901234567890123456789012345678901"}) {
    EXPECT_FALSE(ParseSequenceNumber(text)) << text;
  }
  // Beyond every time: a place after all records.
  EXPECT_EQ(ParseSequenceNumber(std::string(40, '9'))->micros, UINT64_MAX);
}

TEST_F(ChangeLogTest, EachKindOfChangeLeavesItsImages) {
  Enable(StreamViewType::kNewAndOldImages);
  const WallTime before = world_.clock().WallNow();
  world_.Write(world_.Put(With({{"A", N(1)}})));
  world_.Write(world_.Update(key_, "ADD A :n", {{{":n", N(1)}}}));
  world_.Write(world_.Delete(key_));
  const std::vector<Change> changes = ReadAll();
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].kind, ChangeKind::kInsert);
  EXPECT_EQ(changes[0].old_image, std::nullopt);
  EXPECT_EQ(changes[0].new_image, With({{"A", N(1)}}));
  EXPECT_GE(changes[0].position.time(), before);
  EXPECT_EQ(changes[1].kind, ChangeKind::kModify);
  EXPECT_EQ(changes[1].old_image, With({{"A", N(1)}}));
  EXPECT_EQ(changes[1].new_image, With({{"A", N(2)}}));
  EXPECT_EQ(changes[2].kind, ChangeKind::kRemove);
  EXPECT_EQ(changes[2].old_image, With({{"A", N(2)}}));
  EXPECT_EQ(changes[2].new_image, std::nullopt);
  for (const Change& change : changes) {
    EXPECT_EQ(change.cause, ChangeCause::kUser);
    EXPECT_EQ(change.keys, std::nullopt);
  }
}

TEST_F(ChangeLogTest, KeysAreKeptWhereNoImageIs) {
  for (const StreamViewType type :
       {StreamViewType::kKeysOnly, StreamViewType::kNewImage, StreamViewType::kOldImage}) {
    Enable(type);
    world_.Write(world_.Put(With({{"A", N(1)}})));
    world_.Write(world_.Put(With({{"A", N(2)}})));
    world_.Write(world_.Delete(key_));
    const std::vector<Change> changes = ReadAll();
    ASSERT_EQ(changes.size(), 3u);
    for (const Change& change : changes) {
      EXPECT_EQ(change.keys.has_value(), !change.old_image && !change.new_image);
      EXPECT_EQ(change.keys.value_or(key_), key_);
      EXPECT_EQ(change.old_image.has_value(),
                type == StreamViewType::kOldImage && change.kind != ChangeKind::kInsert);
      EXPECT_EQ(change.new_image.has_value(),
                type == StreamViewType::kNewImage && change.kind != ChangeKind::kRemove);
    }
    Disable();
    world_.clock().Advance(std::chrono::milliseconds(5));
  }
}

// The old image is stored as a difference: whatever differs, and of whatever length.
TEST_F(ChangeLogTest, BothImagesAreWholeWhateverDiffers) {
  Enable(StreamViewType::kNewAndOldImages);
  const std::string much(300, 'x');
  const std::vector<Item> versions = {
      With({}),
      With({{"A", S(much)}}),
      With({{"A", S(much + "y")}}),
      With({{"A", S("y" + much)}}),
      With({{"A", S(much)}, {"B", S(much)}}),
      With({{"B", S(much)}}),
      With({{"A", S("")}, {"B", S(much)}, {"Z", N(1)}}),
      With({{"A", S("")}, {"B", S(much)}, {"Z", N(2)}}),
      With({{"B", S(std::string(40'000, 'x'))}, {"Z", N(2)}}),
      With({{"Z", N(2)}}),
  };
  for (const Item& version : versions) world_.Write(world_.Put(version));
  const std::vector<Change> changes = ReadAll();
  ASSERT_EQ(changes.size(), versions.size());
  for (std::size_t i = 0; i < versions.size(); ++i) {
    EXPECT_EQ(changes[i].new_image, versions[i]) << i;
    if (i > 0) {
      EXPECT_EQ(changes[i].old_image, versions[i - 1]) << i;
    }
  }
}

// However small a difference is stored, a page is as large as what it shows.
TEST_F(ChangeLogTest, APageCountsWholeImages) {
  Enable(StreamViewType::kNewAndOldImages);
  const std::string much(300'000, 'x');
  for (int i = 0; i < 4; ++i) world_.Write(world_.Put(With({{"A", S(much)}, {"B", N(i)}})));
  const StreamRecord stream = Record();
  const auto page = ReadLogPage(world_.store(), stream.log_keyspace, stream.shards[0], {}, {});
  ASSERT_EQ(page->entries.size(), 2u);
  EXPECT_FALSE(page->is_last);
  EXPECT_GT(page->entries[0].size_bytes, 300'000u);
  EXPECT_GT(page->entries[1].size_bytes, 600'000u);
  EXPECT_LT(page->entries[1].record.size(), 310'000u);
}

TEST_F(ChangeLogTest, ADamagedRecordIsRefused) {
  Enable(StreamViewType::kNewAndOldImages);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  world_.Write(world_.Put(With({{"A", N(2)}})));
  const StreamRecord stream = Record();
  const auto page = ReadLogPage(world_.store(), stream.log_keyspace, stream.shards[0], {}, {});
  for (const LogEntry& entry : page->entries) {
    for (std::size_t bit = 0; bit < entry.record.size() * 8; ++bit) {
      std::string damaged = entry.record;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(DecodeChangeRecord(damaged)) << bit;
    }
  }
}

TEST_F(ChangeLogTest, WhatChangesNothingLeavesNoRecord) {
  world_.Write(world_.Put(With({{"A", N(1)}, {"B", N(2)}})));
  Enable(StreamViewType::kKeysOnly);
  world_.Write(world_.Put(With({{"B", N(2)}, {"A", N(1)}})));
  world_.Write(world_.Update(key_, "SET A = :n", {{{":n", N(1)}}}));
  world_.Write(world_.Delete({{"P", S("q")}, {"R", N(1)}}));
  WriteAction refused = world_.Put(With({{"A", N(7)}}));
  ItemWorld::AddCondition(refused, "attribute_not_exists(P)");
  EXPECT_FALSE(world_.Write(refused).change);
  EXPECT_TRUE(ReadAll().empty());
}

TEST_F(ChangeLogTest, NothingIsRecordedBeforeAndAfterTheStream) {
  world_.Write(world_.Put(With({{"A", N(1)}})));
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(2)}})));
  // Decided under the table as it was: refused as stale, and without effect.
  const WriteAction old_action = world_.Put(With({{"A", N(3)}}));
  Disable();
  EXPECT_EQ(WriteItem(world_.store(), ReadTier::kDisk, old_action).store_failure,
            StatusCode::kStale);
  world_.Write(world_.Put(With({{"A", N(4)}})));
  const std::vector<Change> changes = ReadAll();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].new_image, With({{"A", N(2)}}));
  EXPECT_EQ(Record().stream.disabling_time, world_.clock().WallNow());
}

TEST_F(ChangeLogTest, AStreamThatIsEnabledAgainIsAnother) {
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  Disable();
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(2)}})));
  const auto records = *ListStreamRecords(world_.store(), {});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_LT(records[0].stream.label, records[1].stream.label);
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(records[i].shards.size(), 1u);
    const auto changes = ReadShard(records[i], records[i].shards[0]);
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].new_image, With({{"A", N(static_cast<std::int64_t>(i) + 1)}}));
  }
  EXPECT_TRUE(FindStream(world_.store(), "Things", records[0].stream.label)->has_value());
  EXPECT_FALSE(FindStream(world_.store(), "Things", "2001")->has_value());
  EXPECT_FALSE(FindStream(world_.store(), "Thing", records[0].stream.label)->has_value());
}

TEST_F(ChangeLogTest, EditsThatDoNotApplyAreRefused) {
  TableDescription table = world_.description();
  EXPECT_FALSE(DisableStream(WallTime(), table));
  EXPECT_FALSE(SplitStreamShards(2, WallTime(), table));
  Enable(StreamViewType::kKeysOnly);
  table = world_.description();
  EXPECT_FALSE(EnableStream({}, table));
  EXPECT_FALSE(SplitStreamShards(3, WallTime(), table));
  EXPECT_FALSE(SplitStreamShards(0, WallTime(), table));
  EXPECT_FALSE(SplitStreamShards(2 * kOpenShardCountMax, WallTime(), table));
  EXPECT_EQ(table.change_log, world_.description().change_log);
  EXPECT_TRUE(SplitStreamShards(kOpenShardCountMax, WallTime(), table));
}

TEST_F(ChangeLogTest, ShardsCoverEveryPlacementOnce) {
  Enable(StreamViewType::kKeysOnly, 4);
  Split(16);
  std::map<std::uint64_t, std::uint64_t> ranges;
  std::size_t closed_count = 0;
  for (const LogShard& shard : Record().shards) {
    if (shard.closing_time) {
      ++closed_count;
    } else {
      ranges[shard.placement_first] = shard.placement_last;
    }
  }
  EXPECT_EQ(closed_count, 4u + 8u);
  ASSERT_EQ(ranges.size(), 16u);
  std::uint64_t next = 0;
  for (const auto& [first, last] : ranges) {
    EXPECT_EQ(first, next);
    next = last + 1;
  }
  EXPECT_EQ(next, 0u);
}

TEST_F(ChangeLogTest, ATrimmedShardSaysWhatItLost) {
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  world_.Write(world_.Put(With({{"A", N(2)}})));
  world_.clock().Advance(kStreamRetention / 2);
  world_.Write(world_.Put(With({{"A", N(3)}})));
  const StreamRecord record = Record();
  const LogShard& shard = record.shards[0];
  const std::vector<Change> all = ReadShard(record, shard);
  EXPECT_EQ(Sweep().trimmed_shard_count, 0u);
  world_.clock().Advance(kStreamRetention / 2 + std::chrono::seconds(1));
  EXPECT_EQ(Sweep().trimmed_shard_count, 1u);
  EXPECT_EQ(Sweep().trimmed_shard_count, 0u);
  for (const LogPosition& lost : {LogPosition(), all[0].position, all[1].position}) {
    EXPECT_TRUE(ReadLogPage(world_.store(), record.log_keyspace, shard, lost, {})->is_trimmed);
  }
  // Whoever has read what was lost has a gap nowhere.
  const auto page =
      ReadLogPage(world_.store(), record.log_keyspace, shard, all[1].position.Next(), {});
  EXPECT_FALSE(page->is_trimmed);
  EXPECT_EQ(page->entries.size(), 1u);
  world_.clock().Advance(kStreamRetention);
  EXPECT_EQ(Sweep().trimmed_shard_count, 1u);
  const auto bounds = *ReadLogShardBounds(world_.store(), record.log_keyspace, shard);
  EXPECT_EQ(bounds.first, all[2].position.Next());
  EXPECT_EQ(bounds.last, all[2].position);
  EXPECT_FALSE(
      ReadLogPage(world_.store(), record.log_keyspace, shard, bounds.first, {})->is_trimmed);
}

TEST_F(ChangeLogTest, ADisabledStreamGoesWithItsLogAfterTheRetention) {
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  const std::uint64_t log = Record().log_keyspace;
  Disable();
  world_.clock().Advance(kStreamRetention);
  EXPECT_EQ(Sweep().removed_stream_count, 0u);
  world_.clock().Advance(std::chrono::seconds(1));
  EXPECT_EQ(Sweep().removed_stream_count, 1u);
  EXPECT_TRUE(ListStreamRecords(world_.store(), {})->empty());
  EXPECT_TRUE(world_.Stored(log).empty());
  const TableRef table = world_.catalog().view()->Find("Things");
  EXPECT_FALSE(table->description().stream || table->description().change_log);
  EXPECT_EQ(Sweep().removed_stream_count, 0u);
}

TEST_F(ChangeLogTest, AnOlderStreamGoesAloneWhileTheLogIsUsed) {
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  Disable();
  Enable(StreamViewType::kNewImage);
  world_.clock().Advance(kStreamRetention + std::chrono::seconds(1));
  world_.Write(world_.Put(With({{"A", N(2)}})));
  EXPECT_EQ(Sweep().removed_stream_count, 1u);
  ASSERT_EQ(ListStreamRecords(world_.store(), {})->size(), 1u);
  EXPECT_EQ(ReadAll().size(), 1u);
  // Its shards went with it.
  Refresh();
  EXPECT_EQ(world_.description().change_log->shards, Record().shards);
}

TEST_F(ChangeLogTest, AClosedShardTakesRecordsOfAClockThatWasAheadWithIt) {
  Enable(StreamViewType::kNewImage);
  world_.clock().StepWall(kStreamRetention * 7);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  world_.clock().StepWall(-kStreamRetention * 7);
  Split(2);
  world_.clock().Advance(kStreamRetention + std::chrono::seconds(1));
  world_.Write(world_.Put(With({{"A", N(2)}})));
  Sweep();
  EXPECT_EQ(ReadAll().size(), 1u);
  const auto is_record = [](const auto& stored) { return stored.first.front() == '\1'; };
  EXPECT_EQ(std::ranges::count_if(world_.Stored(Record().log_keyspace), is_record), 1);
}

TEST_F(ChangeLogTest, AClockThatStartsIn1970TrimsNothing) {
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  const WallTime start = WallTime(std::chrono::hours(1));
  ASSERT_TRUE(SweepChangeLogs(world_.store(), world_.catalog(), start));
  EXPECT_EQ(ReadAll().size(), 1u);
}

TEST_F(ChangeLogTest, AClosedShardGoesAfterTheRetention) {
  Enable(StreamViewType::kNewImage);
  Split(2);
  world_.clock().Advance(kStreamRetention + std::chrono::seconds(1));
  Sweep();
  EXPECT_EQ(Record().shards.size(), 2u);
  Refresh();
  EXPECT_EQ(world_.description().change_log->shards.size(), 2u);
}

TEST_F(ChangeLogTest, TheLogOfADeletedTableStaysForTheRetention) {
  Enable(StreamViewType::kNewImage);
  world_.Write(world_.Put(With({{"A", N(1)}})));
  ASSERT_TRUE(world_.catalog().RemoveTable(
      "Things",
      [&](TableDescription& table) { return DisableStream(world_.clock().WallNow(), table); },
      [](WriteBatch&) {}));
  EXPECT_EQ(ReadAll().size(), 1u);
  EXPECT_TRUE(Record().stream.disabling_time);
  const std::uint64_t log = Record().log_keyspace;
  world_.clock().Advance(kStreamRetention + std::chrono::seconds(1));
  EXPECT_EQ(Sweep().removed_stream_count, 1u);
  EXPECT_TRUE(world_.Stored(log).empty());
}

// What other threads do while a sweep runs.
class LogSweepRaceTest : public testing::Test {
 protected:
  LogSweepRaceTest() {
    EXPECT_TRUE(world_.Create("Music"));
    EXPECT_TRUE(world_.RunJobs());
    Enable();
    Put("first");
    first_ = *FindRecord();
  }
  void Enable() {
    const NewStream stream = {.view_type = StreamViewType::kNewImage,
                              .now = world_.clock.WallNow(),
                              .log_keyspace = static_cast<std::uint64_t>(*store().CreateKeyspace()),
                              .groups = store().Groups(world_.Find("Music")->keyspace())};
    Edit([&](TableDescription& table) { return EnableStream(stream, table); });
  }
  void Disable() {
    Edit([&](TableDescription& table) { return DisableStream(world_.clock.WallNow(), table); });
  }
  void Edit(Catalog::Edit edit) {
    ASSERT_TRUE(world_.catalog().EditTable("Music", edit, [](WriteBatch&) {}));
  }
  void Put(const std::string& id) {
    ASSERT_TRUE(world_.Put("Music", {{"id", AttributeValue(id)}}));
    store().FlushAll();
  }
  StoreResult<LogSweep> Sweep(WallTime now) {
    return SweepChangeLogs(store(), world_.catalog(), now);
  }
  // The newest.
  std::optional<StreamRecord> FindRecord() {
    auto records = ListStreamRecords(store(), {});
    if (!records || records->empty()) return std::nullopt;
    return records->back();
  }
  std::size_t CountRecords(const StreamRecord& stream) {
    const LogPosition start =
        ReadLogShardBounds(store(), stream.log_keyspace, stream.shards.at(0))->first;
    return ReadLogPage(store(), stream.log_keyspace, stream.shards.at(0), start, {})
        ->entries.size();
  }
  FullDiskStore& store() { return world_.store; }

  TableWorld world_;
  StreamRecord first_;
};

TEST_F(LogSweepRaceTest, ATrimLeavesWhatIsWrittenMeanwhile) {
  // The sweep began while the clock was two days ahead.
  const WallTime now = world_.clock.WallNow() + 2 * kStreamRetention;
  store().on_await = [&] { Put("second"); };
  ASSERT_TRUE(Sweep(now));
  EXPECT_FALSE(store().on_await);
  store().FlushAll();
  EXPECT_EQ(CountRecords(first_), 1u);
}

TEST_F(LogSweepRaceTest, TheLogOfAStreamThatCameAndWentMeanwhileStays) {
  Disable();
  world_.clock.Advance(kStreamRetention + std::chrono::seconds(1));
  store().on_await = [&] {
    Enable();
    Put("second");
    ASSERT_TRUE(world_.Drop("Music"));
  };
  ASSERT_TRUE(Sweep(world_.clock.WallNow()));
  EXPECT_FALSE(store().on_await);
  const auto second = FindRecord();
  ASSERT_TRUE(second);
  EXPECT_NE(second->stream.label, first_.stream.label);
  EXPECT_EQ(CountRecords(*second), 1u);
}

// Random writes, streams and splits: what the records say is what happened, in its order.
class ChangeLogPropertyTest : public testing::TestWithParam<std::size_t> {};

TEST_P(ChangeLogPropertyTest, ReplayIsTheTable) {
  const std::uint64_t seed = TestSeed();
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  ItemWorld world({.group_count = GetParam()});
  const auto groups = world.store().Groups(world.table()->keyspace());
  const auto log = static_cast<std::uint64_t>(*world.store().CreateKeyspace());
  world.EditTable([&](TableDescription& table) {
    return EnableStream({.view_type = StreamViewType::kNewAndOldImages,
                         .now = world.clock().WallNow(),
                         .log_keyspace = log,
                         .groups = groups,
                         .shard_count = 1},
                        table);
  });
  std::map<std::string, Item> truth;  // by encoded key
  std::size_t change_count = 0;
  std::uint32_t shard_count = static_cast<std::uint32_t>(groups.size());
  for (int step = 0; step < 600; ++step) {
    if (step % 200 == 199) {
      shard_count *= 2;
      world.EditTable([&](TableDescription& table) {
        return SplitStreamShards(shard_count, world.clock().WallNow(), table);
      });
    }
    const Item item = ItemWorld::RandomItem(random);
    const Item key = {{"P", item.at("P")}, {"R", item.at("R")}};
    const std::string name = EncodeItem(key);
    const auto found = truth.find(name);
    if (random.Below(4) == 0) {
      world.Write(world.Delete(key));
      change_count += found == truth.end() ? 0 : 1;
      truth.erase(name);
    } else {
      world.Write(world.Put(item));
      change_count += found == truth.end() || found->second != item ? 1 : 0;
      truth[name] = item;
    }
    if (random.Below(10) == 0) world.clock().StepWall(-std::chrono::seconds(1));
    world.clock().Advance(Duration(static_cast<std::int64_t>(random.Below(3))));
  }
  const StreamRecord record = ListStreamRecords(world.store(), {})->at(0);
  std::map<std::string, Item> replay;
  std::size_t replayed_count = 0;
  for (const LogShard& shard : record.shards) {
    LogPosition last;
    const auto page = ReadLogPage(world.store(), log, shard, {}, {.count_max = 10'000});
    ASSERT_TRUE(page);
    for (const LogEntry& entry : page->entries) {
      EXPECT_LT(last, entry.position);
      last = entry.position;
      const Change change = Decode(entry, shard.number);
      const Item& image = change.new_image ? *change.new_image : *change.old_image;
      const std::string name = EncodeItem({{"P", image.at("P")}, {"R", image.at("R")}});
      const auto found = replay.find(name);
      EXPECT_EQ(change.old_image,
                found == replay.end() ? std::optional<Item>() : std::optional(found->second));
      if (change.new_image) {
        replay[name] = *change.new_image;
      } else {
        replay.erase(name);
      }
      ++replayed_count;
    }
  }
  EXPECT_EQ(replay, truth);
  EXPECT_EQ(replayed_count, change_count);
}

INSTANTIATE_TEST_SUITE_P(Groups, ChangeLogPropertyTest, testing::Values(1, 3));

}  // namespace
}  // namespace gramme
