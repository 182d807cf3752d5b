// The files of a backup: damage anywhere is found, and the storages keep their promises.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "backup/backup_copy.h"
#include "backup/backup_reader.h"
#include "backup/directory_backup_storage.h"
#include "backup/offline.h"
#include "backup/testing/backup_world.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kId = "01489602797149-73d8d5bc";

class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string name = (fs::temp_directory_path() / "gramme-backup-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~ScratchDirectory() { fs::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(BackupIdTest, IsFourteenDigitsAndEightHexDigits) {
  EXPECT_TRUE(IsBackupId(kId));
  EXPECT_FALSE(IsBackupId("01489602797149-73D8D5BC"));
  EXPECT_FALSE(IsBackupId("1489602797149-73d8d5bc"));
  EXPECT_FALSE(IsBackupId("../489602797149-73d8d5b"));
}

TEST(BackupVerifyTest, FindsADamagedByteInAnyFile) {
  BackupWorld world;
  world.Fill(world.MakeTable("Music"), 25);
  const std::string id = world.MakeBackup("Music");
  ASSERT_THAT(*VerifyStoredBackup(world.storage, id), IsEmpty());
  const MemoryBackupStorage::Files files = world.storage.FilesOf(id);
  ASSERT_GT(files.size(), 3u);
  for (const auto& [name, bytes] : files) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      world.storage.Replace(id, name, damaged);
      EXPECT_THAT(*VerifyStoredBackup(world.storage, id), Not(IsEmpty())) << name << " " << at;
    }
    for (const std::size_t size : {std::size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      world.storage.Replace(id, name, bytes.substr(0, size));
      EXPECT_THAT(*VerifyStoredBackup(world.storage, id), Not(IsEmpty())) << name << " " << size;
    }
    world.storage.Replace(id, name, bytes + "x");
    EXPECT_THAT(*VerifyStoredBackup(world.storage, id), Not(IsEmpty())) << name;
    world.storage.Replace(id, name, bytes);
  }
}

TEST(BackupVerifyTest, NamesEachDamagedFile) {
  BackupWorld world;
  world.Fill(world.MakeTable("Music"), 30);
  const std::string id = world.MakeBackup("Music");
  world.storage.Replace(id, "data-000001", "short");
  world.storage.Replace(id, "data-000002", "short");
  EXPECT_THAT(*VerifyStoredBackup(world.storage, id),
              ElementsAre(HasSubstr("data-000001"), HasSubstr("data-000002")));
}

TEST(BackupVerifyTest, RefusesGoodFilesThatDoNotBelongTogether) {
  BackupWorld world;
  const TableRef table = world.MakeTable("Music");
  world.Fill(table, 30);
  const std::string id = world.MakeBackup("Music");
  BackupManifest manifest = *ReadManifest(world.storage, id);
  std::swap(manifest.data_files[0], manifest.data_files[1]);
  world.storage.Replace(id, kManifestFile, EncodeManifest(manifest));
  EXPECT_THAT(*VerifyStoredBackup(world.storage, id), ElementsAre(HasSubstr("out of order")));
  std::swap(manifest.data_files[0], manifest.data_files[1]);
  manifest.data_files.pop_back();
  world.storage.Replace(id, kManifestFile, EncodeManifest(manifest));
  EXPECT_THAT(*VerifyStoredBackup(world.storage, id), ElementsAre(HasSubstr("items of")));
}

TEST(BackupManifestTest, NamesOnlyFilesOfItsDirectory) {
  BackupManifest manifest = {.id = std::string(kId)};
  manifest.definitions.name = "../../etc/passwd";
  EXPECT_FALSE(DecodeManifest(EncodeManifest(manifest)).has_value());
}

TEST(BackupBlockTest, SurvivesEveryCutOfItsBytes) {
  BlockBuilder builder;
  for (int i = 0; i < 20; ++i) builder.Add("key" + std::to_string(i), std::string(40, 'v'));
  const std::string block = builder.Finish();
  const std::string stored = block.substr(kBlockLengthBytes);
  EXPECT_EQ(*DecodeBlockLength(block), stored.size());
  EXPECT_THAT(DecodeBlock(stored)->entries, SizeIs(20));
  for (std::size_t size = 0; size < stored.size(); ++size) {
    EXPECT_FALSE(DecodeBlock(stored.substr(0, size)).has_value());
  }
}

// The same promises for both storages.
class BackupStorageTest : public ::testing::TestWithParam<bool> {
 protected:
  BackupStorageTest() {
    if (GetParam()) {
      storage = *DirectoryBackupStorage::Make(scratch.path() + "/backups",
                                              DirectoryBackupStorage::Open::kCreate);
    } else {
      storage = std::make_unique<MemoryBackupStorage>();
    }
  }

  ScratchDirectory scratch;
  std::unique_ptr<BackupStorage> storage;
};

INSTANTIATE_TEST_SUITE_P(Storages, BackupStorageTest, ::testing::Bool());

TEST_P(BackupStorageTest, KeepsWhatIsPublished) {
  auto draft = storage->Begin(kId).value();
  ASSERT_TRUE(draft->Append("one", "first").has_value());
  ASSERT_TRUE(draft->Append("one", " second").has_value());
  ASSERT_TRUE(draft->Finish("one").has_value());
  EXPECT_FALSE(storage->ReadManifest(kId)->has_value());
  ASSERT_TRUE(draft->Publish("manifest").has_value());
  draft.reset();
  EXPECT_EQ(**storage->ReadManifest(kId), "manifest");
  EXPECT_EQ(*storage->FileSize(kId, "one"), 12u);
  std::string read(6, '\0');
  ASSERT_TRUE(storage->Read(kId, "one", 6, read).has_value());
  EXPECT_EQ(read, "second");
  read.resize(7);
  EXPECT_EQ(storage->Read(kId, "one", 6, read).error().code(), StatusCode::kCorruption);
  EXPECT_EQ(storage->Read(kId, "two", 0, read).error().code(), StatusCode::kCorruption);
  EXPECT_THAT(*storage->List(), ElementsAre(kId));
  EXPECT_EQ(storage->Begin(kId).error().code(), StatusCode::kConflict);
  ASSERT_TRUE(storage->RemoveAbandoned(kId).has_value());
  EXPECT_TRUE(storage->ReadManifest(kId)->has_value());
  ASSERT_TRUE(storage->Remove(kId).has_value());
  ASSERT_TRUE(storage->Remove(kId).has_value());
  EXPECT_THAT(*storage->List(), IsEmpty());
}

TEST_P(BackupStorageTest, LeavesADraftToItsWriter) {
  auto draft = storage->Begin(kId).value();
  ASSERT_TRUE(draft->Append("one", "first").has_value());
  EXPECT_EQ(storage->Begin(kId).error().code(), StatusCode::kConflict);
  ASSERT_TRUE(storage->RemoveAbandoned(kId).has_value());
  EXPECT_THAT(*storage->List(), ElementsAre(kId));
  draft.reset();
  auto next = storage->Begin(kId).value();
  EXPECT_FALSE(storage->FileSize(kId, "one").has_value());
  next.reset();
  ASSERT_TRUE(storage->RemoveAbandoned(kId).has_value());
  EXPECT_THAT(*storage->List(), IsEmpty());
}

TEST(DirectoryBackupStorageTest, LeavesAloneWhatIsNotItsOwn) {
  const ScratchDirectory scratch;
  fs::create_directory(scratch.path() + "/holiday-photos");
  std::ofstream(scratch.path() + "/notes.txt") << "notes";
  const auto storage =
      DirectoryBackupStorage::Make(scratch.path(), DirectoryBackupStorage::Open::kExisting);
  EXPECT_THAT(*(*storage)->List(), IsEmpty());
}

TEST(DirectoryBackupStorageTest, LeavesAloneWhatOnlyHasTheNameOfABackup) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path() + "/" + std::string(kId)) << "no directory";
  const std::string other = "01489602797150-73d8d5bc";
  fs::create_directories(scratch.path() + "/" + other + "/photos");
  const auto storage =
      DirectoryBackupStorage::Make(scratch.path(), DirectoryBackupStorage::Open::kExisting).value();
  EXPECT_THAT(*storage->List(), ElementsAre(other));
  EXPECT_TRUE(storage->RemoveAbandoned(other).has_value());
  EXPECT_TRUE(fs::exists(scratch.path() + "/" + other + "/photos"));
}

TEST(DirectoryBackupStorageTest, RefusesADirectoryThatIsNotThere) {
  const ScratchDirectory scratch;
  const auto refused = [&](std::string_view below, DirectoryBackupStorage::Open open) {
    const auto made = DirectoryBackupStorage::Make(scratch.path() + std::string(below), open);
    return made ? std::string() : made.error().message();
  };
  EXPECT_THAT(refused("/none", DirectoryBackupStorage::Open::kExisting), HasSubstr("/none"));
  EXPECT_THAT(refused("/unmounted/backups", DirectoryBackupStorage::Open::kCreate),
              AllOf(HasSubstr("/unmounted/backups"), HasSubstr("is its disk mounted?")));
  EXPECT_FALSE(fs::exists(scratch.path() + "/unmounted"));
  std::ofstream(scratch.path() + "/file") << "x";
  EXPECT_THAT(refused("/file", DirectoryBackupStorage::Open::kCreate), HasSubstr("/file"));
}

TEST(DirectoryBackupStorageTest, RefusesADirectoryThatCannotBeWritten) {
  const ScratchDirectory scratch;
  if (::geteuid() == 0) return;  // who may write everywhere
  fs::permissions(scratch.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const auto made =
      DirectoryBackupStorage::Make(scratch.path(), DirectoryBackupStorage::Open::kCreate);
  fs::permissions(scratch.path(), fs::perms::owner_all);
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().message(), AllOf(HasSubstr(scratch.path()), HasSubstr("written")));
}

// Copies a backup of one world into a directory, as if a server had written it there.
std::string MakeDirectoryBackup(BackupWorld& world, BackupStorage& storage) {
  const std::string id = world.MakeBackup("Music");
  EXPECT_EQ(CopyBackup(world.storage, storage, id)->outcome, CopyOutcome::kCopied);
  return id;
}

TEST(OfflineTest, ListsVerifiesAndRestoresADirectory) {
  const ScratchDirectory scratch;
  const auto storage =
      DirectoryBackupStorage::Make(scratch.path(), DirectoryBackupStorage::Open::kExisting).value();
  BackupWorld world;
  const TableRef table = world.MakeTable("Music");
  world.Fill(table, 25);
  const std::string id = MakeDirectoryBackup(world, *storage);
  const auto listed = ListStoredBackups(*storage).value();
  ASSERT_THAT(listed, SizeIs(1));
  EXPECT_EQ(listed[0].backup->table.name, "Music");
  EXPECT_THAT(*VerifyStoredBackup(*storage, id), IsEmpty());

  BackupWorld fresh;
  const auto restored =
      RestoreOffline(fresh.store, fresh.process().catalog, *storage, fresh.clock, fresh.random,
                     fresh.settings, {.backup_id = id, .target_table_name = "Copy"});
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  EXPECT_EQ(restored->status, TableStatus::kActive);
  fresh.CrashAndStart();
  EXPECT_EQ(fresh.ItemsOf(fresh.Find("Copy")), world.ItemsOf(table));
  EXPECT_EQ(fresh.FindInconsistency(fresh.Find("Copy")), "");
}

TEST(OfflineTest, SaysWhyADamagedBackupIsNotRestored) {
  const ScratchDirectory scratch;
  const auto storage =
      DirectoryBackupStorage::Make(scratch.path(), DirectoryBackupStorage::Open::kExisting).value();
  BackupWorld world;
  world.Fill(world.MakeTable("Music"), 25);
  const std::string id = MakeDirectoryBackup(world, *storage);
  fs::resize_file(scratch.path() + "/" + id + "/data-000001", 20);
  const auto restored =
      RestoreOffline(world.store, world.process().catalog, *storage, world.clock, world.random,
                     world.settings, {.backup_id = id, .target_table_name = "Copy"});
  ASSERT_FALSE(restored.has_value());
  EXPECT_THAT(restored.error().message, HasSubstr("data-000001"));
  world.CrashAndStart();
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Copy"), nullptr);
}

}  // namespace
}  // namespace gramme
