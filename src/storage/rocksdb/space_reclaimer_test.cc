#include "storage/rocksdb/space_reclaimer.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

TEST(SpaceReclaimerTest, SpaceOfADroppedKeyspaceComesBack) {
  const ScratchDirectory directory;
  auto store = RocksDbStore::Open({.directory = directory.path(), .memory_bytes = 16 << 20});
  ASSERT_TRUE(store.has_value());
  const KeyspaceId keyspace = *(*store)->CreateKeyspace();
  std::vector<KeyValue> entries;
  for (int i = 0; i < 20'000; ++i) {
    std::string value(1000, '\0');
    std::uint64_t state = static_cast<std::uint64_t>(i) + 1;
    for (char& byte : value) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      byte = static_cast<char>(state >> 56);
    }
    entries.push_back({.key = {.keyspace = keyspace, .bytes = std::to_string(i)}, .value = value});
  }
  ASSERT_TRUE((*store)->Await(*(*store)->Import(entries)).has_value());
  ASSERT_GT(*(*store)->ApproximateSize(keyspace, {}), std::uint64_t{16} << 20);
  ASSERT_TRUE((*store)->DropKeyspace(keyspace).has_value());
  // Ends when the space is back; a store that never gives it back runs into the time limit of
  // ctest.
  while (*(*store)->ApproximateSize(keyspace, {}) > kReclaimedBytesMin) std::this_thread::yield();
  EXPECT_TRUE((*store)->Close().has_value());
}

}  // namespace
}  // namespace gramme
