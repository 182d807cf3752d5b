// Restores that keep the settings of their source, interrupted everywhere.

#include "backup/kept_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "backup/restore_job.h"
#include "backup/testing/backup_world.h"
#include "backup/testing/kept_settings.h"
#include "table/change_log/stream_edits.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class KeptSettingsTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  BackupWorldOptions Options() const { return {.seed = 17, .group_count = GetParam()}; }

  // A table with items, two of three with a time to live.
  static void MakeSource(BackupWorld& world) {
    MakeTableWithSettings(world, "Music");
    // Groups have times of their own, which are a clock's only while it goes on.
    world.clock.Advance(seconds(1));
    for (int i = 0; i < 25; ++i) WriteOne(world, "Music", i);
  }
  static void WriteOne(BackupWorld& world, std::string_view table, int i) {
    Item item = SampleItem("item-" + std::to_string(i), i);
    if (i % 3 != 0) item["t"] = Number::FromInt(4'000'000'000 + i);
    item["text"] = std::string(world.random.Below(200), 'x');
    world.Write(table, {item});
    world.clock.Advance(seconds(1));
  }
  static Result<BegunRestore> BeginFromBackup(BackupWorld& world, const std::string& id,
                                              std::string_view target) {
    RestoreRequest request = world.RestoreOf(id, target);
    request.keep = AllKeptSettings();
    return world.backups().BeginRestore(request);
  }
  static Result<BegunRestore> BeginToNow(BackupWorld& world) {
    return world.recovery().BeginRestore({.source_table_name = "Music",
                                          .target_table_name = "Copy",
                                          .time = {},
                                          .overrides = {},
                                          .keep = AllKeptSettings()});
  }

  static void RunTasks(BackupWorld& world, int count) {
    for (int i = 0; i < count && !world.process().jobs.List().empty(); ++i) {
      world.store.FlushAll();
      world.RunOneTask();
    }
  }

  // Nothing but tags and protection is seen of a target before it is ACTIVE.
  static void ExpectNothingEarly(BackupWorld& world) {
    const TableDescription& copy = world.Find("Copy")->description();
    if (!copy.restore_summary) return;
    EXPECT_EQ(copy.status, TableStatus::kCreating);
    EXPECT_FALSE(copy.time_to_live || copy.stream || copy.change_log);
    EXPECT_FALSE(copy.point_in_time_recovery.has_value());
    EXPECT_TRUE(copy.deletion_protection_enabled);
    EXPECT_THAT(copy.tags, SizeIs(1));
  }
  static void ExpectKept(BackupWorld& world, std::string_view name, const StoredItems& items) {
    const TableRef copy = world.Find(name);
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(copy->description().status, TableStatus::kActive);
    EXPECT_EQ(world.ItemsOf(copy), items);
    EXPECT_EQ(world.FindInconsistency(copy), "");
    EXPECT_EQ(FindMissingSetting(world, copy), "");
    EXPECT_THAT(*world.store.ListImages(), IsEmpty());
  }
  // Its recovery brings back what is written from now on.
  static void ExpectProtected(BackupWorld& world, std::string_view name) {
    ASSERT_TRUE(world.recovery().Sweep().has_value());
    ASSERT_TRUE(world.RunJobs());
    EXPECT_THAT(world.backups().BasesOf(world.Find(name)->description().id, {}), SizeIs(1));
    for (int i = 10; i < 20; ++i) WriteOne(world, name, i);
    const StoredItems items = world.ItemsOf(world.Find(name));
    ASSERT_TRUE(world.recovery()
                    .BeginRestore({.source_table_name = std::string(name),
                                   .target_table_name = "Second",
                                   .time = {},
                                   .overrides = {},
                                   .keep = AllKeptSettings()})
                    .has_value());
    ASSERT_TRUE(world.RunJobs());
    ExpectKept(world, "Second", items);
  }
};

INSTANTIATE_TEST_SUITE_P(Groups, KeptSettingsTest, ::testing::Values(1, 2));

TEST_P(KeptSettingsTest, ComeBackWithABackupWhateverStepACrashCutsOff) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld world(Options());
    MakeSource(world);
    const StoredItems items = world.ItemsOf(world.Find("Music"));
    const std::string id = world.MakeBackup("Music");
    ASSERT_TRUE(BeginFromBackup(world, id, "Copy").has_value());
    RunTasks(world, step);
    is_over = world.process().jobs.List().empty();
    ExpectNothingEarly(world);
    world.CrashAndStart();
    ExpectNothingEarly(world);
    ASSERT_TRUE(world.RunJobs());
    ExpectKept(world, "Copy", items);
    if (step % 5 == 0 || is_over) ExpectProtected(world, "Copy");
  }
}

TEST_P(KeptSettingsTest, ComeBackWithAMomentWhateverStepACrashCutsOff) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld world(Options());
    MakeSource(world);
    ASSERT_TRUE(world.RunJobs());
    const StoredItems items = world.ItemsOf(world.Find("Music"));
    ASSERT_TRUE(BeginToNow(world).has_value());
    RunTasks(world, step);
    is_over = world.process().jobs.List().empty();
    ExpectNothingEarly(world);
    world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    ExpectKept(world, "Copy", items);
  }
}

TEST_P(KeptSettingsTest, ComeBackWithADeletedTableUnderItsName) {
  BackupWorld world(Options());
  MakeSource(world);
  ASSERT_TRUE(world.RunJobs());
  const StoredItems items = world.ItemsOf(world.Find("Music"));
  const std::string label = world.Find("Music")->description().stream->label;
  world.Drop("Music");
  const BackupPage page = world.backups().List({.type = BackupType::kSystem});
  ASSERT_THAT(page.backups, SizeIs(1));
  const auto begun = BeginFromBackup(world, page.backups[0].id, "Music");
  ASSERT_TRUE(begun.has_value()) << begun.error().message;
  ASSERT_TRUE(world.RunJobs());
  ExpectKept(world, "Music", items);
  EXPECT_GT(world.Find("Music")->description().stream->label, label);
  ExpectProtected(world, "Music");
}

TEST_P(KeptSettingsTest, DamageRemovesTheTargetAndAllThatWasMadeForIt) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld world(Options());
    MakeSource(world);
    const std::string id = world.MakeBackup("Music");
    ASSERT_TRUE(BeginFromBackup(world, id, "Copy").has_value());
    const auto jobs = world.process().jobs.List();
    const auto job = std::ranges::find(jobs, kRestoreJob, &Job::kind);
    ASSERT_NE(job, jobs.end());
    const auto state = DecodeRestoreState(job->state);
    ASSERT_TRUE(state.has_value());
    EXPECT_NE(state->late.time_to_live_keyspace, 0u);
    RunTasks(world, step);
    world.CrashAndStart();
    is_over = !world.Find("Copy")->description().restore_summary;
    if (is_over) break;
    std::string bytes = world.storage.FilesOf(id).at("data-000003");
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    world.storage.Replace(id, "data-000003", bytes);
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(world.Find("Copy"), nullptr);
    EXPECT_THAT(KeysOf(world, state->late.time_to_live_keyspace), IsEmpty());
    EXPECT_THAT(KeysOf(world, state->late.log_keyspace), IsEmpty());
  }
}

TEST(KeptSettingsStateTest, EarlierVersionsHaveNone) {
  RestoreState state = {.backup_id = "id",
                        .table_name = "Copy",
                        .next = {},
                        .counts = {},
                        .replay = {},
                        .last_key = {},
                        .late = {}};
  state.late = {.time_to_live_attribute = "t",
                .stream_view_type = StreamViewType::kOldImage,
                .recovery_period_days = 3,
                .time_to_live_keyspace = 40,
                .log_keyspace = 41};
  const auto decoded = DecodeRestoreState(EncodeRestoreState(state));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->late.time_to_live_attribute, "t");
  EXPECT_EQ(decoded->late.stream_view_type, StreamViewType::kOldImage);
  EXPECT_EQ(decoded->late.recovery_period_days, 3);
  EXPECT_EQ(decoded->late.time_to_live_keyspace, 40u);
  EXPECT_EQ(decoded->late.log_keyspace, 41u);
  // As version 2 wrote it, and version 1.
  RecordWriter second(2);
  RecordWriter first(1);
  for (RecordWriter* out : {&second, &first}) {
    out->Bytes("id");
    out->Bytes("Copy");
    out->Unsigned(7);
    out->Bool(true);
    out->Unsigned(1);
    out->Unsigned(2);
    out->Unsigned(0);
  }
  second.Bool(false);
  second.Bytes("key");
  second.Bool(true);
  for (RecordWriter* out : {&second, &first}) {
    const auto earlier = DecodeRestoreState(std::move(*out).Finish());
    ASSERT_TRUE(earlier.has_value());
    EXPECT_EQ(earlier->table_number, 7u);
    EXPECT_FALSE(earlier->late.time_to_live_attribute || earlier->late.stream_view_type);
    EXPECT_FALSE(earlier->late.recovery_period_days.has_value());
  }
}

}  // namespace
}  // namespace gramme
