// F1, small: whatever becomes of the live log, a directory opens with everything acknowledged or
// not at all, and is left byte for byte as it was when it does not.

#include "storage/rocksdb/recovery.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/planted_bug.h"
#include "base/random.h"
#include "storage/rocksdb/prewritten_log.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/damage.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr KeyspaceId kKeyspace{100};
constexpr int kCommitCount = 200;

std::string KeyName(int index) { return "key" + std::to_string(index); }

class RecoveryTest : public testing::Test {
 protected:
  // A directory as a killed process leaves it: kCommitCount acknowledged commits, all in the log.
  RecoveryTest() {
    auto store = Open("boot-1");
    EXPECT_TRUE(store.has_value());
    for (int i = 0; i < kCommitCount; ++i) {
      const Key key{.keyspace = kKeyspace, .placement = 0, .bytes = KeyName(i)};
      WriteBatch batch;
      batch.Put(key, std::string(400, static_cast<char>('a' + i % 26)));
      const auto outcome = (*store)->Update(std::span(&key, 1), {}, {},
                                            [&](std::span<const CurrentValue>) { return batch; });
      EXPECT_TRUE((*store)->Await(outcome->position).has_value());
    }
    // Copied while the store is open: nothing of a clean stop is in it.
    killed_ = ReadTree(directory_.path());
    EXPECT_TRUE((*store)->Close().has_value());
    store->reset();
    Restore();
    log_ = fs::relative(LastLog(directory_.path()), directory_.path()).string();
    // Without the zeros ahead, so that damage meets what was written.
    std::uint64_t written = 0;
    EXPECT_TRUE(WrittenLogSize(*rocksdb::FileSystem::Default(), LogPath(), &written).ok());
    log_bytes_ = ReadBytes(LogPath()).substr(0, written);
  }

  StoreResult<std::unique_ptr<RocksDbStore>> Open(const std::string& boot_id) {
    const StorageSeams seams{.file_system = nullptr, .boot_id = boot_id};
    return RocksDbStore::Open({.directory = directory_.path(),
                               .memory_bytes = 16 << 20,
                               .on_warning = [this](std::string_view) { ++warning_count_; },
                               .seams = &seams});
  }

  fs::path LogPath() const { return fs::path(directory_.path()) / log_; }
  void Restore() { WriteTree(directory_.path(), killed_); }

  static int CountKeys(Store& store) {
    const auto view = store.OpenView(GroupId{1}, ReadTier::kDisk);
    int count = 0;
    const auto visit = [&](std::string_view, std::string_view) {
      ++count;
      return ScanStep::kContinue;
    };
    EXPECT_TRUE((*view)->Scan(kKeyspace, {}, Direction::kForward, visit).has_value());
    return count;
  }

  enum class Result { kComplete, kRefused, kLost };

  // Opens the damaged directory, and restores it.
  Result TryToOpen(const std::string& boot_id) {
    const auto before = ReadTree(directory_.path());
    auto store = Open(boot_id);
    Result result = Result::kRefused;
    if (store) {
      result = CountKeys(**store) == kCommitCount ? Result::kComplete : Result::kLost;
      EXPECT_TRUE((*store)->Close().has_value());
      store->reset();
    } else {
      EXPECT_EQ(store.error().code(), StatusCode::kCorruption) << store.error().message();
      message_ = store.error().message();
      EXPECT_TRUE(ReadTree(directory_.path()) == before) << "the refused directory has changed";
    }
    Restore();
    return result;
  }

  // How many of the damaged logs, made by `damage` at sampled offsets, open with less than all.
  int CountLosses(const std::function<std::string(std::size_t offset)>& damage) {
    int losses = 0;
    for (int sample = 0; sample < 12; ++sample) {
      // Half of them in the last records, where no checksum of RocksDB's notices.
      const std::size_t span = sample % 2 == 0 ? log_bytes_.size() : 1200;
      const std::size_t offset = log_bytes_.size() - 1 - random_.Below(span);
      for (const char* const boot_id : {"boot-1", "boot-2"}) {
        WriteBytes(LogPath(), damage(offset));
        if (TryToOpen(boot_id) == Result::kLost) ++losses;
      }
    }
    return losses;
  }

  ScratchDirectory directory_;
  SeededRandom random_{20261120};
  std::vector<std::pair<std::string, std::string>> killed_;
  std::string log_;
  std::string log_bytes_;
  std::string message_;
  int warning_count_ = 0;
};

TEST_F(RecoveryTest, UndamagedLogOpensWithEverythingInTheSameBootAndTheNext) {
  EXPECT_EQ(TryToOpen("boot-1"), Result::kComplete);
  EXPECT_EQ(TryToOpen("boot-2"), Result::kComplete);
}

TEST_F(RecoveryTest, TruncatedLogNeverOpensWithLess) {
  EXPECT_EQ(CountLosses([&](std::size_t offset) { return log_bytes_.substr(0, offset); }), 0);
}

TEST_F(RecoveryTest, ZeroedLogNeverOpensWithLess) {
  EXPECT_EQ(CountLosses([&](std::size_t offset) {
              return log_bytes_.substr(0, offset) + std::string(log_bytes_.size() - offset, '\0');
            }),
            0);
}

TEST_F(RecoveryTest, RandomBytesInTheLogNeverOpenWithLess) {
  EXPECT_EQ(CountLosses([&](std::size_t offset) {
              std::string bytes = log_bytes_;
              for (std::size_t i = offset; i < bytes.size(); ++i) {
                bytes[i] = static_cast<char>(random_.Below(256));
              }
              return bytes;
            }),
            0);
}

TEST_F(RecoveryTest, OneFlippedBitOfTheLogNeverOpensWithLess) {
  EXPECT_EQ(CountLosses([&](std::size_t offset) {
              std::string bytes = log_bytes_;
              bytes[offset] = static_cast<char>(bytes[offset] ^ 1);
              return bytes;
            }),
            0);
}

TEST_F(RecoveryTest, MissingLastLogIsRefusedAndNamed) {
  fs::remove(LogPath());
  EXPECT_EQ(TryToOpen("boot-1"), Result::kRefused);
  EXPECT_NE(message_.find("commits"), std::string::npos) << message_;
  fs::remove(LogPath());
  EXPECT_EQ(TryToOpen("boot-2"), Result::kRefused);
}

TEST_F(RecoveryTest, MissingWatermarkIsRefused) {
  fs::remove(fs::path(directory_.path()) / "WATERMARK");
  EXPECT_EQ(TryToOpen("boot-1"), Result::kRefused);
}

TEST_F(RecoveryTest, DamagedWatermarkIsRefused) {
  WriteBytes(fs::path(directory_.path()) / "WATERMARK", std::string(1024, 'x'));
  EXPECT_EQ(TryToOpen("boot-1"), Result::kRefused);
}

TEST_F(RecoveryTest, TornEndThatWasNeverAcknowledgedIsLeftOutAfterARestartOfTheMachine) {
  // Half of a record behind what the watermark promises, zeroed as a disk leaves it.
  const std::string torn = log_bytes_.substr(0, 300) + std::string(212, '\0');
  WriteBytes(LogPath(), log_bytes_ + torn);
  EXPECT_EQ(TryToOpen("boot-2"), Result::kComplete);
}

TEST_F(RecoveryTest, WriteThatTheEndOfTheProcessCutShortIsLeftOutInTheSameBoot) {
  // A record of 4,000 bytes, written up to a page and followed by the zeros that were there before.
  const std::string torn = std::string("\x01\x02\x03\x04\xa0\x0f\x01", 7) + std::string(993, 'x');
  for (const char* const boot_id : {"boot-1", "boot-2"}) {
    WriteBytes(LogPath(), log_bytes_ + torn + std::string(kPrewrittenBytes, '\0'));
    EXPECT_EQ(TryToOpen(boot_id), Result::kComplete);
  }
}

TEST_F(RecoveryTest, TornEndOfTheManifestIsCutOffAfterARestartOfTheMachineAlone) {
  fs::path manifest;
  for (const auto& entry : fs::directory_iterator(fs::path(directory_.path()) / "db")) {
    if (entry.path().filename().string().starts_with("MANIFEST-")) manifest = entry.path();
  }
  const std::string bytes = ReadBytes(manifest);
  // A record of 40 bytes of which only the first sector reached the disk.
  const std::string torn =
      bytes + std::string("\x01\x02\x03\x04\x28\x00\x01", 7) + "half" + std::string(36, '\0');
  WriteBytes(manifest, torn);
  EXPECT_EQ(TryToOpen("boot-1"), Result::kRefused);
  WriteBytes(manifest, torn);
  EXPECT_EQ(TryToOpen("boot-2"), Result::kComplete);
  // Damage in its middle is another matter.
  std::string damaged = bytes;
  damaged[20] = static_cast<char>(damaged[20] ^ 1);
  WriteBytes(manifest, damaged);
  EXPECT_EQ(TryToOpen("boot-2"), Result::kRefused);
}

TEST_F(RecoveryTest, DamageInTheSameBootIsRefusedEvenBehindTheWatermark) {
  std::string torn = log_bytes_.substr(0, 300);
  torn[100] = static_cast<char>(torn[100] ^ 1);
  WriteBytes(LogPath(), log_bytes_ + torn + std::string(212, '\0'));
  EXPECT_NE(TryToOpen("boot-1"), Result::kLost);
}

#ifdef GRAMME_PLANTED_BUGS
TEST_F(RecoveryTest, NoticesThatTheWatermarkIsNotRead) {
  PlantBug("watermark_unread");
  EXPECT_GT(CountLosses([&](std::size_t offset) { return log_bytes_.substr(0, offset); }), 0);
  PlantBug("");
}
#endif

}  // namespace
}  // namespace gramme
