#include "storage/rocksdb/prewritten_log.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/random.h"
#include "storage/rocksdb/files.h"
#include "storage/rocksdb/log_guard.h"
#include "storage/rocksdb/testing/damage.h"
#include "storage/rocksdb/testing/scratch_directory.h"
#include "storage/rocksdb/wal_scan.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

class PrewrittenLogTest : public testing::Test {
 protected:
  // Writes synced records of up to 40 KB that end in zeros, as many as `record_count`.
  void OpenAndWrite(int record_count) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = env_.get();
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, directory_.path() + "/db", &opened).ok());
    db_.reset(opened);
    rocksdb::WriteOptions synced;
    synced.sync = true;
    for (int i = 0; i < record_count; ++i) {
      const std::string value =
          std::string(random_.Below(40'000), 'v') + std::string(random_.Below(60), '\0');
      ASSERT_TRUE(db_->Put(synced, "key" + std::to_string(i), value).ok());
    }
    path_ = LastLog(directory_.path()).string();
  }

  std::uint64_t WrittenSize() {
    std::uint64_t size = 0;
    EXPECT_TRUE(files_->GetFileSize(path_, rocksdb::IOOptions(), &size, nullptr).ok());
    return size;
  }

  const ScratchDirectory directory_;
  SeededRandom random_{20261121};
  std::shared_ptr<LogGuard> files_ =
      std::make_shared<LogGuard>(rocksdb::FileSystem::Default(), /*prewrites_logs=*/true);
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(files_);
  std::unique_ptr<rocksdb::DB> db_;
  std::string path_;
};

TEST_F(PrewrittenLogTest, EndsInZerosThatNobodySees) {
  OpenAndWrite(60);
  const std::string raw = ReadBytes(path_);
  const std::string seen = **ReadWholeFile(*files_, path_);
  EXPECT_EQ(seen.size(), WrittenSize());
  EXPECT_GT(raw.size(), seen.size());
  EXPECT_EQ(raw, seen + std::string(raw.size() - seen.size(), '\0'));
  const WalScan scan = ScanWal(seen);
  EXPECT_EQ(scan.record_count, 60u);
  EXPECT_FALSE(scan.damage_offset.has_value());
}

TEST_F(PrewrittenLogTest, LosesItsZerosWhenItIsClosed) {
  OpenAndWrite(60);
  const std::uint64_t written = WrittenSize();
  db_.reset();
  EXPECT_EQ(fs::file_size(path_), written);
}

// Whatever the last records end in, and wherever the end of the process cut the last one short.
TEST_F(PrewrittenLogTest, ShowsWhatWasWrittenAtEveryLength) {
  OpenAndWrite(40);
  const std::string log = **ReadWholeFile(*files_, path_);
  for (int sample = 0; sample < 300; ++sample) {
    const std::size_t cut = log.size() - random_.Below(std::min<std::size_t>(log.size(), 100'000));
    const std::string left = log.substr(0, cut);
    WriteBytes(path_, left + std::string(kPrewrittenBytes, '\0'));
    const std::string seen = **ReadWholeFile(*files_, path_);
    // Nothing but zeros of a record that is not whole may be missing, nothing may be added.
    ASSERT_TRUE(left.starts_with(seen)) << cut;
    EXPECT_EQ(left.find_first_not_of('\0', seen.size()), std::string::npos) << cut;
    EXPECT_EQ(ScanWal(seen).record_count, ScanWal(left).record_count) << cut;
  }
}

TEST_F(PrewrittenLogTest, EmptyLogHasNoBytes) {
  path_ = directory_.path() + "/1.log";
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kPrewrittenBytes}) {
    WriteBytes(path_, std::string(size, '\0'));
    EXPECT_EQ(WrittenSize(), 0u);
  }
}

}  // namespace
}  // namespace gramme
