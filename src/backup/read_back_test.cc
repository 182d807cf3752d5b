// What was written is read back before anybody is told that it is there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "backup/backup_reader.h"
#include "backup/backup_writer.h"
#include "backup/offline.h"
#include "backup/read_back.h"
#include "backup/testing/backup_world.h"
#include "encoding/item_encoding.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kId = "01489602797149-73d8d5bc";
constexpr std::uint64_t kStepBytes = 300;

// A draft in memory with several data files, as BackupWriter leaves it.
class ReadBackTest : public ::testing::Test {
 protected:
  ReadBackTest() : table(world.MakeTable("Music")), draft(world.storage.Begin(kId).value()) {
    std::map<std::string, std::string> items;
    for (int i = 0; i < 40; ++i) {
      const Item item = SampleItem("item-" + std::to_string(i), i);
      items.emplace(KeyOfItem(*table, item)->bytes, EncodeItem(item));
    }
    BackupWriter writer(*draft, {.block_bytes = 300, .file_bytes = 900});
    for (const auto& [key, value] : items) EXPECT_TRUE(writer.Add(key, value).has_value());
    BackupDescription description = {.id = std::string(kId)};
    description.table = table->description();
    manifest = writer.FinishFiles(description).value();
    ended = writer.TakeEnded();
  }

  StoreResult<std::vector<BackupFile>> Run(std::vector<BackupFile> files) {
    ReadBack read_back(world.storage, *draft, std::string(kId), table, kStepBytes, nullptr);
    for (BackupFile& file : files) read_back.Add(std::move(file));
    for (;;) {
      const auto is_all = read_back.Help();
      if (!is_all) return std::unexpected(is_all.error());
      if (*is_all) return read_back.Finish(manifest);
    }
  }

  BackupWorld world;
  TableRef table;
  std::unique_ptr<BackupDraft> draft;
  BackupManifest manifest;
  std::vector<BackupFile> ended;
};

TEST_F(ReadBackTest, GivesTheDigestsOfWhatIsThere) {
  ASSERT_GT(ended.size(), 2u);
  const auto files = Run(ended);
  ASSERT_TRUE(files.has_value()) << files.error().message();
  ASSERT_THAT(*files, SizeIs(ended.size()));
  const MemoryBackupStorage::Files stored = world.storage.FilesOf(kId);
  for (const BackupFile& file : *files) EXPECT_EQ(file.sha256, Sha256Of(stored.at(file.name)));
}

TEST_F(ReadBackTest, FindsADamagedByteAndAnyOtherLength) {
  const MemoryBackupStorage::Files stored = world.storage.FilesOf(kId);
  for (const BackupFile& file : ended) {
    const std::string& bytes = stored.at(file.name);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      world.storage.Replace(kId, file.name, damaged);
      const auto files = Run(ended);
      ASSERT_FALSE(files.has_value()) << file.name << " " << at;
      EXPECT_EQ(files.error().code(), StatusCode::kCorruption);
    }
    for (const std::string& other : {bytes.substr(0, bytes.size() - 1), bytes + "x"}) {
      world.storage.Replace(kId, file.name, other);
      EXPECT_FALSE(Run(ended).has_value()) << file.name;
    }
    world.storage.Replace(kId, file.name, bytes);
  }
  EXPECT_TRUE(Run(ended).has_value());
}

// Each block is good by itself, and together they hold the same items.
TEST_F(ReadBackTest, FindsBlocksThatNobodyWrote) {
  const std::string bytes = world.storage.FilesOf(kId).at(ended[0].name);
  const std::string_view first = std::string_view(bytes).substr(kDataFileMagic.size());
  const std::size_t length = DecodeBlockLength(first).value();
  const auto block = DecodeBlock(first.substr(kBlockLengthBytes, length));
  ASSERT_TRUE(block.has_value());
  BlockBuilder builder;
  std::string other(kDataFileMagic);
  for (const BackupEntry& entry : block->entries) {
    builder.Add(entry.key, entry.value);
    other += builder.Finish();
  }
  ASSERT_GT(block->entries.size(), 1u);
  other += first.substr(kBlockLengthBytes + length);
  world.storage.Replace(kId, ended[0].name, other);
  std::vector<BackupFile> files = ended;
  files[0].byte_count = other.size();
  const auto found = Run(files);
  ASSERT_FALSE(found.has_value());
  EXPECT_THAT(found.error().message(), HasSubstr("SHA-256"));
}

TEST_F(ReadBackTest, FindsFilesThatDoNotBelongTogether) {
  std::vector<BackupFile> files = ended;
  std::swap(files[0], files[1]);
  EXPECT_THAT(Run(files).error().message(), HasSubstr("out of order"));
  files = ended;
  files.pop_back();
  EXPECT_THAT(Run(files).error().message(), HasSubstr("items of"));
}

TEST_F(ReadBackTest, NeedsNoTaskThatNeverRuns) {
  SimulatedExecutor executor(world.clock, world.random);
  {
    ReadBack read_back(world.storage, *draft, std::string(kId), table, kStepBytes, &executor);
    for (const BackupFile& file : ended) read_back.Add(file);
    bool is_all = false;
    while (!is_all) is_all = read_back.Help().value();
    EXPECT_TRUE(read_back.Finish(manifest).has_value());
  }
  // A task that comes late finds nothing to do, and nothing that is gone.
  EXPECT_TRUE(executor.RunUntilIdle());
}

TEST_F(ReadBackTest, IsDoneByTasksWhereThereAreThreads) {
  ThreadPool pool(2, 10);
  for (int i = 0; i < 50; ++i) {
    ReadBack read_back(world.storage, *draft, std::string(kId), table, kStepBytes, &pool);
    for (const BackupFile& file : ended) read_back.Add(file);
    if (i % 2 == 0) continue;  // ends with tasks under way
    bool is_all = false;
    while (!is_all) is_all = read_back.Help().value();
    EXPECT_TRUE(read_back.Finish(manifest).has_value());
  }
}

// Whenever the storage loses a bit of what was written, the backup is made again.
TEST(BackupReadBackTest, ADamagedDraftIsNotPublished) {
  for (int tasks = 1; tasks < 40; ++tasks) {
    SCOPED_TRACE(tasks);
    BackupWorld world({.seed = static_cast<std::uint64_t>(tasks)});
    world.Fill(world.MakeTable("Music"), 25);
    const auto created = world.backups().Create("Music", "Backup");
    for (int i = 0; i < tasks; ++i) world.RunOneTask();
    const MemoryBackupStorage::Files files = world.storage.FilesOf(created->id);
    const auto file = files.find("data-000002");
    if (file == files.end() || files.contains(kManifestFile)) continue;
    std::string bytes = file->second;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
    world.storage.Replace(created->id, file->first, bytes);
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(world.backups().Find(created->id)->status, BackupStatus::kAvailable);
    const bool was_checked_before = world.process().failures.empty();
    // Damage after the check is what `gramme backup verify` is for.
    if (!was_checked_before) {
      EXPECT_THAT(*VerifyStoredBackup(world.storage, created->id), IsEmpty());
    }
  }
}

}  // namespace
}  // namespace gramme
