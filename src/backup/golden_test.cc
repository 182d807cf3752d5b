// The backup in tests/golden/backup/v1, made when the format was new. It opens for ever; it is
// never written again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

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

// Read through memory, so that nothing is written beside it.
void LoadGolden(BackupWorld& world) {
  const auto directory =
      DirectoryBackupStorage::Make(GRAMME_SOURCE_DIR "/tests/golden/backup/v1",
                                   DirectoryBackupStorage::Open::kExisting)
          .value();
  ASSERT_THAT(*directory->List(), ElementsAre(kGoldenId));
  const BackupManifest manifest = ReadManifest(*directory, kGoldenId).value();
  std::vector<std::string> names = {manifest.definitions.name};
  for (const BackupFile& file : manifest.data_files) names.push_back(file.name);
  for (const std::string& name : names) {
    const std::uint64_t size = directory->FileSize(kGoldenId, name).value();
    std::string bytes(size, '\0');
    ASSERT_TRUE(directory->Read(kGoldenId, name, 0, bytes).has_value());
    world.storage.Replace(kGoldenId, name, bytes);
  }
  world.storage.Replace(kGoldenId, kManifestFile, **directory->ReadManifest(kGoldenId));
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

}  // namespace
}  // namespace gramme
