#include "storage/rocksdb/value_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/planted_bug.h"
#include "metrics/registry.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/power_loss_disk.h"
#include "storage/rocksdb/testing/power_loss_file_system.h"
#include "storage/rocksdb/testing/scratch_directory.h"

namespace gramme {
namespace {

constexpr KeyspaceId kKeyspace{100};
constexpr std::size_t kCacheBytes = 1 << 20;

Key KeyOf(std::string bytes, KeyspaceId keyspace = kKeyspace) {
  return {.keyspace = keyspace, .placement = 0, .bytes = std::move(bytes)};
}

class ValueCacheTest : public testing::Test {
 protected:
  // The value that is shown, or nothing.
  std::optional<std::string> Shown(const Key& key) {
    std::optional<std::string> shown;
    const bool was_shown =
        cache_.Show(CacheKey(key), [&](std::string_view value) { shown.emplace(value); });
    EXPECT_EQ(was_shown, shown.has_value());
    return shown;
  }
  // As two reads do.
  void OfferTwice(const Key& key, std::string_view value, std::uint64_t commit_number) {
    for (int i = 0; i < 2; ++i) cache_.Offer(CacheKey(key), value, commit_number);
  }
  void NoteWrite(const Key& key, std::uint64_t commit_number) {
    cache_.NoteWrite(CacheKey(key).hash, commit_number);
  }

  ValueCache cache_{kCacheBytes};
};

TEST_F(ValueCacheTest, HoldsWhatIsOfferedTheSecondTime) {
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  cache_.Offer(CacheKey(KeyOf("a")), "1", 5);
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  EXPECT_EQ(cache_.byte_count(), 0u);
  cache_.Offer(CacheKey(KeyOf("a")), "1", 5);
  EXPECT_EQ(Shown(KeyOf("a")), "1");
  EXPECT_GT(cache_.byte_count(), 0u);
  EXPECT_EQ(Shown(KeyOf("b")), std::nullopt);
  EXPECT_EQ(Shown(KeyOf("a", KeyspaceId{101})), std::nullopt);
}

TEST_F(ValueCacheTest, ScanOfManyKeysIsNotHeld) {
  OfferTwice(KeyOf("hot"), "1", 5);
  const std::size_t byte_count = cache_.byte_count();
  for (int i = 0; i < 200'000; ++i) cache_.Offer(CacheKey(KeyOf(std::to_string(i))), "cold", 5);
  EXPECT_EQ(cache_.byte_count(), byte_count);
  EXPECT_EQ(Shown(KeyOf("hot")), "1");
}

TEST_F(ValueCacheTest, DoesNotTakeWhatWasReadBeforeTheNewestWrite) {
  NoteWrite(KeyOf("a"), 7);
  OfferTwice(KeyOf("a"), "of commit 6", 6);
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  EXPECT_EQ(cache_.byte_count(), 0u);
  OfferTwice(KeyOf("a"), "of commit 7", 7);
  EXPECT_EQ(Shown(KeyOf("a")), "of commit 7");
}

TEST_F(ValueCacheTest, DoesNotShowWhatWasWrittenSince) {
  OfferTwice(KeyOf("a"), "of commit 6", 6);
  EXPECT_EQ(Shown(KeyOf("a")), "of commit 6");
  NoteWrite(KeyOf("a"), 8);
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  // Nor does it keep it.
  EXPECT_EQ(cache_.byte_count(), 0u);
  OfferTwice(KeyOf("a"), "of commit 9", 9);
  EXPECT_EQ(Shown(KeyOf("a")), "of commit 9");
}

TEST_F(ValueCacheTest, RemovalOfARangeHidesItsKeyspaceAlone) {
  const Key other = KeyOf("a", KeyspaceId{101});
  OfferTwice(KeyOf("a"), "1", 6);
  OfferTwice(other, "2", 6);
  cache_.NoteRemoval(kKeyspace, 7);
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  EXPECT_EQ(Shown(other), "2");
  OfferTwice(KeyOf("a"), "of commit 6", 6);
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  OfferTwice(KeyOf("a"), "of commit 7", 7);
  EXPECT_EQ(Shown(KeyOf("a")), "of commit 7");
}

TEST_F(ValueCacheTest, HoldsLongKeysAndEmptyValues) {
  const Key key = KeyOf(std::string(3000, 'k'));
  OfferTwice(key, "", 5);
  EXPECT_EQ(Shown(key), "");
}

TEST_F(ValueCacheTest, DoesNotHoldLargeValuesNorTheRecordsOfTheStore) {
  OfferTwice(KeyOf("largest"), std::string(kCachedValueBytesMax, 'v'), 5);
  EXPECT_TRUE(Shown(KeyOf("largest")).has_value());
  OfferTwice(KeyOf("larger"), std::string(kCachedValueBytesMax + 1, 'v'), 5);
  EXPECT_EQ(Shown(KeyOf("larger")), std::nullopt);
  OfferTwice(KeyOf("record", kStoreKeyspace), "1", 5);
  EXPECT_EQ(Shown(KeyOf("record", kStoreKeyspace)), std::nullopt);
}

TEST_F(ValueCacheTest, StaysWithinItsBytes) {
  for (int i = 0; i < 5000; ++i) {
    OfferTwice(KeyOf(std::to_string(i)), std::string(1000, 'v'), 5);
    ASSERT_LE(cache_.byte_count(), kCacheBytes);
  }
  EXPECT_GT(cache_.byte_count(), kCacheBytes / 2);
  EXPECT_TRUE(Shown(KeyOf("4999")).has_value());
  EXPECT_EQ(Shown(KeyOf("0")), std::nullopt);
}

TEST_F(ValueCacheTest, ShowsNothingOnceClosed) {
  OfferTwice(KeyOf("a"), "1", 5);
  cache_.Close();
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
  OfferTwice(KeyOf("a"), "1", 6);
  EXPECT_EQ(Shown(KeyOf("a")), std::nullopt);
}

// Some threads count keys up, some read them, all at once. A key never shows less than what has
// been acknowledged or seen before the read began, by anyone.
class ReadRun {
 public:
  explicit ReadRun(Durability durability) {
    seams_.file_system = std::make_shared<PowerLossFileSystem>(std::make_shared<PowerLossDisk>());
    auto opened = RocksDbStore::Open({.directory = directory_.path(),
                                      .durability = durability,
                                      .metrics = &metrics_,
                                      .seams = &seams_});
    EXPECT_TRUE(opened.has_value());
    store_ = *std::move(opened);
  }

  void Run() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kWriterCount; ++i) threads.emplace_back([this, i] { Write(i); });
    for (std::size_t i = 0; i < kReaderCount; ++i) {
      threads.emplace_back([this] {
        for (std::size_t turn = 0; writing_ > 0; ++turn) Read(turn % kKeyCount);
      });
    }
    for (std::thread& thread : threads) thread.join();
    // What nobody changes any more is read from the cache, and it is the last.
    for (int repetition = 0; repetition < 3; ++repetition) {
      for (std::size_t key = 0; key < kKeyCount; ++key) Read(key);
    }
  }

  int violation_count() const { return violations_; }
  bool HasHits() const {
    return metrics_.Render().find("gramme_store_value_cache_hits_total 0\n") == std::string::npos;
  }

 private:
  static constexpr std::size_t kWriterCount = 2;
  static constexpr std::size_t kReaderCount = 3;
  static constexpr std::size_t kKeyCount = 6;
  static constexpr int kWriteCount = 1000;

  static Key NameOf(std::size_t key) { return KeyOf("key" + std::to_string(key)); }

  // One of the keys of writer `i` after the other.
  void Write(std::size_t i) {
    for (int turn = 1; turn <= kWriteCount; ++turn) {
      const std::size_t key = i + kWriterCount * (static_cast<std::size_t>(turn) % 3);
      const std::array keys = {NameOf(key)};
      const auto outcome = store_->Update(
          keys, {}, {}, [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
            WriteBatch batch;
            batch.Put(keys[0], std::to_string(turn));
            return batch;
          });
      EXPECT_TRUE(outcome.has_value());
      EXPECT_TRUE(store_->Await(outcome->position).has_value());
      Raise(key, turn);
      // Most keys are read more often than they are written.
      for (int repetition = 0; repetition < 4; ++repetition) Read(key);
    }
    --writing_;
  }

  void Read(std::size_t key) {
    const int least = least_[key].load();
    int seen = 0;
    const auto is_there = store_->Read(NameOf(key), ReadTier::kDisk, [&](std::string_view value) {
      seen = std::stoi(std::string(value));
    });
    EXPECT_TRUE(is_there.has_value());
    if (seen < least) ++violations_;
    Raise(key, seen);
  }

  void Raise(std::size_t key, int seen) {
    int least = least_[key].load();
    while (least < seen && !least_[key].compare_exchange_weak(least, seen)) {
    }
  }

  ScratchDirectory directory_;
  StorageSeams seams_;
  Registry metrics_;
  std::unique_ptr<RocksDbStore> store_;
  std::array<std::atomic<int>, kKeyCount> least_{};
  std::atomic<int> writing_ = kWriterCount;
  std::atomic<int> violations_ = 0;
};

class CachedReadTest : public testing::TestWithParam<Durability> {};

TEST_P(CachedReadTest, NeverGoesBackBesideWriters) {
  ReadRun run(GetParam());
  run.Run();
  EXPECT_EQ(run.violation_count(), 0);
  EXPECT_TRUE(run.HasHits());
}

#ifdef GRAMME_PLANTED_BUGS

TEST_P(CachedReadTest, CatchesACacheThatLearnsOfARoundAfterItsAnswers) {
  PlantBug("cache_told_late");
  // Somebody has to read in the moment between: nearly always, within one run.
  bool is_caught = false;
  for (int attempt = 0; attempt < 50 && !is_caught; ++attempt) {
    ReadRun run(GetParam());
    run.Run();
    is_caught = run.violation_count() > 0;
  }
  PlantBug("");
  EXPECT_TRUE(is_caught);
}

#endif

INSTANTIATE_TEST_SUITE_P(Durabilities, CachedReadTest,
                         testing::Values(Durability::kAlways, Durability::kRelaxed),
                         [](const auto& instance) {
                           return std::string(instance.param == Durability::kAlways ? "Always"
                                                                                    : "Relaxed");
                         });

}  // namespace
}  // namespace gramme
