#include "storage/rocksdb/rocksdb_store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "storage/rocksdb/testing/scratch_directory.h"
#include "storage/testing/store_suite.h"

namespace gramme {
namespace {

class RocksDbStoreUnderTest : public StoreUnderTest {
 public:
  explicit RocksDbStoreUnderTest(Durability durability) : durability_(durability) { Open(); }

  Store& store() override { return *store_; }
  bool Reopen() override {
    EXPECT_TRUE(store_->Close().has_value());
    store_.reset();
    Open();
    return true;
  }

 private:
  void Open() {
    auto opened = RocksDbStore::Open({.directory = directory_.path(), .durability = durability_});
    if (!opened) FAIL() << opened.error().message();
    store_ = *std::move(opened);
  }

  ScratchDirectory directory_;
  Durability durability_;
  std::unique_ptr<RocksDbStore> store_;
};

StoreCase Case(std::string name, Durability durability) {
  return {.name = std::move(name),
          .make = [=] { return std::make_unique<RocksDbStoreUnderTest>(durability); }};
}

INSTANTIATE_TEST_SUITE_P(RocksDb, StoreSuite,
                         testing::ValuesIn(StoreSuiteCases({Case("Always", Durability::kAlways),
                                                            Case("Relaxed",
                                                                 Durability::kRelaxed)})),
                         StoreCaseName);

}  // namespace
}  // namespace gramme
