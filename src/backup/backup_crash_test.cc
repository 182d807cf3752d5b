// Backups and restores that are interrupted everywhere: between steps, within them, and in the
// store.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "backup/backup_reader.h"
#include "backup/offline.h"
#include "backup/testing/backup_world.h"
#include "backup/testing/kept_settings.h"

namespace gramme {
namespace {

using ::testing::IsEmpty;

class BackupCrashTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  BackupWorldOptions Options() const { return {.seed = 11, .group_count = GetParam()}; }
};

INSTANTIATE_TEST_SUITE_P(Groups, BackupCrashTest, ::testing::Values(1, 2));

void ExpectWhole(BackupWorld& world, const std::string& id, const StoredItems& items) {
  const auto backup = world.backups().Find(id);
  ASSERT_TRUE(backup.has_value());
  EXPECT_EQ(backup->status, BackupStatus::kAvailable);
  EXPECT_EQ(backup->counts.items, std::ssize(items));
  EXPECT_THAT(*VerifyStoredBackup(world.storage, id), IsEmpty());
  EXPECT_TRUE(world.store.ListImages()->empty());
  if (world.Find("Copy") == nullptr) {
    ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Copy")).has_value());
    ASSERT_TRUE(world.RunJobs());
  }
  const TableRef copy = world.Find("Copy");
  EXPECT_EQ(copy->description().status, TableStatus::kActive);
  EXPECT_EQ(world.ItemsOf(copy), items);
  EXPECT_EQ(world.FindInconsistency(copy), "");
}

// Runs `count` tasks. True where there was nothing left to do before.
bool RunTasks(BackupWorld& world, int count) {
  for (int i = 0; i < count; ++i) {
    if (world.process().jobs.List().empty()) return true;
    world.RunOneTask();
  }
  return world.process().jobs.List().empty();
}

TEST_P(BackupCrashTest, AnAnsweredBackupIsCompletedWithItsOwnInstantAfterACrashAtAnyStep) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld world(Options());
    const TableRef table = world.MakeTable("Music");
    world.Fill(table, 25);
    const StoredItems before = world.ItemsOf(table);
    const auto created = world.backups().Create("Music", "Backup");
    ASSERT_TRUE(created.has_value());
    world.Fill(table, 5);
    is_over = RunTasks(world, step);
    world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(world.backups().Find(created->id)->positions, created->positions);
    ExpectWhole(world, created->id, before);
  }
}

TEST_P(BackupCrashTest, AnAnsweredBackupIsCompletedAfterACrashAtAnyChangeOfItsStorage) {
  bool is_over = false;
  for (int change = 0; !is_over; ++change) {
    SCOPED_TRACE(change);
    BackupWorld world(Options());
    const TableRef table = world.MakeTable("Music");
    world.Fill(table, 15);
    const StoredItems before = world.ItemsOf(table);
    const auto created = world.backups().Create("Music", "Backup");
    ASSERT_TRUE(created.has_value());
    auto left = std::make_shared<int>(change);
    world.storage.SetFault([left]() -> std::optional<StatusCode> {
      if ((*left)-- > 0) return std::nullopt;
      return StatusCode::kIoError;
    });
    is_over = RunTasks(world, 40);
    world.storage.SetFault(nullptr);
    world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    ExpectWhole(world, created->id, before);
  }
}

TEST_P(BackupCrashTest, OneFailedChangeOfTheStorageIsOvercomeWithoutACrash) {
  for (int change = 0; change < 30; ++change) {
    SCOPED_TRACE(change);
    BackupWorld world(Options());
    const TableRef table = world.MakeTable("Music");
    world.Fill(table, 15);
    const StoredItems before = world.ItemsOf(table);
    const auto created = world.backups().Create("Music", "Backup");
    auto left = std::make_shared<int>(change);
    world.storage.SetFault([left]() -> std::optional<StatusCode> {
      if ((*left)-- == 0) return StatusCode::kOutOfSpace;
      return std::nullopt;
    });
    ASSERT_TRUE(world.RunJobs());
    world.storage.SetFault(nullptr);
    ExpectWhole(world, created->id, before);
  }
}

TEST_P(BackupCrashTest, ARestoreIsCompletedAfterACrashAtAnyStep) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld world(Options());
    const TableRef table = world.MakeTable("Music");
    world.Fill(table, 25);
    const StoredItems before = world.ItemsOf(table);
    const std::string id = world.MakeBackup("Music");
    ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Copy")).has_value());
    is_over = RunTasks(world, step);
    world.CrashAndStart();
    if (!is_over && world.Find("Copy")->description().restore_summary) {
      EXPECT_EQ(world.Find("Copy")->description().status, TableStatus::kCreating);
      // The reservation survives, too.
      EXPECT_EQ(world.backups().Delete(id, "ARN").error().code, ErrorCode::kBackupInUseException);
    }
    ASSERT_TRUE(world.RunJobs());
    ExpectWhole(world, id, before);
    EXPECT_TRUE(world.backups().Delete(id, "ARN").has_value());
  }
}

// A restore that was interrupted verifies what it had imported already, and all the rest.
TEST_P(BackupCrashTest, DamageAnywhereEndsARestoreThatWasInterruptedAnywhere) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    for (const char* name : {"data-000001", "data-000003"}) {
      SCOPED_TRACE(name + std::to_string(step));
      BackupWorld world(Options());
      world.Fill(world.MakeTable("Music"), 25);
      const std::string id = world.MakeBackup("Music");
      ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Copy")).has_value());
      is_over = RunTasks(world, step);
      if (is_over) break;
      world.CrashAndStart();
      const TableRef copy = world.Find("Copy");
      if (!copy->description().restore_summary) break;  // only its end was left
      std::string bytes = world.storage.FilesOf(id).at(name);
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
      world.storage.Replace(id, name, bytes);
      ASSERT_TRUE(world.RunJobs());
      EXPECT_EQ(world.Find("Copy"), nullptr);
    }
  }
}

// One fault of the store at one of its updates.
class OneFault : public StoreFaults {
 public:
  OneFault(UpdateFault fault, int at) : fault_(fault), left_(at) {}

  UpdateFault OnUpdate(ReadTier, bool has_guards) override {
    if (!is_on_ || left_-- != 0) return UpdateFault::kNone;
    if (fault_ == UpdateFault::kStale && !has_guards) return UpdateFault::kNone;
    return fault_;
  }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

  void Enable(bool on) { is_on_ = on; }
  bool has_happened() const { return left_ < 0; }

 private:
  const UpdateFault fault_;
  int left_;
  bool is_on_ = false;
};

class BackupFaultTest : public ::testing::TestWithParam<UpdateFault> {};

INSTANTIATE_TEST_SUITE_P(Faults, BackupFaultTest,
                         ::testing::Values(UpdateFault::kStale, UpdateFault::kConflict,
                                           UpdateFault::kUnavailable, UpdateFault::kUnknownApplied,
                                           UpdateFault::kUnknownLost, UpdateFault::kDecideAgain));

// Whatever the client is told, the backup and the table are whole or absent in the end.
TEST_P(BackupFaultTest, AtAnyUpdateLeavesBackupsAndTablesWholeOrAbsent) {
  bool is_over = false;
  for (int at = 0; !is_over; ++at) {
    SCOPED_TRACE(at);
    OneFault fault(GetParam(), at);
    BackupWorld world({.seed = 13, .faults = &fault});
    const TableRef table = MakeTableWithSettings(world, "Music");
    world.Fill(table, 15);
    const StoredItems before = world.ItemsOf(table);
    ASSERT_TRUE(world.RunJobs());
    fault.Enable(true);
    auto created = world.backups().Create("Music", "Backup");
    if (!created) created = world.backups().Create("Music", "Backup");
    ASSERT_TRUE(created.has_value()) << created.error().message;
    ASSERT_TRUE(world.RunJobs());
    RestoreRequest request = world.RestoreOf(created->id, "Copy");
    request.keep = AllKeptSettings();
    auto restored = world.backups().BeginRestore(request);
    if (!restored) restored = world.backups().BeginRestore(request);
    ASSERT_TRUE(restored.has_value()) << restored.error().message;
    ASSERT_TRUE(world.RunJobs());
    is_over = !fault.has_happened();
    fault.Enable(false);
    ExpectWhole(world, created->id, before);
    EXPECT_EQ(FindMissingSetting(world, world.Find("Copy")), "");
    world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    ExpectWhole(world, created->id, before);
    EXPECT_EQ(world.backups().List({}).backups.size(), 1u);
  }
}

TEST(BackupLoadTest, RemovesImagesAndDraftsThatNoJobNames) {
  BackupWorld world;
  const TableRef table = world.MakeTable("Music");
  const KeyspaceId keyspace = table->keyspace();
  const std::string id = "01489602797149-73d8d5bc";
  ASSERT_TRUE(world.store.Freeze(BackupImageId(id), {&keyspace, 1}).has_value());
  ASSERT_TRUE(world.storage.Begin(id).value()->Append("data-000001", "half").has_value());
  ASSERT_TRUE(world.store.Freeze("export-1", {&keyspace, 1}).has_value());
  world.CrashAndStart();
  EXPECT_THAT(world.backups().List({}).backups, IsEmpty());
  EXPECT_THAT(*world.storage.List(), IsEmpty());
  ASSERT_EQ(world.store.ListImages()->size(), 1u);  // what is not a backup's is left alone
  EXPECT_EQ(world.store.ListImages()->at(0).id, "export-1");
}

TEST(BackupLoadTest, SaysWhichBackupsAreDamagedAndServesTheOthers) {
  BackupWorld world;
  world.Fill(world.MakeTable("Music"), 5);
  const std::string damaged = world.MakeBackup("Music");
  const std::string good = world.MakeBackup("Music");
  world.storage.Replace(damaged, "definitions", "nonsense");
  world.CrashAndStart();
  EXPECT_TRUE(world.backups().damaged().contains(damaged));
  EXPECT_FALSE(world.backups().Find(damaged).has_value());
  EXPECT_TRUE(world.backups().Find(good).has_value());
}

TEST(BackupLoadTest, ABackupWhoseImageIsGoneIsReportedAndEnds) {
  BackupWorld world;
  world.Fill(world.MakeTable("Music"), 5);
  const auto created = world.backups().Create("Music", "Backup");
  ASSERT_TRUE(world.store.ReleaseImage(BackupImageId(created->id)).has_value());
  ASSERT_TRUE(world.RunJobs());
  EXPECT_FALSE(world.backups().Find(created->id).has_value());
  ASSERT_EQ(world.process().failures.size(), 1u);
  EXPECT_EQ(world.process().failures[0].code(), StatusCode::kCorruption);
}

}  // namespace
}  // namespace gramme
