#include "storage/rocksdb/round_builder.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/rocksdb/memory_split.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

constexpr KeyspaceId kKeyspace{100};

Key KeyOf(std::string_view bytes) {
  return {.keyspace = kKeyspace, .placement = 0, .bytes = std::string(bytes)};
}

class RoundBuilderTest : public testing::Test {
 protected:
  RoundBuilderTest() {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, directory_.path() + "/db", &opened).ok());
    db_.reset(opened);
    builder_ = std::make_unique<RoundBuilder>(*db_, StoreState().next_keyspace);
  }

  void Queue(WriteBatch batch) {
    const auto commit = std::make_shared<QueuedCommit>(std::move(batch));
    commit->Prepare();
    EXPECT_TRUE(queue_.Enqueue(commit, {}, std::nullopt).has_value());
  }

  // Writes what is queued; the result is how many entries that took.
  int WriteRound() {
    const std::optional<Round> round = queue_.Take(std::chrono::microseconds(0));
    const auto batch = builder_->Build(*round);
    EXPECT_TRUE(batch.has_value());
    const int count = static_cast<int>((*batch)->Count());
    EXPECT_TRUE(db_->Write(rocksdb::WriteOptions(), *batch).ok());
    queue_.Complete(*round);
    return count;
  }

  std::string Get(std::string_view key) {
    std::string value;
    const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), EncodeKey(KeyOf(key)), &value);
    return status.ok() ? value : status.ToString();
  }

  const ScratchDirectory directory_;
  std::unique_ptr<rocksdb::DB> db_;
  Overlay overlay_;
  ReleaseGate gate_{0};
  CommitQueue queue_{SystemClock(), overlay_, gate_, StoreState(), kQueueBytesMax};
  std::unique_ptr<RoundBuilder> builder_;
};

// Besides the record of the last commit.
constexpr int kRecordCount = 1;

TEST_F(RoundBuilderTest, WritesOfOneKeyInARoundAreOneWrite) {
  for (int i = 0; i < 50; ++i) {
    WriteBatch batch;
    batch.Put(KeyOf("hot"), "older" + std::to_string(i));
    batch.Put(KeyOf("other" + std::to_string(i % 2)), std::to_string(i));
    batch.Put(KeyOf("hot"), std::to_string(i));
    Queue(std::move(batch));
  }
  EXPECT_EQ(WriteRound(), 3 + kRecordCount);
  EXPECT_EQ(Get("hot"), "49");
  EXPECT_EQ(Get("other0"), "48");
  EXPECT_EQ(Get("other1"), "49");
}

TEST_F(RoundBuilderTest, WhatALaterRoundReplacesIsWrittenAllTheSame) {
  WriteBatch first;
  first.Put(KeyOf("a"), "1");
  Queue(std::move(first));
  const std::optional<Round> round = queue_.Take(std::chrono::microseconds(0));
  WriteBatch second;
  second.Delete(KeyOf("a"));
  Queue(std::move(second));
  EXPECT_EQ((*builder_->Build(*round))->Count(), 1u + kRecordCount);
  queue_.Complete(*round);
  EXPECT_TRUE(overlay_.Find(KeyOf("a"), HashKey(kKeyspace, "a")).has_value());
  EXPECT_EQ(WriteRound(), 1 + kRecordCount);
  EXPECT_FALSE(overlay_.Find(KeyOf("a"), HashKey(kKeyspace, "a")).has_value());
}

TEST_F(RoundBuilderTest, CountersMayBePutAndAddedToInOneRound) {
  const std::string five("\5\0\0\0\0\0\0\0", 8);
  WriteBatch batch;
  batch.Add(KeyOf("counter"), 100);
  batch.Put(KeyOf("counter"), five);
  batch.Add(KeyOf("counter"), 2);
  Queue(std::move(batch));
  WriteRound();
  EXPECT_EQ(Get("counter"), std::string("\7\0\0\0\0\0\0\0", 8));
  WriteBatch put_last;
  put_last.Add(KeyOf("counter"), 1);
  put_last.Put(KeyOf("counter"), five);
  Queue(std::move(put_last));
  WriteRound();
  EXPECT_EQ(Get("counter"), five);
  WriteBatch added;
  added.Add(KeyOf("counter"), 1);
  Queue(std::move(added));
  WriteRound();
  EXPECT_EQ(Get("counter"), std::string("\6\0\0\0\0\0\0\0", 8));
}

TEST_F(RoundBuilderTest, RemovedCountersStartFromZero) {
  const auto write = [&](auto... changes) {
    WriteBatch batch;
    (changes(batch), ...);
    Queue(std::move(batch));
  };
  const auto add = [](WriteBatch& batch) { batch.Add(KeyOf("counter"), 3); };
  const auto remove = [](WriteBatch& batch) { batch.Delete(KeyOf("counter")); };
  const std::string three("\3\0\0\0\0\0\0\0", 8);
  write(add);
  write(add);
  WriteRound();
  EXPECT_EQ(Get("counter"), std::string("\6\0\0\0\0\0\0\0", 8));
  // Removed and added to in one round, while the database still has the old value.
  write(add, remove);
  write(add);
  WriteRound();
  EXPECT_EQ(Get("counter"), three);
  write(add);
  write(remove);
  WriteRound();
  EXPECT_EQ(Get("counter"), "NotFound: ");
  write(add);
  WriteRound();
  EXPECT_EQ(Get("counter"), three);
}

}  // namespace
}  // namespace gramme
