// Damage to the files of a store and of its images is found and named.

#include "storage/rocksdb/file_check.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/rocksdb/options.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/damage.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr KeyspaceId kKeyspace{100};
constexpr std::size_t kTableBytesMin = 100'000;

// All that a check has to say, in steps of `byte_count`.
std::vector<Status> Findings(StoreFileCheck& check, std::uint64_t byte_count = 10'000) {
  std::vector<Status> findings;
  for (;;) {
    StoreResult<bool> step = check.Step(byte_count);
    if (!step) {
      findings.push_back(step.error());
    } else if (*step) {
      return findings;
    }
  }
}

class FileCheckTest : public testing::Test {
 protected:
  void Open(const fs::path& directory) {
    const StorageSeams seams{.imported_table_bytes_min = kTableBytesMin};
    auto opened =
        RocksDbStore::Open({.directory = directory, .memory_bytes = 16 << 20, .seams = &seams});
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    store_ = *std::move(opened);
  }
  void Open() { Open(directory_.path()); }
  void Close() {
    ASSERT_TRUE(store_->Close().has_value());
    store_.reset();
  }

  // Entries in a table of their own, laid down as a whole or flushed by closing the store.
  void Import(int first) {
    const std::unique_ptr<Importer> importer = store_->BeginImport();
    for (int i = first; i < first + 200; ++i) {
      const Key key{.keyspace = kKeyspace, .placement = 0, .bytes = std::to_string(10'000 + i)};
      ASSERT_TRUE(importer->Append(key, std::string(1000, 'a')).has_value());
    }
    ASSERT_TRUE(importer->Finish().has_value());
  }
  void Put(std::string_view name) {
    const Key key{.keyspace = kKeyspace, .placement = 0, .bytes = std::string(name)};
    WriteBatch batch;
    batch.Put(key, std::string(5000, 'b'));
    const auto outcome = store_->Update(std::span(&key, 1), {}, {},
                                        [&](std::span<const CurrentValue>) { return batch; });
    ASSERT_TRUE(store_->Await(outcome->position).has_value());
  }
  // One imported table and one that was flushed.
  void FillAndReopen() {
    Open();
    Import(0);
    Put("x");
    Close();
    Open();
  }

  std::vector<Status> CheckStore(std::optional<std::string_view> image_id = std::nullopt) {
    auto check = store_->BeginFileCheck(image_id);
    if (!check) return {check.error()};
    return Findings(**check);
  }

  std::vector<fs::path> FilesIn(const fs::path& folder, std::string_view extension) const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(fs::path(directory_.path()) / folder)) {
      if (entry.path().extension() == extension) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }
  static void FlipBit(const fs::path& path, std::size_t byte, int bit) {
    std::string bytes = ReadBytes(path);
    bytes.at(byte) = static_cast<char>(bytes.at(byte) ^ (1 << bit));
    WriteBytes(path, bytes);
  }
  // Offsets all over a file of some size, both ends among them.
  static std::vector<std::size_t> Offsets(const fs::path& path) {
    const std::size_t size = fs::file_size(path);
    std::vector<std::size_t> offsets;
    for (std::size_t i = 0; i < 20; ++i) offsets.push_back((size - 1) * i / 19);
    return offsets;
  }
  // Exactly one finding, of damage, that names the file.
  static void ExpectNamed(const std::vector<Status>& findings, const fs::path& path) {
    ASSERT_EQ(findings.size(), 1u) << path;
    EXPECT_EQ(findings[0].code(), StatusCode::kCorruption);
    EXPECT_NE(findings[0].message().find(path.filename()), std::string::npos)
        << findings[0].message();
  }

  ScratchDirectory directory_;
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(FileCheckTest, EveryFlippedBitOfATableIsFoundAndNamed) {
  FillAndReopen();
  const std::vector<fs::path> tables = FilesIn("db", ".sst");
  ASSERT_EQ(tables.size(), 2u);
  for (const fs::path& table : tables) {
    for (const std::size_t offset : Offsets(table)) {
      FlipBit(table, offset, static_cast<int>(offset % 8));
      ExpectNamed(CheckStore(), table);
      FlipBit(table, offset, static_cast<int>(offset % 8));
    }
  }
  EXPECT_TRUE(CheckStore().empty());
}

TEST_F(FileCheckTest, EveryDamagedTableIsNamed) {
  FillAndReopen();
  const std::vector<fs::path> tables = FilesIn("db", ".sst");
  FlipBit(tables[0], 100, 0);
  const std::string bytes = ReadBytes(tables[1]);
  WriteBytes(tables[1], bytes.substr(0, bytes.size() - 1));
  const std::vector<Status> findings = CheckStore();
  ASSERT_EQ(findings.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const bool names_either =
        findings[i].message().find(tables[0].filename()) != std::string::npos ||
        findings[i].message().find(tables[1].filename()) != std::string::npos;
    EXPECT_TRUE(names_either) << findings[i].message();
  }
  EXPECT_NE(findings[0].message(), findings[1].message());
}

TEST_F(FileCheckTest, MissingTableIsNamed) {
  FillAndReopen();
  const std::vector<fs::path> tables = FilesIn("db", ".sst");
  fs::remove(tables[0]);
  ExpectNamed(CheckStore(), tables[0]);
}

TEST_F(FileCheckTest, ManifestCurrentAndFormatAreLookedAt) {
  FillAndReopen();
  const fs::path directory = directory_.path();
  std::string current = ReadBytes(directory / "db/CURRENT");
  current.pop_back();
  const fs::path manifest = directory / "db" / current;
  for (const fs::path& path : {manifest, directory / "db/CURRENT", directory / "FORMAT"}) {
    for (const std::size_t offset : Offsets(path)) {
      FlipBit(path, offset, static_cast<int>(offset % 8));
      ExpectNamed(CheckStore(), path);
      FlipBit(path, offset, static_cast<int>(offset % 8));
    }
  }
  EXPECT_TRUE(CheckStore().empty());
}

TEST_F(FileCheckTest, BytesReadAreThoseOfTheTables) {
  FillAndReopen();
  std::uint64_t expected = 0;
  for (const fs::path& table : FilesIn("db", ".sst")) expected += fs::file_size(table);
  const auto check = store_->BeginFileCheck(std::nullopt);
  ASSERT_TRUE((*check)->Step(1).has_value());
  EXPECT_LT((*check)->byte_count(), expected);
  EXPECT_TRUE(Findings(**check, 777).empty());
  EXPECT_EQ((*check)->byte_count(), expected);
}

TEST_F(FileCheckTest, EveryFlippedBitOfAnImageIsFoundAndNamed) {
  FillAndReopen();
  ASSERT_TRUE(store_->Freeze("first", std::span(&kKeyspace, 1)).has_value());
  // More tables and a longer manifest for the store alone.
  Import(500);
  const fs::path image = fs::path(directory_.path()) / "images/first";
  std::vector<fs::path> paths = {image / "DESCRIPTION"};
  for (const auto& entry : fs::directory_iterator(image / "db")) {
    if (fs::file_size(entry.path()) > 0) paths.push_back(entry.path());
  }
  ASSERT_GE(paths.size(), 5u);
  for (const fs::path& path : paths) {
    for (const std::size_t offset : Offsets(path)) {
      FlipBit(path, offset, static_cast<int>(offset % 8));
      ExpectNamed(CheckStore("first"), path);
      FlipBit(path, offset, static_cast<int>(offset % 8));
    }
  }
  EXPECT_TRUE(CheckStore("first").empty());
}

// RocksDB reads the end of each table when it opens a database.
TEST_F(FileCheckTest, DamageToTheEndOfATableIsNamedWhenItIsInTheWayOfOpening) {
  FillAndReopen();
  ASSERT_TRUE(store_->Freeze("first", std::span(&kKeyspace, 1)).has_value());
  const fs::path table = FilesIn("db", ".sst")[0];
  const std::size_t size = fs::file_size(table);
  int refusal_count = 0;
  for (std::size_t from_end = 1; from_end <= 60; ++from_end) {
    FlipBit(table, size - from_end, static_cast<int>(from_end % 8));
    ExpectNamed(CheckStore("first"), table);
    const auto view = store_->OpenImage("first", GroupId{1});
    if (!view) {
      ++refusal_count;
      ExpectNamed({view.error()}, table);
    }
    FlipBit(table, size - from_end, static_cast<int>(from_end % 8));
  }
  EXPECT_GT(refusal_count, 10);
}

TEST_F(FileCheckTest, DamagedImageIsNotOpened) {
  FillAndReopen();
  ASSERT_TRUE(store_->Freeze("first", std::span(&kKeyspace, 1)).has_value());
  const fs::path image = fs::path(directory_.path()) / "images/first/db";
  std::string current = ReadBytes(image / "CURRENT");
  current.pop_back();
  // The last edit alone: RocksDB would take the manifest for a shorter one.
  const std::string manifest = ReadBytes(image / current);
  WriteBytes(image / current, manifest.substr(0, manifest.size() - 1));
  const auto view = store_->OpenImage("first", GroupId{1});
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().code(), StatusCode::kCorruption);
  EXPECT_NE(view.error().message().find(current), std::string::npos);
}

TEST_F(FileCheckTest, TablesWithoutAChecksumHaveTheirBlocksVerified) {
  const fs::path golden = fs::path(GRAMME_SOURCE_DIR) / "tests/golden/data/v1-clean";
  fs::copy(golden, directory_.path(),
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  const std::vector<fs::path> before = FilesIn("db", ".sst");
  ASSERT_FALSE(before.empty());
  Open();
  EXPECT_TRUE(CheckStore().empty());
  const fs::path table = before[0];
  for (const std::size_t offset : {std::size_t{10}, fs::file_size(table) / 2}) {
    FlipBit(table, offset, 3);
    ExpectNamed(CheckStore(), table);
    FlipBit(table, offset, 3);
  }
}

// A database without a store, whose compactions the test commands.
class CompactedDatabaseTest : public testing::Test {
 protected:
  void SetUp() override {
    rocksdb::Options options =
        PinnedOptions(rocksdb::Env::Default(), SplitMemory(16 << 20, {}), nullptr);
    options.create_if_missing = true;
    options.disable_auto_compactions = true;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, directory_.path() + "/db", &opened).ok());
    db_.reset(opened);
    for (const char* const value : {"first", "second"}) {
      for (const char* const key : {"a", "z"}) {
        ASSERT_TRUE(db_->Put(rocksdb::WriteOptions(), key, value).ok());
      }
      ASSERT_TRUE(db_->Flush(rocksdb::FlushOptions()).ok());
    }
  }

  ScratchDirectory directory_;
  std::shared_ptr<rocksdb::DB> db_;
};

TEST_F(CompactedDatabaseTest, TablesThatACompactionRemovedAreLeftOut) {
  const std::unique_ptr<StoreFileCheck> check = CheckLiveFiles(db_);
  ASSERT_TRUE(db_->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr).ok());
  const std::vector<Status> findings = Findings(*check);
  // There is no FORMAT beside this database, and nothing else is wrong.
  ASSERT_EQ(findings.size(), 1u) << findings[1].message();
  EXPECT_NE(findings[0].message().find("FORMAT"), std::string::npos);
}

TEST_F(CompactedDatabaseTest, CompactionsKeepChecksums) {
  ASSERT_TRUE(db_->CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr).ok());
  std::vector<rocksdb::LiveFileMetaData> tables;
  db_->GetLiveFilesMetaData(&tables);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].file_checksum_func_name, "GrammeXxh3");
  EXPECT_EQ(tables[0].file_checksum.size(), 8u);
}

}  // namespace
}  // namespace gramme
