// When the committer is woken for what a thread queues while its WakeBatch is open.

#include <gtest/gtest.h>

#include <array>
#include <future>
#include <memory>
#include <string>

#include "base/wake_batch.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

class CommitWakeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = RocksDbStore::Open({.directory = directory_.path()});
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = *std::move(opened);
  }

  // The future is ready once the commit is durable.
  std::future<bool> Commit(const std::string& name) {
    const std::array keys = {Key{.keyspace = kFirstFreeKeyspace, .placement = 0, .bytes = name}};
    const auto outcome = store_->Update(
        keys, {}, {}, [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
          WriteBatch batch;
          batch.Put(keys[0], "value");
          return batch;
        });
    const auto durable = std::make_shared<std::promise<bool>>();
    store_->Release(outcome->position, [durable](const StoreResult<void>& released) {
      durable->set_value(released.has_value());
    });
    return durable->get_future();
  }

  ScratchDirectory directory_;
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(CommitWakeTest, OneCommitIsWrittenWhenTheBatchCloses) {
  std::future<bool> durable;
  {
    const WakeBatch batch;
    durable = Commit("a");
  }
  EXPECT_TRUE(durable.get());
}

TEST_F(CommitWakeTest, ManyCommitsAreWrittenWhileTheBatchIsOpen) {
  const WakeBatch batch;
  std::future<bool> first = Commit("first");
  for (int i = 0; i < 100; ++i) Commit("key" + std::to_string(i));
  EXPECT_TRUE(first.get());
}

TEST_F(CommitWakeTest, AThreadWithoutABatchWakesForWhatAnotherHasQueued) {
  const WakeBatch batch;
  std::future<bool> first = Commit("first");
  std::async(std::launch::async, [&] { return Commit("second").get(); }).get();
  EXPECT_TRUE(first.get());
}

TEST_F(CommitWakeTest, WhoeverWaitsWakes) {
  const WakeBatch batch;
  EXPECT_TRUE(store_->CreateKeyspace());
  Commit("a");
  EXPECT_TRUE(store_->DropKeyspace(kFirstFreeKeyspace));
}

}  // namespace
}  // namespace gramme
