#include "storage/memory/memory_store.h"

#include <gtest/gtest.h>

#include "storage/testing/store_suite.h"

namespace gramme {
namespace {

class MemoryStoreUnderTest : public StoreUnderTest {
 public:
  explicit MemoryStoreUnderTest(const MemoryStoreOptions& options) : store_(options) {}

  Store& store() override { return store_; }
  void MakeDurable() override { store_.FlushAll(); }
  bool Reopen() override {
    EXPECT_TRUE(store_.Close().has_value());
    store_.Crash();
    return true;
  }

 private:
  MemoryStore store_;
};

StoreCase Case(std::string name, std::size_t group_count, MemoryDurability durability) {
  return {.name = std::move(name), .make = [=] {
            return std::make_unique<MemoryStoreUnderTest>(
                MemoryStoreOptions{.group_count = group_count, .durability = durability});
          }};
}

INSTANTIATE_TEST_SUITE_P(
    Memory, StoreSuite,
    testing::ValuesIn(StoreSuiteCases({Case("OneGroup", 1, MemoryDurability::kImmediate),
                                       Case("OneGroupManual", 1, MemoryDurability::kManual),
                                       Case("ThreeGroups", 3, MemoryDurability::kImmediate),
                                       Case("ThreeGroupsManual", 3, MemoryDurability::kManual)})),
    StoreCaseName);

}  // namespace
}  // namespace gramme
