// What a data directory refuses, and what it says when it does.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/rocksdb/format_file.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/testing/damage.h"
#include "storage/rocksdb/testing/scratch_directory.h"
#include "storage/rocksdb/watermark.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

class DirectoryTest : public testing::Test {
 protected:
  StoreResult<std::unique_ptr<RocksDbStore>> Open(const std::string& region = "us-east-1") {
    return RocksDbStore::Open({.directory = path_,
                               .creating_version = "gramme 0.1.0",
                               .region = region,
                               .account_id = "123456789012",
                               .endpoint = "http://127.0.0.1:8000",
                               .memory_bytes = 16 << 20});
  }

  // The error of opening a directory that must be refused, and stays as it was.
  Status Refusal() {
    const auto before = ReadTree(path_);
    const auto store = Open();
    EXPECT_FALSE(store.has_value());
    EXPECT_TRUE(ReadTree(path_) == before);
    return store ? Status(StatusCode::kUnknown, "opened") : store.error();
  }

  void WriteFormat(const FormatFile& format) {
    ASSERT_TRUE(WriteFormatFile(*rocksdb::FileSystem::Default(), path_, format).has_value());
  }

  ScratchDirectory scratch_;
  std::string path_ = scratch_.path() + "/deep/data";
};

TEST_F(DirectoryTest, KeepsTheIdentityItWasCreatedWith) {
  const StoreIdentity created = (*Open("eu-central-1"))->identity();
  EXPECT_EQ(created.region, "eu-central-1");
  EXPECT_EQ(created.account_id, "123456789012");
  EXPECT_EQ(created.creating_version, "gramme 0.1.0");
  EXPECT_EQ(created.database_id.size(), 36u);
  const auto again = Open("us-west-2");
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ((*again)->identity().region, "eu-central-1");
  EXPECT_EQ((*again)->identity().database_id, created.database_id);
}

TEST_F(DirectoryTest, SecondStoreIsRefusedAndNamesTheHolder) {
  const auto first = Open();
  ASSERT_TRUE(first.has_value());
  const auto second = Open();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), StatusCode::kUnavailable);
  EXPECT_NE(second.error().message().find("pid "), std::string::npos);
  EXPECT_NE(second.error().message().find("http://127.0.0.1:8000"), std::string::npos);
}

TEST_F(DirectoryTest, SecondStoreIsRefusedThroughASymbolicLinkToo) {
  const auto first = Open();
  ASSERT_TRUE(first.has_value());
  const std::string link = scratch_.path() + "/link";
  fs::create_directory_symlink(path_, link);
  const auto second = RocksDbStore::Open({.directory = link});
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message().find("in use"), std::string::npos);
}

TEST_F(DirectoryTest, ForeignDirectoryIsRefusedUntouched) {
  fs::create_directories(path_);
  WriteBytes(path_ + "/notes.txt", "mine");
  const Status refusal = Refusal();
  EXPECT_EQ(refusal.code(), StatusCode::kUnavailable);
  EXPECT_NE(refusal.message().find("notes.txt"), std::string::npos);
}

TEST_F(DirectoryTest, NewerFormatIsRefusedUntouched) {
  ASSERT_TRUE(Open().has_value());
  FormatFile format;
  format.format_number = kFormatNumber + 1;
  WriteFormat(format);
  EXPECT_EQ(Refusal().code(), StatusCode::kUnavailable);
}

TEST_F(DirectoryTest, UnknownRequiredFeatureIsRefusedAndNamedAnOptionalOneIsNot) {
  ASSERT_TRUE(Open().has_value());
  FormatFile format;
  format.required_features = {"vectors"};
  WriteFormat(format);
  EXPECT_NE(Refusal().message().find("'vectors'"), std::string::npos);
  format.optional_features.swap(format.required_features);
  WriteFormat(format);
  EXPECT_TRUE(Open().has_value());
}

TEST_F(DirectoryTest, DamagedOrMissingFormatIsRefused) {
  ASSERT_TRUE(Open().has_value());
  const std::string format = ReadBytes(path_ + "/FORMAT");
  std::string damaged = format;
  damaged[damaged.find("us-east-1")] = 'U';
  WriteBytes(path_ + "/FORMAT", damaged);
  EXPECT_EQ(Refusal().code(), StatusCode::kCorruption);
  fs::remove(path_ + "/FORMAT");
  EXPECT_EQ(Refusal().code(), StatusCode::kUnavailable);
}

TEST_F(DirectoryTest, DatabaseWithoutItsCurrentFileIsRefused) {
  {
    auto store = Open();
    ASSERT_TRUE(store.has_value());
    ASSERT_TRUE((*store)->CreateKeyspace().has_value());
  }
  fs::remove(path_ + "/db/CURRENT");
  EXPECT_EQ(Refusal().code(), StatusCode::kCorruption);
}

TEST_F(DirectoryTest, CreationThatWasInterruptedIsDoneAgain) {
  ASSERT_TRUE(Open().has_value());
  fs::remove_all(path_ + "/db");
  fs::create_directories(path_ + "/db");
  WriteBytes(path_ + "/db/MANIFEST-000001", "half");
  EXPECT_TRUE(Open().has_value());
}

TEST_F(DirectoryTest, HalfMadeImageIsRemovedAtOpen) {
  ASSERT_TRUE(Open().has_value());
  fs::create_directories(path_ + "/images/half/db");
  WriteBytes(path_ + "/images/half/db/000001.sst", "half");
  const auto store = Open();
  ASSERT_TRUE(store.has_value());
  EXPECT_TRUE((*store)->ListImages()->empty());
  EXPECT_FALSE(fs::exists(path_ + "/images/half"));
}

TEST_F(DirectoryTest, CleanStopLeavesNothingToReplay) {
  {
    auto store = Open();
    ASSERT_TRUE(store.has_value());
    ASSERT_TRUE((*store)->CreateKeyspace().has_value());
    ASSERT_TRUE((*store)->Close().has_value());
  }
  const auto watermark = ReadWatermark(*rocksdb::FileSystem::Default(), path_);
  ASSERT_TRUE(watermark.has_value());
  EXPECT_TRUE((*watermark)->clean_stop);
  EXPECT_EQ(fs::file_size(LastLog(path_)), 0u);
}

}  // namespace
}  // namespace gramme
