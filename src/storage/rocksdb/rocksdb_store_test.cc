#include "storage/rocksdb/rocksdb_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/power_loss_disk.h"
#include "storage/rocksdb/testing/power_loss_file_system.h"
#include "storage/rocksdb/testing/scratch_directory.h"
#include "storage/testing/store_suite.h"

namespace gramme {
namespace {

// The bytes of a case: on the disk of the machine, or on one in memory, whose syncs cost nothing.
enum class Place { kDisk, kMemory };

class RocksDbStoreUnderTest : public StoreUnderTest {
 public:
  RocksDbStoreUnderTest(Place place, Durability durability) : durability_(durability) {
    if (place == Place::kMemory) {
      seams_.file_system = std::make_shared<PowerLossFileSystem>(std::make_shared<PowerLossDisk>());
    }
    Open();
  }

  Store& store() override { return *store_; }
  bool Reopen() override {
    EXPECT_TRUE(store_->Close().has_value());
    store_.reset();
    Open();
    return true;
  }

 private:
  void Open() {
    auto opened = RocksDbStore::Open(
        {.directory = directory_.path(), .durability = durability_, .seams = &seams_});
    if (!opened) FAIL() << opened.error().message();
    store_ = *std::move(opened);
  }

  ScratchDirectory directory_;
  StorageSeams seams_;
  Durability durability_;
  std::unique_ptr<RocksDbStore> store_;
};

StoreCase Case(std::string name, Place place, Durability durability) {
  return {.name = std::move(name),
          .make = [=] { return std::make_unique<RocksDbStoreUnderTest>(place, durability); }};
}

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreSuite,
                         testing::ValuesIn(StoreSuiteCases(
                             {Case("OnDisk", Place::kDisk, Durability::kAlways),
                              Case("InMemory", Place::kMemory, Durability::kAlways),
                              Case("InMemoryRelaxed", Place::kMemory, Durability::kRelaxed)})),
                         StoreCaseName);

}  // namespace
}  // namespace gramme
