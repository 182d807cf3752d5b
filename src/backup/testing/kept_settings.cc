#include "backup/testing/kept_settings.h"

#include <gtest/gtest.h>

#include "base/result.h"
#include "table/change_log/stream_edits.h"
#include "table/item/item_key.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

constexpr std::int64_t kPeriodDays = 7;

}  // namespace

std::set<KeptSetting> AllKeptSettings() {
  return {KeptSetting::kTags, KeptSetting::kDeletionProtection, KeptSetting::kTimeToLive,
          KeptSetting::kStream, KeptSetting::kPointInTimeRecovery};
}

TableRef MakeTableWithSettings(BackupWorld& world, std::string_view name) {
  const TableRef table = world.MakeTable(name);
  const auto log = world.store.CreateKeyspace();
  const auto index = world.store.CreateKeyspace();
  const auto edit = [&](TableDescription& description) -> Result<void> {
    description.time_to_live = {.attribute_name = "t",
                                .status = TimeToLiveStatus::kEnabled,
                                .keyspace = static_cast<std::uint64_t>(*index),
                                .last_change_time = world.clock.WallNow()};
    return EnableStream({.view_type = StreamViewType::kOldImage,
                         .now = world.clock.WallNow(),
                         .log_keyspace = static_cast<std::uint64_t>(*log),
                         .groups = world.store.Groups(*log)},
                        description);
  };
  EXPECT_TRUE(world.process().catalog.EditTable(name, edit, [](WriteBatch&) {}).has_value());
  EXPECT_TRUE(world.recovery().Enable(name, kPeriodDays).has_value());
  world.store.FlushAll();
  return world.Find(name);
}

std::set<std::string> KeysOf(BackupWorld& world, std::uint64_t keyspace) {
  std::set<std::string> keys;
  for (const Group& group : world.store.Groups(KeyspaceId{keyspace})) {
    const auto view = world.store.OpenView(group.id, ReadTier::kDisk);
    EXPECT_TRUE(view.has_value());
    const auto visit = [&](std::string_view key, std::string_view) {
      keys.emplace(key);
      return ScanStep::kContinue;
    };
    EXPECT_TRUE((*view)->Scan(KeyspaceId{keyspace}, {}, Direction::kForward, visit).has_value());
  }
  return keys;
}

std::string FindMissingSetting(BackupWorld& world, const TableRef& table) {
  const TableDescription& description = table->description();
  if (description.tags != std::map<std::string, std::string>{{"stage", "test"}}) return "tags";
  if (!description.deletion_protection_enabled) return "deletion protection";
  const TimeToLiveDescription* time_to_live = MaintainedTimeToLive(description);
  if (time_to_live == nullptr || time_to_live->attribute_name != "t") return "time to live";
  std::set<std::string> expiries;
  for (const auto& [bytes, item] : world.ItemsOf(table)) {
    const auto second = ExpirySecondOf(*time_to_live, item);
    if (!second) continue;
    expiries.insert(ExpiryKeyOf(*time_to_live, *second, *KeyOfItem(*table, item)).bytes);
  }
  if (KeysOf(world, time_to_live->keyspace) != expiries) return "the index of the time to live";
  const bool has_stream =
      HasEnabledStream(description) && description.stream->view_type == StreamViewType::kOldImage &&
      StreamShards(description).size() == world.store.Groups(table->keyspace()).size();
  if (!has_stream) return "stream";
  const auto& recovery = description.point_in_time_recovery;
  if (!recovery || recovery->period_days != kPeriodDays) return "point-in-time recovery";
  return "";
}

}  // namespace gramme
