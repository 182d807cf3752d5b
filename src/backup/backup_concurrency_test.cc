// Backups of a table that many threads write to.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "backup/backups.h"
#include "backup/memory_backup_storage.h"
#include "base/executor.h"
#include "encoding/item_encoding.h"
#include "storage/memory/memory_store.h"
#include "table/item/item_key.h"
#include "table/table_creation.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

constexpr int kAccountCount = 100;
constexpr std::int64_t kStartBalance = 1000;
constexpr int kWriterCount = 8;
constexpr int kBackupCount = 50;

Item Account(int number, std::int64_t balance) {
  return {{"id", "account-" + std::to_string(number)}, {"balance", Number::FromInt(balance)}};
}

std::int64_t BalanceOf(const Item& item) {
  const Number& balance = FindAttribute(item, "balance")->get<Number>();
  std::int64_t value = static_cast<std::int64_t>(balance.coefficient());
  for (int i = 0; i < balance.exponent(); ++i) value *= 10;
  return balance.negative() ? -value : value;
}

class Bank : public ::testing::Test {
 protected:
  Bank() {
    RegisterTableDrop(jobs, store, catalog);
    TableDescription description;
    description.name = "Accounts";
    description.key_schema = {{"id", KeyType::kHash}};
    description.attribute_definitions = {{"id", AttributeType::kString}};
    EXPECT_TRUE(GiveIdentity(description, store, SystemClock(), SystemRandom()).has_value());
    EXPECT_TRUE(BeginTable(std::move(description), catalog, jobs, settings).has_value());
    table = catalog.view()->Find("Accounts");
    for (int i = 0; i < kAccountCount; ++i) Transfer(i, i, 0);
  }
  ~Bank() override {
    jobs.Stop();
    pool.Stop();
  }

  Key KeyOf(int account) const { return KeyOfValidItem(table->description(), Account(account, 0)); }

  // Of one account to itself: opens it.
  void Transfer(int from, int to, std::int64_t amount) {
    const Key keys[] = {KeyOf(from), KeyOf(to)};
    const auto decide = [&](std::span<const CurrentValue> values) {
      const auto balance = [&](std::size_t which) {
        return values[which] ? BalanceOf(*DecodeItem(*values[which])) : kStartBalance;
      };
      WriteBatch batch;
      batch.Put(keys[0], EncodeItem(Account(from, balance(0) - amount)));
      if (from != to) batch.Put(keys[1], EncodeItem(Account(to, balance(1) + amount)));
      return std::optional(std::move(batch));
    };
    const Guard guard = table->guard();
    EXPECT_TRUE(store.Update(keys, {&guard, 1}, UpdateOptions{}, decide).has_value());
  }

  std::int64_t TotalOf(const TableRef& counted) {
    std::int64_t total = 0;
    int count = 0;
    const auto view = store.OpenView(store.Groups(counted->keyspace())[0].id, ReadTier::kDisk);
    const auto add = [&](std::string_view, std::string_view value) {
      total += BalanceOf(*DecodeItem(value));
      ++count;
      return ScanStep::kContinue;
    };
    EXPECT_TRUE((*view)->Scan(counted->keyspace(), {}, Direction::kForward, add).has_value());
    EXPECT_EQ(count, kAccountCount);
    return total;
  }

  // Gives the jobs the time they take.
  void WaitForJobs() {
    while (!jobs.List().empty()) std::this_thread::yield();
  }

  MemoryStore store;
  ThreadPool pool{2};
  Settings settings;
  MemoryBackupStorage storage;
  Catalog catalog{store};
  Jobs jobs{store, pool, SystemClock(), SystemRandom()};
  Backups backups{{store, catalog, jobs, storage, SystemClock(), SystemRandom(), settings},
                  {.writer = {.block_bytes = 500}, .step_bytes = 1500, .durable_bytes = 4000}};
  TableRef table;
};

TEST_F(Bank, EveryRestoredTotalIsExactWhileEightWritersMoveMoney) {
  std::atomic<bool> is_over = false;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriterCount; ++writer) {
    writers.emplace_back([&, writer] {
      SeededRandom random(static_cast<std::uint64_t>(writer) + 1);  // the seed is the number
      while (!is_over) {
        const int from = static_cast<int>(random.Below(kAccountCount));
        const int to = static_cast<int>(random.Below(kAccountCount));
        Transfer(from, to, from == to ? 0 : static_cast<std::int64_t>(random.Below(50)));
      }
    });
  }
  std::vector<BackupDescription> made;
  for (int i = 0; i < kBackupCount; ++i) {
    const auto created = backups.Create("Accounts", "Bank");
    ASSERT_TRUE(created.has_value()) << created.error().message;
    made.push_back(*created);
  }
  WaitForJobs();
  is_over = true;
  for (std::thread& writer : writers) writer.join();
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::string target = "Copy-" + std::to_string(i);
    const auto restored = backups.BeginRestore({.backup_id = made[i].id,
                                                .backup_arn = made[i].arn,
                                                .target_table_name = target,
                                                .overrides = {}});
    ASSERT_TRUE(restored.has_value()) << restored.error().message;
  }
  WaitForJobs();
  for (int i = 0; i < kBackupCount; ++i) {
    const TableRef copy = catalog.view()->Find("Copy-" + std::to_string(i));
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(copy->description().status, TableStatus::kActive);
    EXPECT_EQ(TotalOf(copy), kAccountCount * kStartBalance);
  }
}

}  // namespace
}  // namespace gramme
