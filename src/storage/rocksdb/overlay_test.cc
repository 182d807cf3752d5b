#include "storage/rocksdb/overlay.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/planted_bug.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

constexpr KeyspaceId kKeyspace{100};
constexpr std::size_t kSettledBytes = 4096;

Key KeyOf(std::string bytes, KeyspaceId keyspace = kKeyspace) {
  return {.keyspace = keyspace, .placement = 0, .bytes = std::move(bytes)};
}

class OverlayTest : public testing::Test {
 protected:
  // Queued, and nothing more.
  std::shared_ptr<QueuedCommit> Queue(WriteBatch batch) {
    return Insert(std::make_shared<QueuedCommit>(std::move(batch)));
  }
  std::shared_ptr<QueuedCommit> Insert(std::shared_ptr<QueuedCommit> commit) {
    commit->Prepare();
    commit->number = ++last_number_;
    overlay_.Insert(commit);
    return commit;
  }
  std::shared_ptr<QueuedCommit> QueuePut(const std::string& key, std::string value) {
    WriteBatch batch;
    batch.Put(KeyOf(key), std::move(value));
    return Queue(std::move(batch));
  }
  void Put(const std::string& key, std::string value) {
    overlay_.Settle(QueuePut(key, std::move(value)));
  }
  // What is known of the key; "removed" where that is its removal, nothing where nothing is.
  std::optional<std::string> Find(const Key& key) const {
    const auto entry = overlay_.Find(key, HashKey(key.keyspace, key.bytes));
    if (!entry) return std::nullopt;
    return entry->value ? std::string(*entry->value) : "removed";
  }
  std::optional<std::string> Find(const std::string& key) const { return Find(KeyOf(key)); }

  Overlay overlay_{kSettledBytes};
  std::uint64_t last_number_ = 0;
};

TEST_F(OverlayTest, AValueStaysOnceItsCommitIsDurable) {
  Put("a", "first");
  EXPECT_EQ(Find("a"), "first");
  Put("a", "second");
  EXPECT_EQ(Find("a"), "second");
  EXPECT_EQ(Find("b"), std::nullopt);
}

TEST_F(OverlayTest, TheOldestGoesWhenThereIsNoRoom) {
  for (int i = 0; i < 100; ++i) Put(std::to_string(i), std::string(1000, 'v'));
  EXPECT_EQ(Find("99"), std::string(1000, 'v'));
  EXPECT_EQ(Find("98"), std::string(1000, 'v'));
  EXPECT_EQ(Find("90"), std::nullopt);
  Put("large", std::string(kSettledBytes, 'v'));
  EXPECT_EQ(Find("large"), std::nullopt);
  EXPECT_EQ(Find("99"), std::string(1000, 'v'));
}

TEST_F(OverlayTest, DeletionsAndCountersDoNotStayNorWhatTheyReplace) {
  Put("a", "value");
  WriteBatch removal;
  removal.Delete(KeyOf("a"));
  const auto removed = Queue(std::move(removal));
  EXPECT_EQ(Find("a"), "removed");
  overlay_.Settle(removed);
  EXPECT_EQ(Find("a"), std::nullopt);
  Put("b", "value");
  Put("b", std::string(8, '\1'));
  EXPECT_EQ(Find("b"), std::nullopt);
  WriteBatch mixed;
  mixed.Delete(KeyOf("gone"));
  mixed.Put(KeyOf("item"), "value");
  mixed.Put(KeyOf("record", kStoreKeyspace), "value");
  overlay_.Settle(Queue(std::move(mixed)));
  EXPECT_EQ(Find("gone"), std::nullopt);
  EXPECT_EQ(Find("item"), "value");
  EXPECT_EQ(Find(KeyOf("record", kStoreKeyspace)), std::nullopt);
}

TEST_F(OverlayTest, WhatFailsLeavesNothingOfTheKey) {
  Put("a", "durable");
  const auto failed = QueuePut("a", "never durable");
  overlay_.Remove(*failed);
  EXPECT_EQ(Find("a"), std::nullopt);
}

TEST_F(OverlayTest, AnEntryOutlivesTheOlderOneThatItReplaced) {
  const auto first = QueuePut("a", "first");
  const auto second = QueuePut("a", "second");
  overlay_.Settle(first);
  EXPECT_EQ(Find("a"), "second");
  overlay_.Settle(second);
  EXPECT_EQ(Find("a"), "second");
}

TEST_F(OverlayTest, AnImportEmptiesWhatIsSettled) {
  Put("a", "value");
  WriteBatch batch;
  batch.Put(KeyOf("a"), "imported");
  const auto imported = std::make_shared<QueuedCommit>(std::move(batch));
  imported->imported = true;
  overlay_.Settle(Insert(imported));
  EXPECT_EQ(Find("a"), std::nullopt);
}

// What an Update of the store sees of "a", put and trimmed: nothing, or its value.
std::optional<std::string> SeenAfterTrim() {
  const ScratchDirectory directory;
  auto store = RocksDbStore::Open({.directory = directory.path() + "/data"});
  const KeyspaceId keyspace = *(*store)->CreateKeyspace();
  const std::array<Key, 1> keys = {KeyOf("a", keyspace)};
  std::optional<std::string> seen;
  const auto update = [&](std::optional<std::string> value) {
    const auto outcome = (*store)->Update(
        keys, {}, {}, [&](std::span<const CurrentValue> current) -> std::optional<WriteBatch> {
          seen.reset();
          if (current.front()) seen.emplace(*current.front());
          if (!value) return std::nullopt;
          WriteBatch batch;
          batch.Put(keys.front(), *value);
          return batch;
        });
    EXPECT_TRUE((*store)->Await(outcome->position).has_value());
  };
  update("value");
  update(std::nullopt);
  EXPECT_EQ(seen, "value");
  EXPECT_TRUE((*store)->Trim(keyspace, {}).has_value());
  // Behind the Trim, of another key.
  const std::array<Key, 1> other = {KeyOf("b", keyspace)};
  const auto outcome = (*store)->Update(other, {}, {}, [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    batch.Put(other.front(), "value");
    return batch;
  });
  EXPECT_TRUE((*store)->Await(outcome->position).has_value());
  update(std::nullopt);
  return seen;
}

TEST(SettledOverlayTest, ARemovedRangeIsAbsentForUpdates) {
  EXPECT_EQ(SeenAfterTrim(), std::nullopt);
}

#ifdef GRAMME_PLANTED_BUGS

TEST(SettledOverlayTest, CatchesValuesThatStayWhereTheirRangeIsRemoved) {
  PlantBug("settled_values_left");
  const auto seen = SeenAfterTrim();
  PlantBug("");
  EXPECT_EQ(seen, "value");
}

#endif

}  // namespace
}  // namespace gramme
