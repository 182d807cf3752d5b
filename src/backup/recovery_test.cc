// Restores to a moment, against an oracle that remembers every write.

#include "backup/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "backup/testing/backup_world.h"
#include "model/testing/random_values.h"
#include "table/change_log/log_sweep.h"
#include "table/change_log/stream_edits.h"
#include "table/item/item_key.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kNumberCount = 12;
constexpr std::int64_t kAccountCount = 10;
constexpr std::int64_t kStartBalance = 1000;

class RecoveryTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    world.MakeTable("Music");
    world.clock.Advance(milliseconds(300));
  }

  void Enable(std::int64_t period_days = 35, std::string_view table = "Music") {
    const auto edit = world.recovery().Enable(table, period_days);
    ASSERT_TRUE(edit.has_value()) << edit.error().message;
    world.store.FlushAll();
    // Groups have times of their own, which are the clock's only while it goes on.
    world.clock.Advance(milliseconds(1));
  }
  RestorableWindow Window() {
    return *world.recovery().WindowOf(world.Find("Music")->description());
  }
  std::vector<BackupDescription> Bases() {
    return world.backups().BasesOf(world.Find("Music")->description().id, {});
  }
  void Sweep() {
    const auto swept = world.recovery().Sweep();
    ASSERT_TRUE(swept.has_value()) << swept.error().message();
    ASSERT_TRUE(
        SweepChangeLogs(world.store, world.process().catalog, world.clock.WallNow()).has_value());
    world.store.FlushAll();
  }

  // One write to one random item. Never at a whole second.
  void WriteSomething() {
    Item item = SampleItem("item-" + std::to_string(world.random.Below(5)),
                           static_cast<std::int64_t>(world.random.Below(kNumberCount)));
    if (world.random.OneIn(4)) {
      const Item key = {{"id", item["id"]}, {"n", item["n"]}};
      world.Write("Music", {}, {key});
      Remember(key, std::nullopt);
      return;
    }
    if (world.random.OneIn(3)) item.erase("owner");
    if (world.random.OneIn(3)) item.erase("color");
    item["text"] =
        std::string(world.random.Below(100), static_cast<char>('a' + world.random.Below(26)));
    world.Write("Music", {item});
    Remember(item, item);
  }
  void Remember(const Item& key, std::optional<Item> item) {
    const std::string bytes = KeyOfValidItem(world.Find("Music")->description(), key).bytes;
    history_[bytes].emplace_back(world.clock.WallNow(), std::move(item));
    world.clock.Advance(milliseconds(1));
  }
  StoredItems ItemsAt(WallTime time) const {
    StoredItems items;
    for (const auto& [key, versions] : history_) {
      const std::optional<Item>* last = nullptr;
      for (const auto& [when, item] : versions) {
        if (when <= time) last = &item;
      }
      if (last != nullptr && *last) items.emplace(key, **last);
    }
    return items;
  }

  // Nothing: now.
  void Restore(std::optional<WallTime> time, std::string_view target) {
    const auto edit = world.recovery().BeginRestore({.source_table_name = "Music",
                                                     .target_table_name = std::string(target),
                                                     .time = time,
                                                     .overrides = {}});
    ASSERT_TRUE(edit.has_value()) << edit.error().message;
  }
  std::string Refusal(std::optional<WallTime> time, std::string_view target = "Copy") {
    const auto edit = world.recovery().BeginRestore({.source_table_name = "Music",
                                                     .target_table_name = std::string(target),
                                                     .time = time,
                                                     .overrides = {}});
    if (edit) return "";
    return std::string(ErrorCodeName(edit.error().code)) + ": " + edit.error().message;
  }
  void ExpectRestored(std::string_view target, const StoredItems& items) {
    const TableRef copy = world.Find(target);
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(copy->description().status, TableStatus::kActive);
    EXPECT_EQ(world.ItemsOf(copy), items);
    EXPECT_EQ(world.FindInconsistency(copy), "");
  }
  // Restores, looks, and drops the copy.
  void ExpectRestores(WallTime time) {
    Restore(time, "Copy");
    ASSERT_TRUE(world.RunJobs());
    ExpectRestored("Copy", ItemsAt(time));
    world.Drop("Copy");
  }
  WallTime RandomSecond(WallTime from, WallTime to) {
    const auto first = std::chrono::ceil<seconds>(from);
    const auto count = std::chrono::floor<seconds>(to) - first;
    return first + seconds(world.random.Below(static_cast<std::uint64_t>(count.count()) + 1));
  }

  // The log's shards are closed and opened, split too, and keep more or less.
  void ChangeStream() {
    const WallTime now = world.clock.WallNow();
    const KeyspaceId keyspace = world.Find("Music")->keyspace();
    const bool is_split = world.random.OneIn(2);
    const auto type = static_cast<StreamViewType>(world.random.Below(4));
    const auto edit = [&](TableDescription& table) -> Result<void> {
      if (!HasEnabledStream(table)) {
        return EnableStream({.view_type = type,
                             .now = now,
                             .log_keyspace = table.change_log->keyspace,
                             .groups = world.store.Groups(keyspace)},
                            table);
      }
      const auto open = std::ranges::count_if(
          table.change_log->shards, [](const LogShard& shard) { return !shard.closing_time; });
      if (!is_split || open >= 8) return DisableStream(now, table);
      return SplitStreamShards(static_cast<std::uint32_t>(2 * open), now, table);
    };
    const auto edited = world.process().catalog.EditTable("Music", edit, [](WriteBatch&) {});
    ASSERT_TRUE(edited.has_value()) << edited.error().message;
    world.clock.Advance(milliseconds(1));
  }

  // As an operator or NTP sets it. Commits go on a microsecond after the last one, while shards are
  // closed and bases are made at times that seem to be before.
  void StepClockBack() {
    const WallTime last = world.clock.WallNow();
    WriteSomething();
    const Duration by(world.random.Below(3'000'000));
    world.clock.StepWall(-by);
    for (int i = 0; i < 6; ++i) {
      if (world.random.OneIn(3)) ChangeStream();
      if (world.random.OneIn(4)) Sweep();
      const Item item =
          SampleItem("ahead", static_cast<std::int64_t>(world.random.Below(kNumberCount)));
      world.Write("Music", {item});
      const std::string key = KeyOfValidItem(world.Find("Music")->description(), item).bytes;
      history_[key].emplace_back(std::max(last, world.clock.WallNow()), item);
    }
    world.clock.StepWall(last - world.clock.WallNow() + seconds(1));
  }

  // As time goes by: writes, sweeps, and now and then a crash.
  void Live(Duration time, Duration mean_pause) {
    const WallTime end = world.clock.WallNow() + time;
    WallTime sweep_time = world.clock.WallNow();
    while (world.clock.WallNow() < end) {
      WriteSomething();
      world.clock.Advance(milliseconds(
          world.random.Below(2 * static_cast<std::uint64_t>(mean_pause / milliseconds(1)))));
      const auto fraction =
          world.clock.WallNow() - std::chrono::floor<seconds>(world.clock.WallNow());
      if (fraction < milliseconds(50)) world.clock.Advance(milliseconds(50));
      if (world.random.OneIn(500)) world.CrashAndStart();
      if (world.random.OneIn(200)) ChangeStream();
      if (GetParam() == 1 && world.random.OneIn(300)) StepClockBack();
      if (world.clock.WallNow() - sweep_time < std::max<Duration>(minutes(1), mean_pause)) continue;
      Sweep();
      ASSERT_TRUE(world.RunJobs());
      sweep_time = world.clock.WallNow();
    }
  }

  const std::uint64_t seed = TestSeed();
  BackupWorld world{{.seed = seed, .group_count = GetParam()}};
  std::map<std::string, std::vector<std::pair<WallTime, std::optional<Item>>>> history_;
};

INSTANTIATE_TEST_SUITE_P(Groups, RecoveryTest, ::testing::Values(1, 2));

TEST_P(RecoveryTest, RestoresAThousandRandomSecondsOfAnHour) {
  for (int i = 0; i < 20; ++i) WriteSomething();
  world.clock.Advance(seconds(1));
  Enable();
  const RestorableWindow first = Window();
  EXPECT_EQ(first.earliest, first.latest);
  Live(hours(1), milliseconds(700));
  EXPECT_GT(Bases().size(), 3u);
  const RestorableWindow window = Window();
  EXPECT_EQ(window.earliest, first.earliest);
  EXPECT_LT(world.clock.WallNow() - window.latest, seconds(1));
  for (int i = 0; i < 1000 && !HasFailure(); ++i) {
    const WallTime time = RandomSecond(window.earliest, window.latest);
    SCOPED_TRACE(FormatIso8601(time));
    ExpectRestores(time);
  }
  EXPECT_THAT(*world.store.ListImages(), IsEmpty());
}

// Whatever is written and swept meanwhile, and however often the process ends.
TEST_P(RecoveryTest, ARestoreIsTheMomentsWhateverHappensMeanwhile) {
  Enable();
  Live(minutes(10), milliseconds(500));
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    const RestorableWindow window = Window();
    const WallTime time = RandomSecond(window.earliest, window.latest);
    Restore(time, "Copy");
    for (int i = 0; i < 3; ++i) WriteSomething();
    is_over = true;
    for (int i = 0; i < step && is_over; ++i) {
      world.store.FlushAll();
      world.RunOneTask();
    }
    is_over = world.process().jobs.List().empty();
    world.CrashAndStart();
    ASSERT_TRUE(world.RunJobs());
    ExpectRestored("Copy", ItemsAt(time));
    world.Drop("Copy");
    EXPECT_THAT(*world.store.ListImages(), IsEmpty());
  }
}

TEST_P(RecoveryTest, AMomentHasTheCommitsOfItsMicrosecondAndNoneAfterIt) {
  Enable();
  for (int i = 0; i < 30; ++i) {
    world.clock.Advance(seconds(1));
    const WallTime time = world.clock.WallNow();
    WriteSomething();
    world.clock.Advance(seconds(2));
    ExpectRestores(time - Duration(1));
    ExpectRestores(time);
    world.clock.Advance(seconds(1));
  }
}

TEST_P(RecoveryTest, TheLatestMomentHasEveryAnsweredWrite) {
  Enable();
  for (int i = 0; i < 30; ++i) {
    WriteSomething();
    const StoredItems now = ItemsAt(world.clock.WallNow());
    Restore(std::nullopt, "Copy");
    WriteSomething();
    ASSERT_TRUE(world.RunJobs());
    ExpectRestored("Copy", now);
    world.Drop("Copy");
  }
}

TEST_P(RecoveryTest, ARestoreOutlivesItsSource) {
  Enable();
  Live(minutes(3), milliseconds(500));
  const StoredItems now = ItemsAt(world.clock.WallNow());
  Restore(std::nullopt, "Copy");
  world.Drop("Music");
  ASSERT_TRUE(world.RunJobs());
  ExpectRestored("Copy", now);
}

TEST_P(RecoveryTest, SeveralRestoresOfOneTableRunAtOnce) {
  Enable();
  Live(minutes(5), milliseconds(500));
  const RestorableWindow window = Window();
  std::map<std::string, WallTime> times;
  for (int i = 0; i < 5; ++i) {
    const std::string target = "Copy-" + std::to_string(i);
    times[target] = RandomSecond(window.earliest, window.latest);
    Restore(times[target], target);
  }
  EXPECT_THAT(
      Refusal(std::nullopt, "Copy-1"),
      ::testing::StartsWith("TableInUseException: Table: Copy-1 is already being restored"));
  ASSERT_TRUE(world.RunJobs());
  for (const auto& [target, time] : times) ExpectRestored(target, ItemsAt(time));
}

TEST_P(RecoveryTest, TheWindowMovesWithItsPeriodAndTheLogBeforeItGoes) {
  Enable(2);
  const WallTime start = Window().earliest;
  Live(hours(36), minutes(3));
  EXPECT_EQ(Window().earliest, start);
  Live(hours(36), minutes(3));
  EXPECT_EQ(Window().earliest, world.clock.WallNow() - days(2));
  const std::size_t base_count = Bases().size();
  const PointInTimeRecovery recovery = *world.Find("Music")->description().point_in_time_recovery;
  EXPECT_GT(recovery.log_start, start);
  EXPECT_LE(recovery.log_start, Window().earliest);
  for (int i = 0; i < 30; ++i) {
    ExpectRestores(RandomSecond(Window().earliest + seconds(1), Window().latest));
  }
  EXPECT_THAT(Refusal(world.clock.WallNow() - days(2) - seconds(1)),
              ::testing::StartsWith("InvalidRestoreTimeException: RestoreDateTime '"));
  EXPECT_THAT(Refusal(world.clock.WallNow() + seconds(1)),
              ::testing::StartsWith("InvalidRestoreTimeException: RestoreDateTime '"));
  // A shorter period takes effect at once.
  Enable(1);
  EXPECT_EQ(Window().earliest, world.clock.WallNow() - days(1));
  Sweep();
  EXPECT_LT(Bases().size(), base_count);
  ExpectRestores(RandomSecond(Window().earliest + seconds(1), Window().latest));
  // Nothing changes any more: one base is all that is needed, and it stays.
  world.clock.Advance(days(5));
  Sweep();
  ASSERT_TRUE(world.RunJobs());
  ExpectRestores(RandomSecond(Window().earliest + seconds(1), Window().latest));
  EXPECT_THAT(Bases(), SizeIs(1));
}

TEST_P(RecoveryTest, DisablingForgetsEverything) {
  Enable();
  Live(minutes(5), milliseconds(500));
  const RestorableWindow window = Window();
  ASSERT_TRUE(world.recovery().Disable("Music").has_value());
  EXPECT_EQ(world.recovery().WindowOf(world.Find("Music")->description()), std::nullopt);
  EXPECT_EQ(Refusal(window.latest),
            "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for "
            "table 'Music'");
  WriteSomething();
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(Bases(), IsEmpty());
  world.clock.Advance(seconds(5));
  Enable();
  EXPECT_GT(Window().earliest, window.latest);
  EXPECT_THAT(Refusal(window.latest), ::testing::StartsWith("InvalidRestoreTimeException"));
  WriteSomething();
  world.clock.Advance(seconds(2));
  ExpectRestores(Window().latest);
  Sweep();
  EXPECT_THAT(Bases(), SizeIs(1));
}

// Whatever the clock says: a base of before is no base of after.
TEST_P(RecoveryTest, WhatWasWrittenWhileItWasOffIsInNoMomentOfBefore) {
  if (GetParam() > 1) return;  // groups have times of their own
  Enable();
  for (int i = 0; i < 20; ++i) WriteSomething();
  Sweep();
  ASSERT_TRUE(world.RunJobs());
  world.clock.StepWall(-hours(1));
  ASSERT_TRUE(world.recovery().Disable("Music").has_value());
  const Item item = SampleItem("off", 1);
  world.Write("Music", {item});
  Enable();
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(Bases(), SizeIs(1));
  Restore(std::nullopt, "Copy");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.ItemsOf(world.Find("Copy")), world.ItemsOf(world.Find("Music")));
  Sweep();
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(Bases(), SizeIs(1));
}

// Two drop jobs at once, of tables deleted in the same millisecond.
TEST_P(RecoveryTest, TwoTablesDeletedAtOnceAreBothKept) {
  Enable();
  WriteSomething();
  world.MakeTable("Other");
  Enable(35, "Other");
  world.Write("Other", {SampleItem("other", 1)});
  ASSERT_TRUE(world.RunJobs());
  const TableDescription tables[] = {world.Find("Music")->description(),
                                     world.Find("Other")->description()};
  const StoredItems items[] = {world.ItemsOf(world.Find("Music")),
                               world.ItemsOf(world.Find("Other"))};
  const WallTime time = world.clock.WallNow();
  std::vector<std::jthread> drops;
  for (const TableDescription& table : tables) {
    drops.emplace_back(
        [&, time] { EXPECT_TRUE(world.recovery().KeepDeleted(table, time).has_value()); });
  }
  drops.clear();
  ASSERT_TRUE(world.RunJobs());
  const BackupPage page = world.backups().List({.type = BackupType::kSystem});
  ASSERT_THAT(page.backups, SizeIs(2));
  for (const BackupDescription& backup : page.backups) {
    ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(backup.id, "Copy")).has_value());
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(world.ItemsOf(world.Find("Copy")), items[backup.table.name == "Other" ? 1 : 0]);
    world.Drop("Copy");
  }
}

TEST_P(RecoveryTest, ADeletedTableIsKeptFor35Days) {
  Enable();
  Live(minutes(5), milliseconds(500));
  const StoredItems last = ItemsAt(world.clock.WallNow());
  const std::string table_id = world.Find("Music")->description().id;
  world.Drop("Music");
  const BackupPage page = world.backups().List({.type = BackupType::kSystem});
  ASSERT_THAT(page.backups, SizeIs(1));
  const BackupDescription& backup = page.backups[0];
  EXPECT_EQ(backup.name, "Music$DeletedTableBackup");
  EXPECT_TRUE(backup.id.ends_with("-00000000"));
  EXPECT_EQ(backup.status, BackupStatus::kAvailable);
  EXPECT_EQ(ExpiryOf(backup), backup.creation_time + days(35));
  EXPECT_THAT(world.backups().BasesOf(table_id, {}), IsEmpty());
  const auto refused = world.backups().Delete(backup.id, "ARN");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message,
            "User is not allowed to delete the system backup with arn ARN. It will automatically "
            "expire on " +
                FormatIso8601(backup.creation_time + days(35)));
  ASSERT_TRUE(world.backups().BeginRestore(world.RestoreOf(backup.id, "Music")).has_value());
  ASSERT_TRUE(world.RunJobs());
  ExpectRestored("Music", last);
  world.clock.Advance(days(35));
  Sweep();
  EXPECT_THAT(world.backups().List({.type = BackupType::kSystem}).backups, IsEmpty());
}

TEST_P(RecoveryTest, ADeletedTableIsKeptWhateverStepACrashCutsOff) {
  bool is_over = false;
  for (int step = 0; !is_over; ++step) {
    SCOPED_TRACE(step);
    BackupWorld other({.seed = seed, .group_count = GetParam()});
    const TableRef table = other.MakeTable("Music");
    ASSERT_TRUE(other.recovery().Enable("Music", 35).has_value());
    for (int i = 0; i < 10; ++i) other.Write("Music", {SampleItem("item", i)});
    const StoredItems items = other.ItemsOf(table);
    ASSERT_TRUE(BeginTableDrop(
                    "Music", [](TableDescription&) -> Result<void> { return {}; },
                    other.process().catalog, other.process().jobs, other.settings)
                    .has_value());
    for (int i = 0; i < step; ++i) {
      other.store.FlushAll();
      other.RunOneTask();
    }
    is_over = other.process().jobs.List().empty();
    other.CrashAndStart();
    ASSERT_TRUE(other.RunJobs());
    const BackupPage page = other.backups().List({.type = BackupType::kSystem});
    ASSERT_THAT(page.backups, SizeIs(1));
    ASSERT_TRUE(
        other.backups().BeginRestore(other.RestoreOf(page.backups[0].id, "Copy")).has_value());
    ASSERT_TRUE(other.RunJobs());
    EXPECT_EQ(other.ItemsOf(other.Find("Copy")), items);
    EXPECT_THAT(*other.store.ListImages(), IsEmpty());
    EXPECT_THAT(other.backups().BasesOf(table->description().id, {}), IsEmpty());
  }
}

// Money moves between accounts in transactions: a moment has all of one, or nothing.
TEST(RecoveryMoneyTest, EveryTotalIsExact) {
  const std::uint64_t seed = TestSeed();
  BackupWorld world({.seed = seed});
  world.MakeTable("Music");
  std::vector<std::int64_t> balances(kAccountCount, kStartBalance);
  const auto account = [&](std::size_t i) {
    return Item{{"id", "account-" + std::to_string(i)},
                {"n", Number::FromInt(0)},
                {"balance", Number::FromInt(balances[i])}};
  };
  for (std::size_t i = 0; i < kAccountCount; ++i) world.Write("Music", {account(i)});
  world.clock.Advance(seconds(1));
  ASSERT_TRUE(world.recovery().Enable("Music", 35).has_value());
  for (int i = 0; i < 2000; ++i) {
    const std::size_t from = world.random.Below(kAccountCount);
    const std::size_t to = (from + 1 + world.random.Below(kAccountCount - 1)) % kAccountCount;
    const auto amount = static_cast<std::int64_t>(world.random.Below(50));
    balances[from] -= amount;
    balances[to] += amount;
    world.Write("Music", {account(from), account(to)});
    world.clock.Advance(milliseconds(world.random.Below(200)));
    if (i % 100 != 0) continue;
    ASSERT_TRUE(world.recovery().Sweep().has_value());
    ASSERT_TRUE(world.RunJobs());
  }
  const RestorableWindow window = *world.recovery().WindowOf(world.Find("Music")->description());
  for (int i = 0; i < 200; ++i) {
    // Any moment, not only whole seconds.
    const WallTime time = window.earliest + Duration(world.random.Below(static_cast<std::uint64_t>(
                                                (window.latest - window.earliest).count() + 1)));
    ASSERT_TRUE(world.recovery()
                    .BeginRestore({.source_table_name = "Music",
                                   .target_table_name = "Copy",
                                   .time = time,
                                   .overrides = {}})
                    .has_value());
    ASSERT_TRUE(world.RunJobs());
    const StoredItems items = world.ItemsOf(world.Find("Copy"));
    ASSERT_EQ(items.size(), kAccountCount);
    std::int64_t sum = 0;
    for (const auto& [key, item] : items) {
      sum += std::stoll(FindAttribute(item, "balance")->get<Number>().ToString());
    }
    EXPECT_EQ(sum, kAccountCount * kStartBalance) << FormatIso8601(time);
    world.Drop("Copy");
  }
}

}  // namespace
}  // namespace gramme
