// Copies of backups: the same bytes, whole or absent, whatever fails meanwhile.

#include "backup/backup_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "backup/offline.h"
#include "backup/testing/backup_world.h"
#include "base/result.h"

namespace gramme {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Forwards to another storage, and can change what is read, or fail.
class LyingStorage : public BackupStorage {
 public:
  using Lie = std::function<StoreResult<void>(std::string_view file, std::span<char>)>;

  LyingStorage(BackupStorage& real, Lie lie) : real_(real), lie_(std::move(lie)) {}

  StoreResult<std::vector<std::string>> List() const override { return real_.List(); }
  StoreResult<std::unique_ptr<BackupDraft>> Begin(std::string_view id) override {
    return real_.Begin(id);
  }
  StoreResult<std::optional<std::string>> ReadManifest(std::string_view id) const override {
    return real_.ReadManifest(id);
  }
  StoreResult<std::uint64_t> FileSize(std::string_view id, std::string_view file) const override {
    return real_.FileSize(id, file);
  }
  StoreResult<void> Read(std::string_view id, std::string_view file, std::uint64_t offset,
                         std::span<char> into) const override {
    GRAMME_RETURN_IF_ERROR(real_.Read(id, file, offset, into));
    return lie_(file, into);
  }
  StoreResult<void> Remove(std::string_view id) override { return real_.Remove(id); }
  StoreResult<void> RemoveAbandoned(std::string_view id) override {
    return real_.RemoveAbandoned(id);
  }

 private:
  BackupStorage& real_;
  const Lie lie_;
};

class BackupCopyTest : public ::testing::Test {
 protected:
  BackupCopyTest() {
    world.Fill(world.MakeTable("Music"), 25);
    id = world.MakeBackup("Music");
  }

  BackupCopy Copy(std::string_view backup_id) {
    const auto copy = CopyBackup(world.storage, target, backup_id);
    EXPECT_TRUE(copy.has_value()) << copy.error().message();
    return copy ? *copy : BackupCopy{.outcome = CopyOutcome::kGone};
  }
  BackupCopy Copy() { return Copy(id); }
  bool IsCopied() const { return target.FilesOf(id) == world.storage.FilesOf(id); }

  BackupWorld world;
  MemoryBackupStorage target;
  std::string id;
};

TEST_F(BackupCopyTest, HasTheSameFilesAndIsRestored) {
  const BackupCopy copy = Copy();
  EXPECT_EQ(copy.outcome, CopyOutcome::kCopied);
  std::uint64_t byte_count = 0;
  for (const auto& [name, bytes] : world.storage.FilesOf(id)) byte_count += bytes.size();
  EXPECT_EQ(copy.byte_count, byte_count);
  EXPECT_TRUE(IsCopied());
  BackupWorld fresh({.seed = 8});
  const auto restored =
      RestoreOffline(fresh.store, fresh.process().catalog, target, fresh.clock, fresh.random,
                     fresh.settings, {.backup_id = id, .target_table_name = "Copy"});
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  EXPECT_EQ(fresh.ItemsOf(fresh.Find("Copy")), world.ItemsOf(world.Find("Music")));
}

TEST_F(BackupCopyTest, OfWhatIsThereAlreadyIsLeftOut) {
  Copy();
  target.SetFault([] { return StatusCode::kIoError; });  // nothing is written
  const BackupCopy again = Copy();
  EXPECT_EQ(again.outcome, CopyOutcome::kPresent);
  EXPECT_EQ(again.byte_count, 0u);
}

TEST_F(BackupCopyTest, OfWhatIsNotThereIsGone) {
  EXPECT_EQ(Copy("01489602797149-73d8d5bc").outcome, CopyOutcome::kGone);
  EXPECT_EQ(Copy("../" + id).outcome, CopyOutcome::kGone);
  const auto draft = world.storage.Begin("01489602797149-73d8d5bc");
  EXPECT_EQ(Copy("01489602797149-73d8d5bc").outcome, CopyOutcome::kGone);
  EXPECT_THAT(*target.List(), IsEmpty());
}

TEST_F(BackupCopyTest, NamesTheDamagedFileAndLeavesNothing) {
  for (const auto& [name, bytes] : world.storage.FilesOf(id)) {
    SCOPED_TRACE(name);
    std::string flipped = bytes;
    flipped[bytes.size() / 2] = static_cast<char>(flipped[bytes.size() / 2] ^ 4);
    for (const std::string& damaged : {flipped, bytes.substr(0, bytes.size() - 1), bytes + "x"}) {
      world.storage.Replace(id, name, damaged);
      const BackupCopy copy = Copy();
      EXPECT_EQ(copy.outcome, CopyOutcome::kRefused);
      EXPECT_EQ(copy.why->code(), StatusCode::kCorruption);
      EXPECT_THAT(copy.why->message(), HasSubstr(name));
      EXPECT_THAT(*target.List(), IsEmpty());
    }
    world.storage.Replace(id, name, bytes);
  }
  EXPECT_EQ(Copy().outcome, CopyOutcome::kCopied);
}

TEST_F(BackupCopyTest, DoesNotPublishWhatReadsBackDifferently) {
  const LyingStorage::Lie lie = [](std::string_view file, std::span<char> bytes) {
    if (file == "data-000002") bytes[0] = static_cast<char>(bytes[0] ^ 1);
    return StoreResult<void>();
  };
  LyingStorage lying(target, lie);
  const auto copy = CopyBackup(world.storage, lying, id);
  ASSERT_FALSE(copy.has_value());
  EXPECT_THAT(copy.error().message(), HasSubstr("data-000002"));
  EXPECT_THAT(*target.List(), IsEmpty());
}

TEST_F(BackupCopyTest, OfWhatCannotBeReadIsRefused) {
  const LyingStorage::Lie fail = [](std::string_view file, std::span<char>) {
    if (file != "data-000002") return StoreResult<void>();
    return StoreResult<void>(StoreError(StatusCode::kIoError, "reading data-000002: EIO"));
  };
  const LyingStorage failing(world.storage, fail);
  const auto copy = CopyBackup(failing, target, id);
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->outcome, CopyOutcome::kRefused);
  EXPECT_EQ(copy->why->code(), StatusCode::kIoError);
  EXPECT_THAT(*target.List(), IsEmpty());
  // At the target it is an error of the target.
  LyingStorage failing_target(target, fail);
  EXPECT_EQ(CopyBackup(world.storage, failing_target, id).error().code(), StatusCode::kIoError);
  EXPECT_THAT(*target.List(), IsEmpty());
}

TEST_F(BackupCopyTest, OfABackupThatIsDeletedMeanwhileIsGone) {
  const LyingStorage::Lie remove = [&](std::string_view file, std::span<char>) {
    return file == "data-000001" ? world.storage.Remove(id) : StoreResult<void>();
  };
  const LyingStorage deleted(world.storage, remove);
  const auto copy = CopyBackup(deleted, target, id);
  ASSERT_TRUE(copy.has_value());
  EXPECT_EQ(copy->outcome, CopyOutcome::kGone);
  EXPECT_THAT(*target.List(), IsEmpty());
}

TEST_F(BackupCopyTest, NeverReplacesAnotherBackupOfTheSameId) {
  target.Replace(id, kManifestFile, "another");
  const BackupCopy copy = Copy();
  EXPECT_EQ(copy.outcome, CopyOutcome::kRefused);
  EXPECT_EQ(copy.why->code(), StatusCode::kConflict);
  EXPECT_EQ(target.FilesOf(id).at(std::string(kManifestFile)), "another");
}

TEST_F(BackupCopyTest, SeesThatACopyLacksAFile) {
  Copy();
  target.Replace(id, "data-000002", "short");
  const BackupCopy copy = Copy();
  EXPECT_EQ(copy.outcome, CopyOutcome::kRefused);
  EXPECT_EQ(copy.why->code(), StatusCode::kCorruption);
  EXPECT_THAT(copy.why->message(), HasSubstr("at the target, data-000002"));
}

TEST_F(BackupCopyTest, LeavesToItsWriterWhatIsBeingWritten) {
  auto draft = target.Begin(id).value();
  EXPECT_EQ(Copy().why->code(), StatusCode::kConflict);
  ASSERT_TRUE(draft->Append("data-000001", "half of it").has_value());
  draft.reset();  // its writer was killed
  EXPECT_EQ(Copy().outcome, CopyOutcome::kCopied);
  EXPECT_TRUE(IsCopied());
}

// Once, and from then on; whichever change of the target fails.
class BackupCopyFaultTest : public BackupCopyTest, public ::testing::WithParamInterface<bool> {};

INSTANTIATE_TEST_SUITE_P(Faults, BackupCopyFaultTest, ::testing::Bool());

TEST_P(BackupCopyFaultTest, AtAnyChangeLeavesItWholeOrAbsentAndIsOvercomeByTheNext) {
  bool is_over = false;
  int failed_count = 0;
  for (int change = 0; !is_over; ++change) {
    SCOPED_TRACE(change);
    ASSERT_TRUE(target.Remove(id).has_value());
    int left = change;
    target.SetFault([&]() -> std::optional<StatusCode> {
      const bool fails = GetParam() ? left <= 0 : left == 0;
      --left;
      if (fails) return StatusCode::kOutOfSpace;
      return std::nullopt;
    });
    const auto copy = CopyBackup(world.storage, target, id);
    is_over = left >= 0;
    target.SetFault(nullptr);
    const bool is_whole = target.ReadManifest(id)->has_value();
    EXPECT_TRUE(!is_whole || IsCopied());
    EXPECT_TRUE(copy || copy.error().code() == StatusCode::kOutOfSpace);
    EXPECT_TRUE(copy || ++failed_count > 0);
    if (!GetParam() && !is_whole) {
      EXPECT_THAT(*target.List(), IsEmpty());
    }
    EXPECT_EQ(Copy().outcome, is_whole ? CopyOutcome::kPresent : CopyOutcome::kCopied);
    EXPECT_TRUE(IsCopied());
    EXPECT_THAT(*target.List(), ElementsAre(id));
    EXPECT_THAT(*VerifyStoredBackup(world.storage, id), IsEmpty());
  }
  EXPECT_GT(failed_count, 10);
}

}  // namespace
}  // namespace gramme
