// ChangeLogTest: an ItemWorld, and the steps that tests of change logs take.

#ifndef GRAMME_TABLE_CHANGE_LOG_TESTING_LOG_FIXTURE_H_
#define GRAMME_TABLE_CHANGE_LOG_TESTING_LOG_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "encoding/item_encoding.h"
#include "table/change_log/change_record.h"
#include "table/change_log/log_position.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/log_sweep.h"
#include "table/change_log/stream_edits.h"
#include "table/change_log/stream_record.h"
#include "table/testing/item_world.h"

namespace gramme {

// A record with everything decoded.
struct Change {
  LogPosition position;
  std::uint32_t shard = 0;
  ChangeKind kind = ChangeKind::kInsert;
  ChangeCause cause = ChangeCause::kUser;
  std::optional<Item> keys;
  std::optional<Item> old_image;
  std::optional<Item> new_image;
};

inline std::optional<Item> DecodeImage(std::string_view image) {
  if (image.empty()) return std::nullopt;
  const auto item = DecodeItem(image);
  EXPECT_TRUE(item);
  return *item;
}

inline Change Decode(const LogEntry& entry, std::uint32_t shard) {
  const auto record = DecodeChangeRecord(entry.record);
  EXPECT_TRUE(record);
  Change change = {.position = entry.position,
                   .shard = shard,
                   .kind = record->kind,
                   .cause = record->cause,
                   .keys = {},
                   .old_image = DecodeImage(record->old_image),
                   .new_image = DecodeImage(record->new_image)};
  if (!record->keys.empty()) change.keys = *DecodeAttributes(record->keys);
  return change;
}

// What EnableRecovery needs for the world's table.
inline NewRecovery NewRecoveryOf(ItemWorld& world, std::int64_t period_days = 35) {
  NewRecovery recovery = {.now = world.clock().WallNow(),
                          .period_days = period_days,
                          .log_keyspace = 0,
                          .groups = world.store().Groups(world.table()->keyspace())};
  if (!world.description().change_log) {
    recovery.log_keyspace = static_cast<std::uint64_t>(*world.store().CreateKeyspace());
  }
  return recovery;
}

class ChangeLogTest : public testing::Test {
 protected:
  void Enable(StreamViewType type, std::uint32_t shard_count = 1) {
    NewStream stream = {.view_type = type,
                        .now = world_.clock().WallNow(),
                        .log_keyspace = 0,
                        .groups = {},
                        .shard_count = shard_count};
    if (!world_.description().change_log) {
      stream.log_keyspace = static_cast<std::uint64_t>(*world_.store().CreateKeyspace());
    }
    stream.groups = world_.store().Groups(world_.table()->keyspace());
    world_.EditTable([&](TableDescription& table) { return EnableStream(stream, table); });
  }
  void Disable() {
    world_.EditTable(
        [&](TableDescription& table) { return DisableStream(world_.clock().WallNow(), table); });
  }
  void EnableRecovery(std::int64_t period_days = 35) {
    world_.EditTable([recovery = NewRecoveryOf(world_, period_days)](TableDescription& table) {
      gramme::EnableRecovery(recovery, table);
      return Result<void>();
    });
  }
  void DisableRecovery() {
    world_.EditTable([&](TableDescription& table) {
      gramme::DisableRecovery(world_.clock().WallNow(), table);
      return Result<void>();
    });
  }
  // The sweep edits the table too.
  void Refresh() {
    world_.EditTable([](TableDescription&) { return Result<void>(); });
  }
  void Split(std::uint32_t shard_count) {
    world_.EditTable([&](TableDescription& table) {
      return SplitStreamShards(shard_count, world_.clock().WallNow(), table);
    });
  }
  LogSweep Sweep() {
    return *SweepChangeLogs(world_.store(), world_.catalog(), world_.clock().WallNow());
  }
  // The stream as its record has it.
  StreamRecord Record() {
    const auto records = ListStreamRecords(world_.store(), {});
    EXPECT_TRUE(records && !records->empty());
    return records->back();
  }
  // All of a shard, by pages of `count`.
  std::vector<Change> ReadShard(const StreamRecord& record, const LogShard& shard,
                                std::size_t count = 7) {
    std::vector<Change> changes;
    LogPosition from = ReadLogShardBounds(world_.store(), record.log_keyspace, shard)->first;
    for (bool more = true; more;) {
      const auto page =
          ReadLogPage(world_.store(), record.log_keyspace, shard, from, {.count_max = count});
      EXPECT_TRUE(page && !page->is_trimmed);
      for (const LogEntry& entry : page->entries) changes.push_back(Decode(entry, shard.number));
      from = page->next;
      more = !page->is_last;
    }
    return changes;
  }
  // Parents before their children.
  std::vector<Change> ReadAll() {
    std::vector<Change> changes;
    const StreamRecord record = Record();
    for (const LogShard& shard : record.shards) {
      for (Change& change : ReadShard(record, shard)) changes.push_back(std::move(change));
    }
    return changes;
  }

  Item With(Item more) const {
    more.insert(key_.begin(), key_.end());
    return more;
  }

  ItemWorld world_;
  const Item key_ = {{"P", S("p")}, {"R", N(1)}};
};

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_TESTING_LOG_FIXTURE_H_
