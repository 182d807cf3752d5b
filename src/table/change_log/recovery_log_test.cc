// What point-in-time recovery asks of a change log, alone and beside a stream.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "table/change_log/testing/log_fixture.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

constexpr StreamViewType kViewTypes[] = {StreamViewType::kKeysOnly, StreamViewType::kNewImage,
                                         StreamViewType::kOldImage,
                                         StreamViewType::kNewAndOldImages};
constexpr Duration kPastRetention = kStreamRetention + std::chrono::seconds(1);

class RecoveryLogTest : public ChangeLogTest {
 protected:
  std::vector<LogShard> OpenShards() {
    std::vector<LogShard> open;
    for (const LogShard& shard : world_.description().change_log->shards) {
      if (!shard.closing_time) open.push_back(shard);
    }
    return open;
  }
  // Of all shards that the table has, in their order.
  std::vector<Change> ReadLog() {
    std::vector<Change> changes;
    const ChangeLogDescription log = *world_.description().change_log;
    for (const LogShard& shard : log.shards) {
      const auto page =
          ReadLogPage(world_.store(), log.keyspace, shard,
                      ReadLogShardBounds(world_.store(), log.keyspace, shard)->first, {});
      for (const LogEntry& entry : page->entries) changes.push_back(Decode(entry, shard.number));
    }
    return changes;
  }
  // Moves the log start, as a base backup does.
  void StartLogAt(WallTime time) {
    world_.EditTable([&](TableDescription& table) -> Result<void> {
      table.point_in_time_recovery->log_start = time;
      return {};
    });
  }
  void Put(std::int64_t a) { world_.Write(world_.Put(With({{"A", N(a)}}))); }
};

TEST_F(RecoveryLogTest, EveryChangeLeavesItsNewImageOrItsKeys) {
  world_.clock().Advance(std::chrono::seconds(1));
  Put(0);
  EnableRecovery(7);
  const PointInTimeRecovery recovery = *world_.description().point_in_time_recovery;
  EXPECT_EQ(recovery.period_days, 7);
  EXPECT_EQ(recovery.enabling_time, world_.clock().WallNow());
  EXPECT_EQ(recovery.log_start, world_.clock().WallNow());
  Put(1);
  world_.Write(world_.Delete(key_));
  const std::vector<Change> changes = ReadLog();
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].new_image, With({{"A", N(1)}}));
  EXPECT_FALSE(changes[0].old_image);
  EXPECT_EQ(changes[1].kind, ChangeKind::kRemove);
  EXPECT_EQ(changes[1].keys, key_);
  EXPECT_FALSE(world_.description().stream);
  EXPECT_TRUE(ListStreamRecords(world_.store(), {})->empty());
}

TEST_F(RecoveryLogTest, EnablingItAgainChangesThePeriodAlone) {
  EnableRecovery(7);
  TableDescription wanted = world_.description();
  world_.clock().Advance(std::chrono::hours(1));
  EnableRecovery(3);
  wanted.point_in_time_recovery->period_days = 3;
  EXPECT_EQ(world_.description().point_in_time_recovery, wanted.point_in_time_recovery);
  EXPECT_EQ(world_.description().change_log, wanted.change_log);
}

TEST_F(RecoveryLogTest, WithoutItNothingIsRecorded) {
  EnableRecovery();
  Put(1);
  DisableRecovery();
  EXPECT_FALSE(world_.description().point_in_time_recovery);
  EXPECT_TRUE(OpenShards().empty());
  Put(2);
  EXPECT_EQ(ReadLog().size(), 1u);
  const TableDescription before = world_.description();
  DisableRecovery();
  EXPECT_EQ(world_.description().change_log, before.change_log);
}

TEST_F(RecoveryLogTest, AStreamAndItHaveTheSameRecords) {
  Enable(StreamViewType::kKeysOnly, 2);
  Split(4);
  const std::vector<LogShard> shards = OpenShards();
  EnableRecovery();
  EXPECT_EQ(OpenShards(), shards);
  Put(1);
  EXPECT_EQ(ReadAll().size(), 1u);
  EXPECT_EQ(ReadLog()[0].new_image, With({{"A", N(1)}}));
  DisableRecovery();
  EXPECT_EQ(OpenShards(), shards);
  Put(2);
  EXPECT_FALSE(ReadLog()[1].new_image);
}

TEST_F(RecoveryLogTest, AStreamHasNoRecordFromBeforeOrAfterIt) {
  EnableRecovery();
  Put(1);
  Enable(StreamViewType::kNewImage);
  Put(2);
  Disable();
  const StreamRecord record = Record();
  Put(3);
  const std::vector<Change> changes = ReadAll();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].new_image, With({{"A", N(2)}}));
  EXPECT_EQ(Record().shards, record.shards);
  EXPECT_EQ(ReadLog().size(), 3u);
  const std::vector<LogShard> open = OpenShards();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_FALSE(open[0].parent);
  EXPECT_EQ(open[0].number, world_.description().stream->end_shard);
  EXPECT_EQ(open[0].creation_time, world_.clock().WallNow());
}

// The table was last edited by a version that knew no end.
TEST_F(RecoveryLogTest, AStreamWithoutAnEndGetsOne) {
  Enable(StreamViewType::kNewImage);
  Put(1);
  Disable();
  world_.EditTable([](TableDescription& table) -> Result<void> {
    table.stream->end_shard.reset();
    return {};
  });
  EnableRecovery();
  Put(2);
  EXPECT_EQ(Record().shards.size(), 1u);
  EXPECT_EQ(ReadAll().size(), 1u);
  EXPECT_EQ(ReadLog().size(), 2u);
}

TEST(RecoveryShardTest, OpenShardsCoverEveryPlacementOnce) {
  ItemWorld world({.group_count = 3});
  const WallTime now = world.clock().WallNow();
  TableDescription table = world.description();
  const NewRecovery recovery = NewRecoveryOf(world);
  const NewStream stream = {
      .now = now, .log_keyspace = 9, .groups = recovery.groups, .shard_count = 2};
  const auto expect_cover = [&](std::size_t count) {
    std::map<std::uint64_t, std::uint64_t> open;
    for (const LogShard& shard : table.change_log->shards) {
      if (!shard.closing_time) open[shard.placement_first] = shard.placement_last;
    }
    EXPECT_EQ(open.size(), count);
    std::uint64_t next = 0;
    for (const auto& [first, last] : open) {
      EXPECT_EQ(first, next);
      next = last + 1;
    }
    EXPECT_EQ(next, 0u);
    EXPECT_TRUE(table.change_log->keeps_new_images);
  };
  EnableRecovery(recovery, table);
  expect_cover(3);
  ASSERT_TRUE(EnableStream(stream, table));
  expect_cover(6);
  ASSERT_TRUE(SplitStreamShards(12, now, table));
  expect_cover(12);
  ASSERT_TRUE(DisableStream(now, table));
  expect_cover(12);
  DisableRecovery(now, table);
  EnableRecovery(recovery, table);
  expect_cover(3);
}

// The same writes with recovery on for a part of them, and without: streams show the same.
TEST(RecoveryViewTest, AStreamShowsItsViewTypeAndNoMore) {
  for (const StreamViewType type : kViewTypes) {
    std::vector<LogPage> pages;
    for (const bool has_recovery : {true, false}) {
      ItemWorld world;
      const NewStream stream = {
          .view_type = type,
          .now = world.clock().WallNow(),
          .log_keyspace = static_cast<std::uint64_t>(*world.store().CreateKeyspace()),
          .groups = world.store().Groups(world.table()->keyspace())};
      world.EditTable([&](TableDescription& table) { return EnableStream(stream, table); });
      const auto write = [&](int phase) {
        const Item key = {{"P", S("p")}, {"R", N(phase)}};
        Item item = key;
        item["A"] = S(std::string(1000, 'a'));
        world.Write(world.Put(item));
        item["B"] = N(phase);
        world.Write(world.Put(item));
        world.Write(world.Delete(key));
        world.Write(world.Put(item));
      };
      const NewRecovery recovery = NewRecoveryOf(world);
      write(1);
      world.EditTable([&](TableDescription& table) -> Result<void> {
        if (has_recovery) EnableRecovery(recovery, table);
        return {};
      });
      write(2);
      world.EditTable([&](TableDescription& table) -> Result<void> {
        if (has_recovery) DisableRecovery(world.clock().WallNow(), table);
        return {};
      });
      write(3);
      const StreamRecord record = ListStreamRecords(world.store(), {})->at(0);
      pages.push_back(*ReadLogPage(world.store(), record.log_keyspace, record.shards.at(0), {},
                                   {.stream = &record}));
    }
    ASSERT_EQ(pages[0].entries.size(), 12u);
    ASSERT_EQ(pages[1].entries.size(), 12u);
    for (std::size_t i = 0; i < 12; ++i) {
      EXPECT_EQ(pages[0].entries[i].record, pages[1].entries[i].record) << i;
      EXPECT_EQ(pages[0].entries[i].size_bytes, pages[1].entries[i].size_bytes) << i;
    }
  }
}

// A page is as large as what it shows, not as what the log keeps; and reading it has a limit too.
TEST_F(RecoveryLogTest, WhatIsNotShownTakesNoRoomInAPage) {
  Enable(StreamViewType::kKeysOnly);
  EnableRecovery();
  for (int i = 0; i < 60; ++i) {
    world_.Write(world_.Put(With({{"A", S(std::string(350'000, 'x'))}, {"B", N(i)}})));
  }
  const StreamRecord stream = Record();
  const auto read = [&](const LogPosition& from, const StreamRecord* shown) {
    return *ReadLogPage(world_.store(), stream.log_keyspace, stream.shards[0], from,
                        {.stream = shown});
  };
  const LogPage page = read({}, &stream);
  EXPECT_GT(page.entries.size(), 40u);
  EXPECT_FALSE(page.is_last);
  EXPECT_LT(page.entries[0].size_bytes, 1000u);
  EXPECT_LT(page.entries[0].record.size(), 100u);
  const LogPage rest = read(page.next, &stream);
  EXPECT_EQ(page.entries.size() + rest.entries.size(), 60u);
  EXPECT_TRUE(rest.is_last);
  EXPECT_EQ(read({}, nullptr).entries.size(), 2u);
}

TEST_F(RecoveryLogTest, WhatIsOlderThanAskedForIsAsIfTrimmed) {
  Enable(StreamViewType::kNewImage);
  Put(1);
  Put(2);
  world_.clock().Advance(std::chrono::hours(1));
  const WallTime since = world_.clock().WallNow();
  const StreamRecord record = Record();
  const LogShard& shard = record.shards[0];
  const std::vector<Change> old = ReadShard(record, shard);
  const auto read = [&](const LogPosition& from) {
    return *ReadLogPage(world_.store(), record.log_keyspace, shard, from, {.since = since});
  };
  const auto bounds = [&] {
    return *ReadLogShardBounds(world_.store(), record.log_keyspace, shard, since);
  };
  EXPECT_EQ(bounds().first, old[1].position.Next());
  EXPECT_EQ(bounds().last, old[1].position);
  EXPECT_TRUE(read(bounds().first).entries.empty());
  Put(3);
  EXPECT_TRUE(read({}).is_trimmed);
  EXPECT_TRUE(read(old[1].position).is_trimmed);
  EXPECT_FALSE(read(bounds().first).is_trimmed);
  EXPECT_EQ(read(bounds().first).entries.size(), 1u);
  // The same once they are trimmed.
  ASSERT_EQ(*TrimLogShard(world_.store(), record.log_keyspace, shard, since), 1u);
  EXPECT_EQ(bounds().first, old[1].position.Next());
  EXPECT_TRUE(read(old[1].position).is_trimmed);
  EXPECT_EQ(read(bounds().first).entries.size(), 1u);
}

TEST_F(RecoveryLogTest, RecordsStayFromTheLogStartOn) {
  EnableRecovery();
  for (int i = 0; i < 4; ++i) {
    Put(i);
    world_.clock().Advance(kPastRetention);
  }
  EXPECT_EQ(Sweep().trimmed_shard_count, 0u);
  EXPECT_EQ(ReadLog().size(), 4u);
  StartLogAt(world_.clock().WallNow() - 2 * kPastRetention);
  EXPECT_EQ(Sweep().trimmed_shard_count, 1u);
  Refresh();
  EXPECT_EQ(ReadLog().size(), 2u);
  StartLogAt(world_.clock().WallNow());
  EXPECT_EQ(Sweep().trimmed_shard_count, 1u);
  EXPECT_TRUE(ReadLog().empty());
  EXPECT_EQ(OpenShards().size(), 1u);
}

TEST_F(RecoveryLogTest, AStreamGoesAndLeavesWhatRecoveryNeeds) {
  Enable(StreamViewType::kNewImage);
  EnableRecovery();
  Put(1);
  const WallTime written = world_.clock().WallNow();
  Disable();
  world_.clock().Advance(kPastRetention);
  Put(2);
  EXPECT_EQ(Sweep().removed_stream_count, 1u);
  Refresh();
  EXPECT_TRUE(ListStreamRecords(world_.store(), {})->empty());
  EXPECT_FALSE(world_.description().stream);
  EXPECT_EQ(ReadLog().size(), 2u);
  EXPECT_GT(Sweep().log_bytes, 0u);
  // Until the log begins later.
  StartLogAt(written + std::chrono::seconds(1));
  Sweep();
  Refresh();
  EXPECT_EQ(ReadLog().size(), 1u);
  EXPECT_EQ(world_.description().change_log->shards.size(), 1u);
  // Nor does its trim point stay.
  EXPECT_EQ(world_.Stored(world_.description().change_log->keyspace).size(), 1u);
}

TEST_F(RecoveryLogTest, ALogThatNobodyNeedsGoes) {
  EnableRecovery();
  Put(1);
  const std::uint64_t log = world_.description().change_log->keyspace;
  DisableRecovery();
  world_.clock().Advance(kPastRetention);
  Sweep();
  Refresh();
  EXPECT_FALSE(world_.description().change_log);
  EXPECT_TRUE(world_.Stored(log).empty());
  EXPECT_EQ(Sweep().log_bytes, 0u);
}

// Its last commits have later times than the log start, though it was closed before.
TEST_F(RecoveryLogTest, AClockThatWasAheadLosesNothing) {
  world_.clock().StepWall(10 * kStreamRetention);
  Put(0);
  world_.clock().StepWall(-10 * kStreamRetention);
  Enable(StreamViewType::kKeysOnly);
  EnableRecovery();
  Put(1);
  const WallTime base = ReadLog()[0].position.time();
  world_.clock().Advance(std::chrono::seconds(1));
  StartLogAt(base);
  Put(2);
  Split(2);
  world_.clock().Advance(kPastRetention);
  Sweep();
  Refresh();
  const std::vector<Change> changes = ReadLog();
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.back().new_image, With({{"A", N(2)}}));
}

// Nor does one that is set back before the edit is committed.
TEST_F(RecoveryLogTest, AClockThatIsSetBackLosesNothing) {
  NewRecovery recovery = NewRecoveryOf(world_);
  recovery.now += std::chrono::hours(1);
  world_.EditTable([&](TableDescription& table) -> Result<void> {
    gramme::EnableRecovery(recovery, table);
    return {};
  });
  Put(1);
  EXPECT_LT(ReadLog()[0].position.time(), recovery.now);
  world_.clock().Advance(2 * kStreamRetention);
  Sweep();
  EXPECT_EQ(ReadLog().size(), 1u);
}

TEST_F(RecoveryLogTest, ADamagedStreamDoesNotKeepTheOthersFromBeingSwept) {
  const auto put_damage = [&](std::string_view table_name) {
    const Key key = StreamKey(table_name, "2026");
    ASSERT_TRUE(world_.store().Update(
        {&key, 1}, {}, {}, [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
          WriteBatch batch;
          batch.Put(key, "x");
          return batch;
        }));
  };
  const auto sweep = [&] {
    return SweepChangeLogs(world_.store(), world_.catalog(), world_.clock().WallNow());
  };
  Enable(StreamViewType::kNewImage);
  Put(1);
  world_.clock().Advance(kPastRetention);
  put_damage("Animals");
  auto swept = sweep();
  ASSERT_FALSE(swept);
  EXPECT_EQ(swept.error().code(), StatusCode::kCorruption);
  EXPECT_NE(swept.error().message().find("Animals/2026"), std::string::npos);
  EXPECT_TRUE(ReadLog().empty());
  // It may be its own log.
  Put(2);
  Disable();
  world_.clock().Advance(kPastRetention);
  put_damage("Things");
  swept = sweep();
  ASSERT_FALSE(swept);
  Refresh();
  EXPECT_EQ(ReadLog().size(), 1u);
  EXPECT_TRUE(world_.description().stream);
}

TEST_F(RecoveryLogTest, BytesAreCountedFromAMomentOn) {
  EnableRecovery();
  Put(1);
  world_.clock().Advance(std::chrono::hours(1));
  const WallTime middle = world_.clock().WallNow();
  Put(2);
  world_.clock().Advance(std::chrono::hours(1));
  const ChangeLogDescription log = *world_.description().change_log;
  const auto count = [&](WallTime since) { return *LogByteCount(world_.store(), log, since); };
  EXPECT_GT(count(WallTime::min()), count(middle));
  EXPECT_GT(count(middle), 0u);
  EXPECT_EQ(count(world_.clock().WallNow()), 0u);
}

// The job that drops the table needs the log no more than the sweep does, but it comes first.
TEST(LogSweepTest, TheSweepLeavesTheLogOfADeletedTableToItsJob) {
  TableWorld world;
  ASSERT_TRUE(world.Create("Music"));
  const NewRecovery recovery = {
      .now = world.clock.WallNow(),
      .log_keyspace = static_cast<std::uint64_t>(*world.store.CreateKeyspace()),
      .groups = world.store.Groups(world.Find("Music")->keyspace())};
  ASSERT_TRUE(world.catalog().EditTable(
      "Music",
      [&](TableDescription& table) -> Result<void> {
        EnableRecovery(recovery, table);
        return {};
      },
      [](WriteBatch&) {}));
  ASSERT_TRUE(world.Put("Music", {{"id", S("1")}}));
  ASSERT_TRUE(world.Drop("Music"));
  world.clock.Advance(2 * kPastRetention);
  ASSERT_TRUE(SweepChangeLogs(world.store, world.catalog(), world.clock.WallNow()));
  EXPECT_EQ(world.KeyCount(recovery.log_keyspace), 1U);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.KeyCount(recovery.log_keyspace), 0U);
}

}  // namespace
}  // namespace gramme
