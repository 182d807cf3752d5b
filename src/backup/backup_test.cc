// Backups from their creation to their restore, in a world of one thread.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "backup/backup_reader.h"
#include "backup/testing/backup_world.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BackupTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  BackupWorld world{{.seed = 7, .group_count = GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Groups, BackupTest, ::testing::Values(1, 3));

TEST_P(BackupTest, RestoresTheItemsOfItsInstantWithIndexesAndCounts) {
  const TableRef table = world.MakeTable("Music");
  world.Fill(table, 60);
  const StoredItems before = world.ItemsOf(table);
  const auto created = world.backups().Create("Music", "Backup");
  ASSERT_TRUE(created.has_value());
  EXPECT_EQ(created->status, BackupStatus::kCreating);
  world.Fill(table, 20);
  ASSERT_TRUE(world.RunJobs());
  const auto whole = world.backups().Find(created->id);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->status, BackupStatus::kAvailable);
  EXPECT_EQ(whole->counts.items, std::ssize(before));
  EXPECT_EQ(whole->positions, created->positions);
  EXPECT_GT(ReadManifest(world.storage, created->id)->data_files.size(), 2u);

  const auto edit = world.backups().BeginRestore(world.RestoreOf(created->id, "Copy"));
  ASSERT_TRUE(edit.has_value()) << edit.error().message;
  EXPECT_EQ(edit->edit.table->description().status, TableStatus::kCreating);
  EXPECT_EQ(edit->edit.table->description().restore_summary->source_backup_arn, created->arn);
  ASSERT_TRUE(world.RunJobs());
  const TableRef copy = world.Find("Copy");
  EXPECT_EQ(copy->description().status, TableStatus::kActive);
  EXPECT_FALSE(copy->description().restore_summary.has_value());
  EXPECT_EQ(world.ItemsOf(copy), before);
  EXPECT_EQ(world.FindInconsistency(copy), "");
  EXPECT_TRUE(world.store.ListImages()->empty());
}

TEST_P(BackupTest, OfAnEmptyTableIsRestored) {
  world.MakeTable("Music");
  const std::string id = world.MakeBackup("Music");
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Copy")).has_value());
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Copy")->description().status, TableStatus::kActive);
  EXPECT_THAT(world.ItemsOf(world.Find("Copy")), IsEmpty());
}

TEST_P(BackupTest, OutlivesItsTable) {
  const TableRef table = world.MakeTable("Music");
  world.Fill(table, 10);
  const StoredItems before = world.ItemsOf(table);
  const std::string id = world.MakeBackup("Music");
  const auto dropped = BeginTableDrop(
      "Music", [](TableDescription&) -> Result<void> { return {}; }, world.process().catalog,
      world.process().jobs, world.settings);
  ASSERT_TRUE(dropped.has_value());
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Music")).has_value());
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.ItemsOf(world.Find("Music")), before);
}

TEST_P(BackupTest, IsRestoredOnAServerThatKnowsNothingOfItsSource) {
  const TableRef table = world.MakeTable("Music");
  world.Fill(table, 30);
  const StoredItems before = world.ItemsOf(table);
  const std::string id = world.MakeBackup("Music");
  BackupWorld fresh({.seed = 8, .group_count = 2});
  for (const auto& [name, bytes] : world.storage.FilesOf(id)) {
    fresh.storage.Replace(id, name, bytes);
  }
  fresh.CrashAndStart();
  ASSERT_TRUE(fresh.backups().BeginRestore(fresh.RestoreOf(id, "Copy")).has_value());
  ASSERT_TRUE(fresh.RunJobs());
  EXPECT_EQ(fresh.ItemsOf(fresh.Find("Copy")), before);
  EXPECT_EQ(fresh.FindInconsistency(fresh.Find("Copy")), "");
}

TEST_P(BackupTest, LeavesOutTagsAndDeletionProtection) {
  world.MakeTable("Music");
  const std::string id = world.MakeBackup("Music");
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Copy")).has_value());
  const TableDescription& copy = world.Find("Copy")->description();
  EXPECT_THAT(copy.tags, IsEmpty());
  EXPECT_FALSE(copy.deletion_protection_enabled);
  EXPECT_EQ(copy.billing_mode, BillingMode::kPayPerRequest);
  EXPECT_NE(copy.id, world.Find("Music")->description().id);
}

TEST_P(BackupTest, OfAnAbsentOrCreatingTableIsRefused) {
  const auto absent = world.backups().Create("Missing", "Backup");
  ASSERT_FALSE(absent.has_value());
  EXPECT_EQ(absent.error().code, ErrorCode::kTableNotFoundException);
  EXPECT_EQ(absent.error().message, "Table not found: Missing");
  world.settings.transition_delay = std::chrono::seconds(5);
  world.MakeTable("Music");
  EXPECT_EQ(world.backups().Create("Music", "Backup").error().message, "Table not found: Music");
  EXPECT_TRUE(world.store.ListImages()->empty());
}

TEST_P(BackupTest, ShowsItsProgress) {
  world.Fill(world.MakeTable("Music"), 50);
  ASSERT_TRUE(world.backups().Create("Music", "Backup").has_value());
  std::uint64_t last = 0;
  bool has_moved = false;
  while (!world.process().jobs.List().empty()) {
    world.store.FlushAll();
    const std::vector<Job> jobs = world.process().jobs.List();
    if (!jobs.empty()) {
      EXPECT_EQ(jobs[0].kind, kBackupJob);
      EXPECT_EQ(jobs[0].items_total, 50u);
      EXPECT_GE(jobs[0].items_done, last);
      has_moved = has_moved || (jobs[0].items_done > last && jobs[0].items_done < 50);
      last = jobs[0].items_done;
    }
    world.RunOneTask();
  }
  EXPECT_TRUE(has_moved);
}

TEST_P(BackupTest, CannotBeDeletedWhileItIsMadeOrRestored) {
  world.Fill(world.MakeTable("Music"), 20);
  const auto created = world.backups().Create("Music", "Backup");
  EXPECT_EQ(world.backups().Delete(created->id, "ARN").error().code,
            ErrorCode::kBackupInUseException);
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(created->id, "Copy")).has_value());
  const auto refused = world.backups().Delete(created->id, "ARN");
  EXPECT_EQ(refused.error().code, ErrorCode::kBackupInUseException);
  EXPECT_EQ(refused.error().message, "Backup is being used to restore table: ARN");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.backups().Delete(created->id, "ARN")->status, BackupStatus::kDeleted);
  EXPECT_EQ(world.backups().Delete(created->id, "ARN").error().message, "Backup not found: ARN");
  EXPECT_THAT(*world.storage.List(), IsEmpty());
}

TEST_P(BackupTest, ThatIsDamagedEndsItsRestoreWithoutATable) {
  world.Fill(world.MakeTable("Music"), 20);
  const std::string id = world.MakeBackup("Music");
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(id, "Copy")).has_value());
  std::string bytes = world.storage.FilesOf(id).at("data-000001");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  world.storage.Replace(id, "data-000001", bytes);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Copy"), nullptr);
  ASSERT_EQ(world.process().failures.size(), 1u);
  EXPECT_EQ(world.process().failures[0].code(), StatusCode::kCorruption);
  // The backup is not in use any more.
  EXPECT_TRUE(world.backups().Delete(id, "ARN").has_value());
}

TEST(BackupListTest, IsFilteredAndPaged) {
  BackupWorld world;
  std::vector<std::string> ids;
  for (const char* name : {"Music", "Books", "Music", "Music"}) {
    if (world.Find(name) == nullptr) world.MakeTable(name);
    world.clock.Advance(std::chrono::seconds(10));
    ids.push_back(world.MakeBackup(name));
  }
  const auto listed = [&](const BackupFilter& filter) {
    std::vector<std::string> found;
    for (const BackupDescription& backup : world.backups().List(filter).backups) {
      found.push_back(backup.id);
    }
    return found;
  };
  EXPECT_EQ(listed({}), ids);
  EXPECT_THAT(listed({.table_name = "Music"}), ElementsAre(ids[0], ids[2], ids[3]));
  EXPECT_THAT(listed({.table_name = "Gone"}), IsEmpty());
  const WallTime second = world.backups().Find(ids[1])->creation_time;
  EXPECT_THAT(listed({.from = second}), ElementsAre(ids[1], ids[2], ids[3]));
  EXPECT_THAT(listed({.until = second}), ElementsAre(ids[0]));
  EXPECT_THAT(listed({.type = BackupType::kSystem}), IsEmpty());
  EXPECT_THAT(listed({.count_max = 2}), ElementsAre(ids[0], ids[1]));
  EXPECT_TRUE(world.backups().List({.count_max = 3}).has_more);
  EXPECT_FALSE(world.backups().List({.count_max = 4}).has_more);
  // A cursor goes on where it points, whether or not there is a backup.
  ASSERT_TRUE(world.backups().Delete(ids[1], "ARN").has_value());
  EXPECT_THAT(listed({.after_id = ids[1]}), ElementsAre(ids[2], ids[3]));
  EXPECT_THAT(listed({.after_id = "00000000000000-00000000", .count_max = 1}),
              ElementsAre(ids[0]));
}

}  // namespace
}  // namespace gramme
