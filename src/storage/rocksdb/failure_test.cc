// A full disk is waited out; a failed sync ends everything; a full queue refuses.

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/function_ref.h"
#include "metrics/registry.h"
#include "storage/rocksdb/commit_queue.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/rocksdb/log_guard.h"
#include "storage/rocksdb/memory_split.h"
#include "storage/rocksdb/prewritten_log.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/power_loss_disk.h"
#include "storage/rocksdb/testing/power_loss_file_system.h"

namespace gramme {
namespace {

constexpr KeyspaceId kKeyspace{100};
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 40;
// The log has space for what is shorter, whether or not the disk is full.
const std::string kBeyondTheLog(kPrewrittenBytes + 1, '2');

Key KeyOf(std::string_view bytes) {
  return {.keyspace = kKeyspace, .placement = 0, .bytes = std::string(bytes)};
}

class FailureTest : public testing::Test {
 protected:
  FailureTest() { Open(); }

  void Open() {
    seams_.file_system = std::make_shared<PowerLossFileSystem>(disk_);
    seams_.boot_id = "boot";
    auto store =
        RocksDbStore::Open({.directory = "/data",
                            .memory_bytes = 16 << 20,
                            .on_fatal = [this](const Status& status) { fatal_.push_back(status); },
                            .seams = &seams_});
    ASSERT_TRUE(store.has_value()) << store.error().message();
    store_ = *std::move(store);
  }

  StoreResult<UpdateOutcome> Put(std::string_view key, const std::string& value) {
    const Key named = KeyOf(key);
    WriteBatch batch;
    batch.Put(named, value);
    return store_->Update(std::span(&named, 1), {}, {},
                          [&](std::span<const CurrentValue>) { return batch; });
  }

  StoreResult<void> PutDurably(std::string_view key, const std::string& value) {
    const auto outcome = Put(key, value);
    if (!outcome) return std::unexpected(outcome.error());
    return store_->Await(outcome->position);
  }

  std::optional<std::string> Get(std::string_view key) {
    return *(*store_->OpenView(GroupId{1}, ReadTier::kDisk))->Get(KeyOf(key));
  }
  bool Has(std::string_view key) {
    return (*store_->OpenView(GroupId{1}, ReadTier::kDisk))->Get(KeyOf(key))->has_value();
  }

  std::shared_ptr<PowerLossDisk> disk_ = std::make_shared<PowerLossDisk>();
  StorageSeams seams_;
  std::vector<Status> fatal_;
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(FailureTest, FullDiskFailsWritesKeepsReadsAndIsWaitedOut) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  disk_->SetCapacity(0);
  const StoreResult<void> refused = PutDurably("during", kBeyondTheLog);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), StatusCode::kOutOfSpace);
  EXPECT_EQ(Put("during", "3").error().code(), StatusCode::kOutOfSpace);
  EXPECT_EQ(Get("before"), "1");
  EXPECT_FALSE(Has("during"));
  disk_->SetCapacity(kUnlimited);
  StoreResult<void> resumed = PutDurably("after", "4");
  while (!resumed) {
    ASSERT_EQ(resumed.error().code(), StatusCode::kOutOfSpace);
    std::this_thread::yield();
    resumed = PutDurably("after", "4");
  }
  EXPECT_EQ(Get("after"), "4");
  EXPECT_FALSE(Has("during"));
  EXPECT_TRUE(fatal_.empty());
  ASSERT_TRUE(store_->Close().has_value());
  Open();
  EXPECT_EQ(Get("before"), "1");
  EXPECT_EQ(Get("after"), "4");
  EXPECT_FALSE(Has("during"));
}

// Debian's RocksDB asserts that nothing is written to a file after a write that failed.
TEST_F(FailureTest, WhatTheEngineTellsAboutItselfMayGetLostOnAFullDisk) {
  LogGuard guard(std::make_shared<PowerLossFileSystem>(disk_), false);
  std::shared_ptr<rocksdb::Logger> logger;
  ASSERT_TRUE(guard.NewLogger("/data/LOG.full", {}, &logger, nullptr).ok());
  disk_->SetCapacity(0);
  const std::string line(400, 'x');
  for (int i = 0; i < 10'000; ++i) rocksdb::Info(logger.get(), "%s", line.c_str());
  logger->Flush();
  disk_->SetCapacity(kUnlimited);
  rocksdb::Info(logger.get(), "%s", line.c_str());
  EXPECT_TRUE(logger->Close().ok());
}

// There is nothing to flush, and yet RocksDB must leave the log in which the write has failed.
TEST_F(FailureTest, AWriteThatAFullDiskFailedRightAfterAnImageIsOvercome) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  const KeyspaceId keyspace = kKeyspace;
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(store_->Freeze("image" + std::to_string(round), {&keyspace, 1}).has_value());
    disk_->SetCapacity(0);
    ASSERT_FALSE(PutDurably("during", kBeyondTheLog).has_value());
    disk_->SetCapacity(kUnlimited);
    while (!PutDurably("after" + std::to_string(round), "2")) std::this_thread::yield();
  }
  ASSERT_TRUE(store_->Close().has_value());
  Open();
  EXPECT_EQ(Get("before"), "1");
  EXPECT_EQ(Get("after2"), "2");
  EXPECT_FALSE(Has("during"));
}

// RocksDB aborts where it is to begin a new log after a write to the old one has failed.
TEST_F(FailureTest, AnImageIsRefusedAfterAWriteThatAFullDiskFailed) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  disk_->SetCapacity(0);
  ASSERT_FALSE(PutDurably("during", kBeyondTheLog).has_value());
  const KeyspaceId keyspace = kKeyspace;
  EXPECT_EQ(store_->Freeze("image", {&keyspace, 1}).error().code(), StatusCode::kOutOfSpace);
  disk_->SetCapacity(kUnlimited);
  EXPECT_TRUE(store_->Freeze("image", {&keyspace, 1}).has_value());
  EXPECT_TRUE(PutDurably("after", "2").has_value());
}

// Nobody writes, so no failed write tells that RocksDB stands still.
TEST_F(FailureTest, AnImageThatAFullDiskFailedCanBeMadeOnceThereIsRoom) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  disk_->SetCapacity(0);
  const KeyspaceId keyspace = kKeyspace;
  const auto refused = store_->Freeze("image", {&keyspace, 1});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), StatusCode::kOutOfSpace);
  disk_->SetCapacity(kUnlimited);
  auto made = store_->Freeze("image", {&keyspace, 1});
  while (!made) {
    ASSERT_EQ(made.error().code(), StatusCode::kOutOfSpace);
    std::this_thread::yield();
    made = store_->Freeze("image", {&keyspace, 1});
  }
  EXPECT_TRUE(PutDurably("after", "2").has_value());
  EXPECT_EQ(Get("before"), "1");
  // And so many entries that they would become a table.
  const auto importer = store_->BeginImport();
  const std::string value(1 << 20, 'v');
  for (const char* key : {"i1", "i2", "i3", "i4", "i5", "i6"}) {
    ASSERT_TRUE(importer->Append(KeyOf(key), value).has_value());
  }
  ASSERT_TRUE(importer->Finish().has_value());
  EXPECT_EQ(Get("i6"), value);
  EXPECT_TRUE(fatal_.empty());
}

TEST_F(FailureTest, WritesThatAFullDiskFailedStayAbsentAfterALossOfPower) {
  SeededRandom random(7);
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  disk_->SetCapacity(0);
  ASSERT_FALSE(PutDurably("during", kBeyondTheLog).has_value());
  disk_->SetCapacity(kUnlimited);
  while (!PutDurably("after", "4")) std::this_thread::yield();
  disk_->CutPowerAfter(0);
  static_cast<void>(PutDurably("lost", "5"));
  store_.reset();
  disk_->PowerLoss(random);
  Open();
  EXPECT_EQ(Get("before"), "1");
  EXPECT_EQ(Get("after"), "4");
  EXPECT_FALSE(Has("during"));
}

TEST_F(FailureTest, FailedSyncOfTheLogIsFatalAndNothingIsReleasedAfterIt) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  disk_->FailSyncsOf(".log");
  const StoreResult<void> unknown = PutDurably("during", "2");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code(), StatusCode::kUnknown);
  ASSERT_EQ(fatal_.size(), 1u);
  // Even if the next sync would succeed.
  disk_->FailSyncsOf("");
  EXPECT_EQ(PutDurably("after", "3").error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store_->CreateKeyspace().error().code(), StatusCode::kUnavailable);
  EXPECT_FALSE(store_->Freeze("image", std::span(&kKeyspace, 1)).has_value());
  EXPECT_FALSE(store_->Close().has_value());
  EXPECT_EQ(fatal_.size(), 1u);
}

TEST_F(FailureTest, FailedSyncOfTheWatermarkFileIsNoSilentMatter) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  disk_->FailSyncsOf("WATERMARK");
  // A clean stop promises that the mark is durable.
  EXPECT_FALSE(store_->Close().has_value());
}

TEST_F(FailureTest, ClosedStoreRefusesEverythingAsUnavailable) {
  ASSERT_TRUE(PutDurably("before", "1").has_value());
  ASSERT_TRUE(store_->Close().has_value());
  EXPECT_TRUE(store_->Close().has_value());
  EXPECT_EQ(Put("after", "2").error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store_->OpenView(GroupId{1}, ReadTier::kDisk).error().code(), StatusCode::kUnavailable);
  EXPECT_EQ(store_->DropKeyspace(kKeyspace).error().code(), StatusCode::kUnavailable);
}

// Queues a commit that `build` fills.
StoreResult<std::optional<CommitQueue::Place>> Enqueue(
    CommitQueue& queue, FunctionRef<void(WriteBatch&)> build, std::span<const Guard> guards = {},
    std::optional<std::uint64_t> epoch = std::nullopt) {
  const auto commit = std::make_shared<QueuedCommit>();
  build(commit->batch);
  commit->Prepare();
  return queue.Enqueue(commit, guards, epoch);
}

constexpr auto build_nothing = [](WriteBatch&) {};

TEST(CommitQueueTest, RefusesWhatTheQueueCannotHoldAndAdmitsItOnceThereIsRoom) {
  Overlay overlay;
  ReleaseGate gate(0);
  CommitQueue queue(SystemClock(), overlay, gate, StoreState(), 1000);
  const auto put = [&](std::size_t byte_count) {
    return Enqueue(queue,
                   [&](WriteBatch& batch) { batch.Put(KeyOf("a"), std::string(byte_count, 'v')); });
  };
  ASSERT_TRUE(put(900).has_value());
  ASSERT_FALSE(queue.Admit().has_value());
  EXPECT_EQ(queue.Admit().error().code(), StatusCode::kOverloaded);
  const std::optional<Round> round = queue.Take(std::chrono::microseconds(0));
  ASSERT_TRUE(round.has_value());
  EXPECT_FALSE(queue.Admit().has_value());
  queue.Complete(*round);
  EXPECT_TRUE(queue.Admit().has_value());
  EXPECT_FALSE(overlay.Find(KeyOf("a"), HashKey(KeyOf("a").keyspace, "a")).has_value());
}

TEST(CommitQueueTest, RoundsEndAtOneMebibyteAndALargerCommitTravelsAlone) {
  Overlay overlay;
  ReleaseGate gate(0);
  CommitQueue queue(SystemClock(), overlay, gate, StoreState(), kQueueBytesMax);
  for (const std::size_t byte_count : {600u << 10, 300u << 10, 600u << 10, 2u << 20, 1u, 1u}) {
    const auto build = [&](WriteBatch& batch) {
      batch.Put(KeyOf("a"), std::string(byte_count, 'v'));
    };
    ASSERT_TRUE(Enqueue(queue, build).has_value());
  }
  std::vector<std::size_t> counts;
  while (const auto round = queue.Take(std::chrono::microseconds(0))) {
    counts.push_back(round->commits.size());
    queue.Complete(*round);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{2, 1, 1, 2}));
}

TEST(CommitQueueTest, CommitTimesRiseThoughTheClockStepsBack) {
  SimulatedClock clock;
  Overlay overlay;
  ReleaseGate gate(0);
  CommitQueue queue(clock, overlay, gate, StoreState(), kQueueBytesMax);
  const auto first = Enqueue(queue, build_nothing);
  clock.StepWall(-std::chrono::hours(1));
  const auto second = Enqueue(queue, build_nothing);
  EXPECT_EQ((*second)->time, (*first)->time + Duration(1));
  EXPECT_EQ((*second)->number, (*first)->number + 1);
}

TEST(CommitQueueTest, NothingIsQueuedWhenWhatWasReadMayHaveFailed) {
  Overlay overlay;
  ReleaseGate gate(0);
  CommitQueue queue(SystemClock(), overlay, gate, StoreState(), kQueueBytesMax);
  const std::uint64_t epoch = queue.epoch();
  const auto raise = [](WriteBatch& batch) { batch.SetGeneration(7, 3); };
  ASSERT_TRUE(Enqueue(queue, raise, {}, epoch).has_value());
  queue.FailForSpace(*queue.Take(std::chrono::microseconds(0)));
  EXPECT_EQ(queue.Admit().error().code(), StatusCode::kOutOfSpace);
  queue.ResumeForSpace();
  EXPECT_FALSE(Enqueue(queue, build_nothing, {}, epoch)->has_value());
  // The generation that was to be raised was not.
  const Guard guard{.id = 7, .generation = 0};
  EXPECT_TRUE(Enqueue(queue, build_nothing, std::span(&guard, 1), queue.epoch())->has_value());
}

TEST(CommitQueueTest, RoundOfAFailedLogIsStillReadByWhoeverIsDeciding) {
  Overlay overlay;
  ReleaseGate gate(0);
  CommitQueue queue(SystemClock(), overlay, gate, StoreState(), kQueueBytesMax);
  ASSERT_TRUE(Enqueue(queue, [](WriteBatch& batch) { batch.Put(KeyOf("a"), "1"); }).has_value());
  std::optional<Round> round = queue.Take(std::chrono::microseconds(0));
  queue.Fail(Status(StatusCode::kIoError, "failed"));
  queue.Keep(*std::move(round));
  round.reset();
  const auto entry = overlay.Find(KeyOf("a"), HashKey(KeyOf("a").keyspace, "a"));
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->value, "1");
}

TEST(ReleaseGateTest, TellsEachPositionItsOwnFate) {
  ReleaseGate gate(10);
  std::string told;
  const auto wait = [&](std::uint64_t number) {
    gate.Release(number, [&told, number](const StoreResult<void>& result) {
      told += std::to_string(number) + (result ? "+ " : "- ");
    });
  };
  wait(10);
  wait(12);
  wait(11);
  gate.Advance(11);
  gate.Fail(12, 13, Status(StatusCode::kOutOfSpace, "full"));
  wait(13);
  gate.Advance(14);
  wait(12);
  wait(14);
  wait(15);
  gate.Stop(Status(StatusCode::kUnknown, "failed"));
  wait(16);
  wait(14);
  EXPECT_EQ(told, "10+ 11+ 12- 13- 12- 14+ 15- 16- 14+ ");
}

}  // namespace
}  // namespace gramme
