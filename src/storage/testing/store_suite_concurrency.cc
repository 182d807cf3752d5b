// Many threads on one store: exact totals, one winner.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "storage/testing/store_suite.h"
#include "storage/testing/store_suite_parts.h"

namespace gramme {
namespace {

constexpr int kThreadCount = 8;

int NumberOf(const CurrentValue& value) {
  int number = 0;
  if (value) std::from_chars(value->data(), value->data() + value->size(), number);
  return number;
}

template <typename Work>
void RunInThreads(Work work) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < kThreadCount; ++thread) threads.emplace_back(work, thread);
}

}  // namespace

void LinkConcurrencyTests() {}

TEST_P(StoreSuite, ConcurrentIncrementsOfOneKeyAreAllCounted) {
  constexpr int kRoundCount = 250;
  RunInThreads([&](int) {
    for (int round = 0; round < kRoundCount; ++round) {
      DecideOn(KeyOf("a"), [&](std::span<const CurrentValue> values) {
        WriteBatch batch;
        batch.Put(KeyOf("a"), std::to_string(NumberOf(values[0]) + 1));
        batch.Add(KeyOf("count"), 1);
        batch.PutStamped(keyspace_, placement_, "log/", "", "1");
        return std::optional(std::move(batch));
      });
    }
  });
  Await(Put(KeyOf("end"), "1").position);
  EXPECT_EQ(ReadDurable(KeyOf("a")), std::to_string(kThreadCount * kRoundCount));
  EXPECT_EQ(ReadCounter(KeyOf("count")), kThreadCount * kRoundCount);
  EXPECT_EQ(Scan(*OpenView(), keyspace_, {.start = "log/", .end = "log0"}).size(),
            std::size_t{kThreadCount} * kRoundCount);
}

TEST_P(StoreSuite, ConcurrentTransfersKeepTheTotalInEveryView) {
  constexpr std::size_t kAccountCount = 10;
  constexpr int kBalance = 1000;
  const std::uint64_t seed = PrintedSeed("ConcurrentTransfersKeepTheTotalInEveryView");
  const auto account = [&](std::size_t number) {
    return KeyOf("account" + std::to_string(number));
  };
  for (std::size_t number = 0; number < kAccountCount; ++number) {
    PutDurably(account(number), std::to_string(kBalance));
  }
  const auto total = [&] {
    int sum = 0;
    const std::unique_ptr<View> view = OpenView();
    for (const auto& [key, value] : Scan(*view, keyspace_, {})) sum += NumberOf(value);
    return sum;
  };
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      MakeDurable();
      EXPECT_EQ(total(), static_cast<int>(kAccountCount) * kBalance);
      std::this_thread::yield();
    }
  });
  RunInThreads([&](int thread) {
    SeededRandom random(seed + static_cast<std::uint64_t>(thread));
    for (int round = 0; round < 200; ++round) {
      const std::size_t from = random.Below(kAccountCount);
      const std::size_t to = (from + 1 + random.Below(kAccountCount - 1)) % kAccountCount;
      const int amount = static_cast<int>(random.Below(100));
      const std::vector<Key> keys = {account(from), account(to)};
      Decide(keys, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
        if (NumberOf(values[0]) < amount) return std::nullopt;
        WriteBatch batch;
        batch.Put(keys[0], std::to_string(NumberOf(values[0]) - amount));
        batch.Put(keys[1], std::to_string(NumberOf(values[1]) + amount));
        return batch;
      });
    }
  });
  reader.request_stop();
  reader.join();
  Await(Put(KeyOf("account0"), *ReadNewest(KeyOf("account0"))).position);
  EXPECT_EQ(total(), static_cast<int>(kAccountCount) * kBalance);
}

TEST_P(StoreSuite, OneOfManyThreadsWinsAnAbsentKey) {
  for (int round = 0; round < 25; ++round) {
    const Key key = KeyOf("key" + std::to_string(round));
    std::atomic<int> winner_count = 0;
    RunInThreads([&](int thread) {
      const UpdateOutcome outcome =
          DecideOn(key, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
            if (values[0]) return std::nullopt;
            WriteBatch batch;
            batch.Put(key, std::to_string(thread));
            return batch;
          });
      if (outcome.committed) ++winner_count;
    });
    EXPECT_EQ(winner_count, 1);
  }
}

TEST_P(StoreSuite, WriteSkewOverTwoAbsentKeysIsImpossible) {
  for (int round = 0; round < 25; ++round) {
    const std::vector<Key> keys = {KeyOf("left" + std::to_string(round)),
                                   KeyOf("right" + std::to_string(round))};
    std::atomic<int> winner_count = 0;
    // Each reads both and writes one; only the first may find both absent.
    RunInThreads([&](int thread) {
      const auto mine = static_cast<std::size_t>(thread % 2);
      const UpdateOutcome outcome =
          Decide(keys, [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
            if (values[0] || values[1]) return std::nullopt;
            WriteBatch batch;
            batch.Put(keys[mine], "1");
            return batch;
          });
      if (outcome.committed) ++winner_count;
    });
    EXPECT_EQ(winner_count, 1);
  }
}

TEST_P(StoreSuite, NoWriteSlipsPastARaisedGeneration) {
  constexpr std::uint64_t kTable = 3;
  std::atomic<std::uint64_t> raised_at = 0;
  std::atomic<std::uint64_t> last_put = 0;
  RunInThreads([&](int thread) {
    const Key key = KeyOf("key" + std::to_string(thread));
    const std::vector<Guard> guards = {{.id = kTable, .generation = 0}};
    for (int round = 0; round < 100; ++round) {
      if (thread == 0 && round == 50) {
        WriteBatch raise;
        raise.SetGeneration(kTable, 1);
        raised_at = Write(key, raise).position.commit_number();
        return;
      }
      const StoreResult<UpdateOutcome> outcome =
          store().Update(std::span(&key, 1), guards, {}, [&](std::span<const CurrentValue>) {
            WriteBatch batch;
            batch.Put(key, std::to_string(round));
            return std::optional(std::move(batch));
          });
      if (!outcome) continue;
      const std::uint64_t number = outcome->position.commit_number();
      std::uint64_t seen = last_put;
      while (seen < number && !last_put.compare_exchange_weak(seen, number)) {
      }
    }
  });
  EXPECT_LT(last_put, raised_at);
}

TEST_P(StoreSuite, KeyspacesCreatedConcurrentlyAreDifferent) {
  std::vector<std::vector<KeyspaceId>> created(kThreadCount);
  RunInThreads([&](int thread) {
    for (int round = 0; round < 20; ++round) {
      const StoreResult<KeyspaceId> keyspace = store().CreateKeyspace();
      ASSERT_TRUE(keyspace.has_value());
      created[static_cast<std::size_t>(thread)].push_back(*keyspace);
    }
  });
  std::vector<KeyspaceId> all;
  for (const auto& part : created) all.insert(all.end(), part.begin(), part.end());
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

}  // namespace gramme
