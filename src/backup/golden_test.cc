// The backups in tests/golden/backup: v1 made when the format was new, v1-recovery when tables were
// first described with point-in-time recovery. They open for ever; they are never written again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "backup/backup_reader.h"
#include "backup/directory_backup_storage.h"
#include "backup/offline.h"
#include "backup/testing/backup_world.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kGoldenId = "01700000000000-0123abcd";
constexpr std::string_view kRecoveryId = "01700000000000-3aa5b1d0";

// Read through memory, so that nothing is written beside it.
void LoadGolden(BackupWorld& world, const std::string& folder = "v1",
                std::string_view id = kGoldenId) {
  const auto directory =
      DirectoryBackupStorage::Make(GRAMME_SOURCE_DIR "/tests/golden/backup/" + folder,
                                   DirectoryBackupStorage::Open::kExisting)
          .value();
  ASSERT_THAT(*directory->List(), ElementsAre(id));
  const BackupManifest manifest = ReadManifest(*directory, id).value();
  std::vector<std::string> names = {manifest.definitions.name};
  for (const BackupFile& file : manifest.data_files) names.push_back(file.name);
  for (const std::string& name : names) {
    const std::uint64_t size = directory->FileSize(id, name).value();
    std::string bytes(size, '\0');
    ASSERT_TRUE(directory->Read(id, name, 0, bytes).has_value());
    world.storage.Replace(id, name, bytes);
  }
  world.storage.Replace(id, kManifestFile, **directory->ReadManifest(id));
  world.CrashAndStart();
}

TEST(GoldenBackupTest, OfVersionOneIsVerified) {
  BackupWorld world;
  LoadGolden(world);
  EXPECT_THAT(*VerifyStoredBackup(world.storage, kGoldenId), IsEmpty());
  const auto backup = world.backups().Find(kGoldenId);
  ASSERT_TRUE(backup.has_value());
  EXPECT_EQ(backup->name, "Golden");
  EXPECT_EQ(backup->arn,
            "arn:aws:dynamodb:us-east-1:000000000000:table/Music/backup/01700000000000-0123abcd");
  EXPECT_EQ(backup->creation_time, WallTime(std::chrono::seconds(1'700'000'000)));
  EXPECT_EQ(backup->positions.size(), 2u);
  EXPECT_EQ(backup->counts.items, 40);
  EXPECT_THAT(backup->table.indexes, SizeIs(2));
  EXPECT_GT(ReadManifest(world.storage, kGoldenId)->data_files.size(), 2u);
}

TEST(GoldenBackupTest, OfVersionOneIsRestored) {
  BackupWorld world;
  LoadGolden(world);
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(kGoldenId, "Copy")).has_value());
  ASSERT_TRUE(world.RunJobs());
  const TableRef copy = world.Find("Copy");
  ASSERT_THAT(world.ItemsOf(copy), SizeIs(40));
  EXPECT_EQ(world.FindInconsistency(copy), "");
  for (int i = 0; i < 40; ++i) {
    const Item item = SampleItem("golden-" + std::to_string(i), i * 7 - 100);
    EXPECT_TRUE(world.ItemsOf(copy).contains(KeyOfItem(*copy, item)->bytes)) << i;
  }
}

TEST(GoldenBackupTest, OfATableWithRecoveryIsVerifiedAndRestored) {
  BackupWorld world;
  LoadGolden(world, "v1-recovery", kRecoveryId);
  EXPECT_THAT(*VerifyStoredBackup(world.storage, kRecoveryId), IsEmpty());
  const auto backup = world.backups().Find(kRecoveryId);
  ASSERT_TRUE(backup.has_value());
  const TableDescription& table = backup->table;
  ASSERT_TRUE(table.point_in_time_recovery.has_value());
  EXPECT_EQ(table.point_in_time_recovery->period_days, 7);
  EXPECT_EQ(table.point_in_time_recovery->enabling_time, backup->creation_time);
  ASSERT_TRUE(table.stream.has_value());
  EXPECT_EQ(table.stream->view_type, StreamViewType::kOldImage);
  EXPECT_EQ(table.stream->first_shard, 2u);
  EXPECT_EQ(table.stream->end_shard, 3u);
  EXPECT_EQ(table.tags.at("stage"), "test");
  EXPECT_TRUE(table.deletion_protection_enabled);
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(kRecoveryId, "Copy")).has_value());
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(world.ItemsOf(world.Find("Copy")), SizeIs(10));
}

}  // namespace
}  // namespace gramme
