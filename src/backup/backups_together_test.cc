// Backups of several tables at one instant.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backup/backup_job.h"
#include "backup/testing/backup_world.h"
#include "encoding/record.h"
#include "table/item/write_action.h"
#include "table/transaction/transaction.h"

namespace gramme {
namespace {

using ::testing::IsEmpty;

constexpr std::int64_t kStartBalance = 1000;
constexpr int kAccountCount = 8;
const std::vector<std::string> kTables = {"Music", "Games"};

class BackupsTogetherTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  BackupWorldOptions Options() const { return {.seed = 23, .group_count = GetParam()}; }

  // Some accounts in each table.
  struct Bank {
    explicit Bank(BackupWorld& in) : world(in) {
      for (std::vector<std::int64_t>& of_table : balances) {
        of_table.assign(kAccountCount, kStartBalance);
      }
      for (std::size_t table = 0; table < kTables.size(); ++table) {
        world.MakeTable(kTables[table]);
        for (std::size_t i = 0; i < kAccountCount; ++i) {
          world.Write(kTables[table], {Account(table, i)});
        }
      }
    }

    Item Account(std::size_t table, std::size_t i) const {
      Item item = SampleItem("account-" + std::to_string(i), 0);
      item["balance"] = Number::FromInt(balances[table][i]);
      return item;
    }
    // Moves money from one table to the other, in a transaction.
    void Transfer() {
      const std::size_t from = world.random.Below(2);
      const std::size_t to = 1 - from;
      const std::size_t a = world.random.Below(kAccountCount);
      const std::size_t b = world.random.Below(kAccountCount);
      const auto amount = static_cast<std::int64_t>(world.random.Below(100));
      balances[from][a] -= amount;
      balances[to][b] += amount;
      const std::array items = {Account(from, a), Account(to, b)};
      const std::array tables = {world.Find(kTables[from]), world.Find(kTables[to])};
      TransactionWrite write;
      write.now = world.clock.WallNow();
      for (std::size_t i = 0; i < items.size(); ++i) {
        WriteAction action = {.kind = WriteKind::kPut, .table = tables[i], .item = &items[i]};
        action.index_in_commit = static_cast<std::uint32_t>(i);
        ASSERT_TRUE(BindAction(action).has_value());
        write.actions.push_back(std::move(action));
      }
      ASSERT_TRUE(RunTransaction(world.store, ReadTier::kDisk, write).result.has_value());
      world.store.FlushAll();
      world.clock.Advance(std::chrono::milliseconds(1));
    }
    std::int64_t TotalOf(const std::string& table) const {
      std::int64_t total = 0;
      for (const auto& [key, item] : world.ItemsOf(world.Find(table))) {
        total += std::stoll(FindAttribute(item, "balance")->get<Number>().ToString());
      }
      return total;
    }

    BackupWorld& world;
    std::array<std::vector<std::int64_t>, 2> balances;
  };

  static std::vector<StoredItems> ItemsOf(BackupWorld& world) {
    return {world.ItemsOf(world.Find(kTables[0])), world.ItemsOf(world.Find(kTables[1]))};
  }
  static void RestoreBoth(BackupWorld& world, const std::vector<BackupDescription>& made) {
    for (std::size_t i = 0; i < made.size(); ++i) {
      const auto begun =
          world.backups().BeginRestore(world.RestoreOf(made[i].id, "Copy-" + kTables[i]));
      ASSERT_TRUE(begun.has_value()) << begun.error().message;
    }
    ASSERT_TRUE(world.RunJobs());
  }
};

INSTANTIATE_TEST_SUITE_P(Groups, BackupsTogetherTest, ::testing::Values(1, 2));

// In one group: a transaction has its items in one.
TEST_P(BackupsTogetherTest, EveryTotalIsExactWhileMoneyMovesBetweenTables) {
  BackupWorld world({.seed = 20 + GetParam()});
  Bank bank(world);
  std::vector<std::vector<BackupDescription>> made;
  for (int i = 0; i < 30; ++i) {
    for (int j = 0; j < 20; ++j) bank.Transfer();
    const auto created = world.backups().CreateTogether(kTables, "Bank");
    ASSERT_TRUE(created.has_value()) << created.error().message;
    ASSERT_EQ(created->size(), 2u);
    EXPECT_EQ((*created)[0].table.name, "Music");
    EXPECT_EQ((*created)[1].table.name, "Games");
    EXPECT_EQ((*created)[0].positions, (*created)[1].positions);
    EXPECT_EQ((*created)[0].commit_time, (*created)[1].commit_time);
    EXPECT_EQ((*created)[0].creation_time, (*created)[1].creation_time);
    made.push_back(*created);
    // The jobs go on while money moves.
    for (int j = 0; j < 10; ++j) {
      bank.Transfer();
      world.RunOneTask();
    }
  }
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(*world.store.ListImages(), IsEmpty());
  for (const auto& pair : made) {
    RestoreBoth(world, pair);
    EXPECT_EQ(bank.TotalOf("Copy-Music") + bank.TotalOf("Copy-Games"),
              2 * kAccountCount * kStartBalance);
    world.Drop("Copy-Music");
    world.Drop("Copy-Games");
  }
}

TEST_P(BackupsTogetherTest, AreCompletedWithTheirInstantWhateverStepACrashCutsOff) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld world(Options());
    Bank bank(world);
    world.Fill(world.Find("Games"), 15);
    const std::vector<StoredItems> before = ItemsOf(world);
    const auto created = world.backups().CreateTogether(kTables, "Both");
    ASSERT_TRUE(created.has_value());
    for (const std::string& table : kTables) world.Fill(world.Find(table), 5);
    for (int i = 0; i < step && !world.process().jobs.List().empty(); ++i) world.RunOneTask();
    is_over = world.process().jobs.List().empty();
    world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    EXPECT_THAT(*world.store.ListImages(), IsEmpty());
    RestoreBoth(world, *created);
    for (std::size_t i = 0; i < kTables.size(); ++i) {
      EXPECT_EQ(world.backups().Find((*created)[i].id)->positions, (*created)[0].positions);
      EXPECT_EQ(world.ItemsOf(world.Find("Copy-" + kTables[i])), before[i]);
    }
  }
}

// One update fails, or its outcome is not known: both backups are there, or none.
class OneFault : public StoreFaults {
 public:
  OneFault(UpdateFault fault, int at) : fault_(fault), left_(at) {}
  UpdateFault OnUpdate(ReadTier, bool) override {
    return is_on && left_-- == 0 ? fault_ : UpdateFault::kNone;
  }
  std::optional<StatusCode> OnOpenView() override { return std::nullopt; }
  std::optional<StatusCode> OnRead(ReadTier) override { return std::nullopt; }

  bool has_happened() const { return left_ < 0; }
  bool is_on = false;

 private:
  const UpdateFault fault_;
  int left_;
};

TEST_P(BackupsTogetherTest, AllOrNoneAreMadeWhateverUpdateFails) {
  for (const UpdateFault kind : {UpdateFault::kUnavailable, UpdateFault::kUnknownApplied,
                                 UpdateFault::kUnknownLost, UpdateFault::kConflict}) {
    bool is_over = false;
    for (int at = 0; !is_over; ++at) {
      SCOPED_TRACE(at);
      OneFault fault(kind, at);
      BackupWorld world({.seed = 29, .group_count = GetParam(), .faults = &fault});
      Bank bank(world);
      fault.is_on = true;
      const auto created = world.backups().CreateTogether(kTables, "Both");
      ASSERT_TRUE(world.RunJobs());
      is_over = !fault.has_happened();
      fault.is_on = false;
      for (int start = 0; start < 2; ++start) {
        EXPECT_EQ(world.backups().List({}).backups.size(), created ? 2u : 0u);
        EXPECT_THAT(*world.store.ListImages(), IsEmpty());
        world.CrashAndStart();
        ASSERT_TRUE(world.RunJobs());
      }
    }
  }
}

TEST_P(BackupsTogetherTest, AnAbsentTableLeavesNoneOfThem) {
  BackupWorld world(Options());
  world.MakeTable("Music");
  const std::vector<std::string> names = {"Music", "Absent"};
  const auto created = world.backups().CreateTogether(names, "Both");
  ASSERT_FALSE(created.has_value());
  EXPECT_EQ(created.error().code, ErrorCode::kTableNotFoundException);
  EXPECT_EQ(created.error().message, "Table not found: Absent");
  EXPECT_THAT(world.backups().List({}).backups, IsEmpty());
  EXPECT_THAT(*world.store.ListImages(), IsEmpty());
  EXPECT_TRUE(world.process().jobs.List().empty());
}

// As version 1 wrote it, a backup has an image of its own.
TEST(BackupRecordTest, AnEarlierVersionNamesNoImage) {
  BackupWorld world;
  world.MakeTable("Music");
  const auto created = world.backups().Create("Music", "Backup");
  ASSERT_TRUE(created.has_value());
  RecordWriter out(1);
  out.Bytes(EncodeBackupDescription(*created));
  out.Bytes("job");
  const auto record = DecodeBackupRecord(std::move(out).Finish());
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->job_id, "job");
  EXPECT_EQ(record->image_id, BackupImageId(created->id));
}

}  // namespace
}  // namespace gramme
