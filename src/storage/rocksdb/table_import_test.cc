#include "storage/rocksdb/table_import.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/damage.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

using Tree = std::vector<std::pair<std::string, std::string>>;

constexpr KeyspaceId kKeyspace{100};
constexpr int kEntryCount = 200;
constexpr std::size_t kTableBytesMin = 10'000;

class TableImportTest : public testing::Test {
 protected:
  void Open(const std::string& boot_id = "boot-1") {
    auto opened = TryToOpen(boot_id);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    store_ = *std::move(opened);
  }
  StoreResult<std::unique_ptr<RocksDbStore>> TryToOpen(const std::string& boot_id) {
    const StorageSeams seams{.boot_id = boot_id, .imported_table_bytes_min = kTableBytesMin};
    return RocksDbStore::Open(
        {.directory = directory_.path(), .memory_bytes = 16 << 20, .seams = &seams});
  }

  static Key KeyOf(int i) {
    return {.keyspace = kKeyspace, .placement = 0, .bytes = std::to_string(10'000 + i)};
  }
  std::unique_ptr<Importer> Append(int first, int end, char kind) {
    std::unique_ptr<Importer> importer = store_->BeginImport();
    for (int i = first; i < end; ++i) {
      EXPECT_TRUE(importer->Append(KeyOf(i), std::string(1000, kind)).has_value());
    }
    return importer;
  }
  void Import(int first, int end, char kind) {
    const StoreResult<void> finished = Append(first, end, kind)->Finish();
    ASSERT_TRUE(finished.has_value()) << finished.error().message();
  }
  void Put(int i) {
    const Key key = KeyOf(i);
    WriteBatch batch;
    batch.Put(key, "put");
    const auto outcome = store_->Update(std::span(&key, 1), {}, {},
                                        [&](std::span<const CurrentValue>) { return batch; });
    ASSERT_TRUE(store_->Await(outcome->position).has_value());
  }

  // The first character of each value, in key order.
  std::string Content() {
    const auto view = store_->OpenView(GroupId{1}, ReadTier::kDisk);
    std::string content;
    const auto visit = [&](std::string_view, std::string_view value) {
      content += value.front();
      return ScanStep::kContinue;
    };
    EXPECT_TRUE((*view)->Scan(kKeyspace, {}, Direction::kForward, visit).has_value());
    return content;
  }

  int CountTables(const std::string& folder) const {
    const fs::path path = fs::path(directory_.path()) / folder;
    if (!fs::exists(path)) return 0;
    return static_cast<int>(std::count_if(
        fs::directory_iterator(path), fs::directory_iterator(),
        [](const fs::directory_entry& entry) { return entry.path().extension() == ".sst"; }));
  }
  fs::path ManifestPath() const {
    std::string current = ReadBytes(fs::path(directory_.path()) / "db/CURRENT");
    current.pop_back();
    return fs::path(directory_.path()) / "db" / current;
  }

  // The directory as the end of the process leaves it.
  Tree Killed() const { return ReadTree(directory_.path()); }
  // Puts a killed directory in the place of the open one.
  void PutBack(const Tree& killed) {
    store_.reset();
    WriteTree(directory_.path(), killed);
  }
  void ExpectRefusal(const std::string& boot_id, const std::string& why) {
    const Tree before = Killed();
    const auto opened = TryToOpen(boot_id);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code(), StatusCode::kCorruption);
    EXPECT_NE(opened.error().message().find(why), std::string::npos) << opened.error().message();
    EXPECT_TRUE(Killed() == before) << "the refused directory has changed";
  }

  ScratchDirectory directory_;
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(TableImportTest, ManyEntriesBecomeOneTableOfTheDatabase) {
  Open();
  Import(0, kEntryCount, 'a');
  EXPECT_EQ(CountTables("db"), 1);
  EXPECT_EQ(CountTables("imports"), 0);
  EXPECT_EQ(Content(), std::string(kEntryCount, 'a'));
}

TEST_F(TableImportTest, AFewEntriesGoThroughTheQueue) {
  Open();
  Import(0, 5, 'a');
  EXPECT_EQ(CountTables("db"), 0);
  EXPECT_EQ(Content(), std::string(5, 'a'));
}

TEST_F(TableImportTest, EntriesThatMeetOthersGoThroughTheQueue) {
  Open();
  Import(0, 100, 'a');
  Import(50, 150, 'b');
  EXPECT_EQ(CountTables("db"), 1);
  Put(200);  // in a memtable alone
  Import(151, 300, 'c');
  EXPECT_EQ(CountTables("db"), 1);
  EXPECT_EQ(CountTables("imports"), 0);
  EXPECT_EQ(Content(), std::string(50, 'a') + std::string(100, 'b') + std::string(149, 'c'));
  ASSERT_TRUE(store_->Close().has_value());
  store_.reset();
  Open();
  EXPECT_EQ(Content(), std::string(50, 'a') + std::string(100, 'b') + std::string(149, 'c'));
}

TEST_F(TableImportTest, TablesBesideEachOtherNeedNoQueue) {
  Open();
  for (int i = 0; i < 300; i += 100) Import(i, i + 100, 'a');
  EXPECT_EQ(CountTables("db"), 3);
  EXPECT_EQ(Content(), std::string(300, 'a'));
}

TEST_F(TableImportTest, KilledStoreHasWhatHadFinishedAndNothingElse) {
  Open();
  Import(0, kEntryCount, 'a');
  std::unique_ptr<Importer> unfinished = Append(500, 600, 'b');
  EXPECT_EQ(CountTables("imports"), 1);
  const Tree killed = Killed();
  unfinished.reset();
  for (const char* const boot_id : {"boot-1", "boot-2"}) {
    PutBack(killed);
    Open(boot_id);
    EXPECT_EQ(Content(), std::string(kEntryCount, 'a'));
    EXPECT_EQ(CountTables("imports"), 0);
  }
}

TEST_F(TableImportTest, ManifestWithoutAnImportedTableIsRefused) {
  Open();
  Put(900);
  const std::string before = ReadBytes(ManifestPath());
  Import(0, kEntryCount, 'a');
  const std::string after = ReadBytes(ManifestPath());
  ASSERT_GT(after.size(), before.size());
  const Tree killed = Killed();
  for (const char* const boot_id : {"boot-1", "boot-2"}) {
    PutBack(killed);
    WriteBytes(ManifestPath(), before);
    ExpectRefusal(boot_id, "imported entries are lost");
  }
  PutBack(killed);
  std::string torn = after;
  torn.back() = static_cast<char>(torn.back() ^ 1);
  WriteBytes(ManifestPath(), torn);
  ExpectRefusal("boot-2", "imported entries are lost");
}

TEST_F(TableImportTest, MissingTableIsRefused) {
  Open();
  Import(0, kEntryCount, 'a');
  const Tree killed = Killed();
  PutBack(killed);
  for (const auto& entry : fs::directory_iterator(fs::path(directory_.path()) / "db")) {
    if (entry.path().extension() == ".sst") fs::remove(entry.path());
  }
  ExpectRefusal("boot-1", "No such file");
}

TEST_F(TableImportTest, LaterManifestsNeedNoMark) {
  Open();
  Import(0, kEntryCount, 'a');
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(store_->Close().has_value());
    store_.reset();
    Open();
    EXPECT_EQ(Content(), std::string(kEntryCount, 'a'));
  }
}

}  // namespace
}  // namespace gramme
