// Point-in-time recovery through its operations, with their rules and texts, and the backups of
// deleted tables that come of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "api/backup/create_backup.h"
#include "api/backup/delete_backup.h"
#include "api/backup/describe_backup.h"
#include "api/backup/describe_continuous_backups.h"
#include "api/backup/list_backups.h"
#include "api/backup/restore_table_from_backup.h"
#include "api/backup/restore_table_to_point_in_time.h"
#include "api/backup/testing/backup_operations.h"
#include "api/backup/update_continuous_backups.h"
#include "model/arn.h"

namespace gramme {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* kNotEnabled =
    "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table "
    "'Music'";

class RecoveryOperationsTest : public BackupOperationsTest {
 protected:
  RecoveryOperationsTest() {
    world.clock.Advance(milliseconds(300));
    world.MakeTable("Music");
  }

  using Description = PointInTimeRecoveryDescriptionShape;

  Description Enable(std::optional<std::int64_t> period_days = {}) {
    const auto answer =
        Run<UpdateContinuousBackups>({.table_name = "Music",
                                      .specification = {.point_in_time_recovery_enabled = true,
                                                        .recovery_period_in_days = period_days}});
    EXPECT_TRUE(answer.has_value()) << answer.error().message;
    world.store.FlushAll();
    return answer->continuous_backups_description.point_in_time_recovery_description;
  }
  Description Disable() {
    const auto answer = Run<UpdateContinuousBackups>({.table_name = "Music", .specification = {}});
    EXPECT_TRUE(answer.has_value()) << answer.error().message;
    world.store.FlushAll();
    return answer->continuous_backups_description.point_in_time_recovery_description;
  }
  Description Describe() {
    const auto answer = Run<DescribeContinuousBackups>({.table_name = "Music"});
    EXPECT_EQ(answer->continuous_backups_description.continuous_backups_status, "ENABLED");
    return answer->continuous_backups_description.point_in_time_recovery_description;
  }

  static RestoreTableToPointInTimeRequest Request(const std::string& target,
                                                  std::optional<WallTime> time = {}) {
    RestoreTableToPointInTimeRequest request = {.source_table_arn = {},
                                                .source_table_name = "Music",
                                                .target_table_name = target,
                                                .use_latest_restorable_time = {},
                                                .restore_time = time,
                                                .overrides = {}};
    if (!time) request.use_latest_restorable_time = true;
    return request;
  }
  // Nothing: the latest moment.
  std::string Restore(const std::string& target, std::optional<WallTime> time = {}) {
    return Refusal<RestoreTableToPointInTime>(Request(target, time));
  }
  std::vector<BackupSummaryShape> SystemBackups() {
    return Run<ListBackups>({.backup_type = BackupTypeFilter::kSystem})->backup_summaries;
  }
  // A window begins with the commit that began it, in whole milliseconds.
  void ExpectBeginsNow(const Description& recovery) {
    EXPECT_GE(recovery.earliest_restorable_time, world.clock.WallNow());
    EXPECT_LE(recovery.earliest_restorable_time, world.clock.WallNow() + milliseconds(1));
  }
  WallTime AgoInWholeSeconds(Duration time) {
    return std::chrono::ceil<seconds>(world.clock.WallNow() - time);
  }
  // A second, so that moments lie between writes.
  void WriteOne(std::int64_t n) {
    world.Write("Music", {SampleItem("item", n)});
    world.clock.Advance(seconds(1));
  }
};

TEST_F(RecoveryOperationsTest, DescribesAllOfItOnlyWhileItIsOn) {
  const Description off = Describe();
  EXPECT_EQ(off.point_in_time_recovery_status, "DISABLED");
  EXPECT_EQ(off.recovery_period_in_days, std::nullopt);
  EXPECT_EQ(off.earliest_restorable_time, std::nullopt);
  EXPECT_EQ(off.latest_restorable_time, std::nullopt);
  const Description on = Enable();
  EXPECT_EQ(on.point_in_time_recovery_status, "ENABLED");
  EXPECT_EQ(on.recovery_period_in_days, 35);
  ExpectBeginsNow(on);
  EXPECT_EQ(on.latest_restorable_time, on.earliest_restorable_time);
  const WallTime first = *on.earliest_restorable_time;
  world.clock.Advance(milliseconds(2500));
  const Description later = Describe();
  EXPECT_EQ(later.earliest_restorable_time, std::chrono::ceil<seconds>(first));
  EXPECT_EQ(later.latest_restorable_time, std::chrono::floor<seconds>(world.clock.WallNow()));
  EXPECT_EQ(Disable().recovery_period_in_days, std::nullopt);
  EXPECT_EQ(Describe().point_in_time_recovery_status, "DISABLED");
}

TEST_F(RecoveryOperationsTest, ThePeriodIs35DaysUnlessItIsGivenEachTime) {
  EXPECT_EQ(Enable(7).recovery_period_in_days, 7);
  EXPECT_EQ(Enable(1).recovery_period_in_days, 1);
  EXPECT_EQ(Enable().recovery_period_in_days, 35);
  Enable(7);
  Disable();
  EXPECT_EQ(Enable().recovery_period_in_days, 35);
  EXPECT_EQ(Refusal<UpdateContinuousBackups>(
                {.table_name = "Music", .specification = {.recovery_period_in_days = 35}}),
            "ValidationException: Invalid Request: Cannot specify RecoveryPeriodInDays when "
            "disabling point-in-time recovery.");
}

TEST_F(RecoveryOperationsTest, EnablingAgainKeepsTheWindowAndDisablingEndsIt) {
  const WallTime first = *Enable().earliest_restorable_time;
  WriteOne(1);
  EXPECT_EQ(Enable(3).earliest_restorable_time, std::chrono::ceil<seconds>(first));
  EXPECT_EQ(Disable().earliest_restorable_time, std::nullopt);
  EXPECT_EQ(Disable().point_in_time_recovery_status, "DISABLED");
  EXPECT_EQ(Restore("Copy", first), kNotEnabled);
  world.clock.Advance(seconds(5));
  ExpectBeginsNow(Enable());
  EXPECT_THAT(Restore("Copy", first), StartsWith("InvalidRestoreTimeException: "));
}

TEST_F(RecoveryOperationsTest, AShorterPeriodMovesTheEarliestMomentAtOnce) {
  const WallTime first = *Enable().earliest_restorable_time;
  world.clock.Advance(days(3));
  EXPECT_EQ(Describe().earliest_restorable_time, std::chrono::ceil<seconds>(first));
  EXPECT_EQ(Enable(2).earliest_restorable_time, AgoInWholeSeconds(days(2)));
  EXPECT_THAT(Restore("Copy", first), StartsWith("InvalidRestoreTimeException: "));
}

// What the shorter period would have dropped is shown as long as it is there.
TEST_F(RecoveryOperationsTest, ALongerPeriodFillsAsTimePasses) {
  const WallTime first = *Enable(1).earliest_restorable_time;
  world.clock.Advance(days(3));
  EXPECT_EQ(Describe().earliest_restorable_time, AgoInWholeSeconds(days(1)));
  const WallTime earliest = *Enable(3).earliest_restorable_time;
  EXPECT_GE(earliest, first);
  EXPECT_LE(earliest, AgoInWholeSeconds(days(1)));
  EXPECT_EQ(Restore("Copy", earliest), "");
  world.clock.Advance(days(40));
  EXPECT_EQ(Describe().earliest_restorable_time, AgoInWholeSeconds(days(3)));
}

TEST_F(RecoveryOperationsTest, TakesTheArnOfATable) {
  const std::string arn = TableArn(world.settings.labels, "Music");
  EXPECT_EQ(Refusal<UpdateContinuousBackups>(
                {.table_name = arn, .specification = {.point_in_time_recovery_enabled = true}}),
            "");
  EXPECT_EQ(Refusal<DescribeContinuousBackups>({.table_name = arn}), "");
  RestoreTableToPointInTimeRequest request = Request("Copy");
  request.source_table_name.reset();
  request.source_table_arn = arn;
  EXPECT_EQ(Refusal<RestoreTableToPointInTime>(request), "");
  request.source_table_arn = TableArn(world.settings.labels, "Absent");
  EXPECT_EQ(Refusal<RestoreTableToPointInTime>(request),
            "TableNotFoundException: Table not found: " + *request.source_table_arn);
}

TEST_F(RecoveryOperationsTest, RestoresTheLatestMomentRightAfterItIsOn) {
  world.Write("Music", {SampleItem("item", 1)});
  Enable();
  ASSERT_EQ(Restore("Copy"), "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(world.ItemsOf(world.Find("Copy")), SizeIs(1));
}

TEST_F(RecoveryOperationsTest, RestoresToASecondBetweenTwoWrites) {
  Enable();
  world.clock.Advance(seconds(1));
  WriteOne(1);
  const WallTime between = std::chrono::floor<seconds>(world.clock.WallNow());
  WriteOne(2);
  ASSERT_EQ(Restore("Copy", between), "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(world.ItemsOf(world.Find("Copy")), SizeIs(1));
  EXPECT_EQ(world.FindInconsistency(world.Find("Copy")), "");
}

TEST_F(RecoveryOperationsTest, ShowsItsSourceUntilTheTableIsActive) {
  Enable();
  world.clock.Advance(seconds(3));
  const WallTime time = *Describe().latest_restorable_time;
  const auto restored = Run<RestoreTableToPointInTime>(Request("Copy", time));
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  const TableDescriptionShape& table = restored->table_description;
  EXPECT_EQ(table.table_status, "CREATING");
  EXPECT_EQ(table.restore_summary->source_backup_arn, std::nullopt);
  EXPECT_EQ(table.restore_summary->source_table_arn, TableArn(world.settings.labels, "Music"));
  EXPECT_EQ(table.restore_summary->restore_time, time);
  EXPECT_TRUE(table.restore_summary->restore_in_progress);
  EXPECT_FALSE((*table.global_secondary_indexes)[0].index_status.has_value());
  ASSERT_TRUE(world.RunJobs());
  EXPECT_FALSE(world.Find("Copy")->description().restore_summary.has_value());
}

TEST_F(RecoveryOperationsTest, SettingsAreThoseOfTheSourceNowAndDropWhatARestoreDrops) {
  Enable();
  WriteOne(1);
  const WallTime before = *Describe().latest_restorable_time;
  const auto edit = [](TableDescription& table) -> Result<void> {
    table.on_demand_throughput = OnDemandThroughput{.max_read_request_units = 7};
    return {};
  };
  ASSERT_TRUE(world.process().catalog.EditTable("Music", edit, [](WriteBatch&) {}).has_value());
  ASSERT_EQ(Restore("Copy", before), "");
  ASSERT_TRUE(world.RunJobs());
  const TableDescription& copy = world.Find("Copy")->description();
  EXPECT_EQ(copy.on_demand_throughput->max_read_request_units, 7);
  EXPECT_THAT(copy.indexes, SizeIs(2));
  EXPECT_THAT(copy.tags, IsEmpty());
  EXPECT_FALSE(copy.deletion_protection_enabled);
  EXPECT_FALSE(copy.point_in_time_recovery.has_value());
  EXPECT_FALSE(copy.stream.has_value());
}

TEST_F(RecoveryOperationsTest, OverridesChangeWhatIsRestored) {
  Enable();
  RestoreTableToPointInTimeRequest request = Request("Copy");
  request.overrides.billing_mode_override = BillingMode::kProvisioned;
  EXPECT_EQ(Refusal<RestoreTableToPointInTime>(request),
            "ValidationException: Must override ProvisionedThroughput if BillingMode is overridden "
            "to PROVISIONED");
  request.overrides.provisioned_throughput_override =
      ProvisionedThroughput{.read_capacity_units = 3, .write_capacity_units = 4};
  request.overrides.global_secondary_index_override = std::vector<GlobalSecondaryIndexShape>();
  ASSERT_EQ(Refusal<RestoreTableToPointInTime>(request), "");
  ASSERT_TRUE(world.RunJobs());
  const TableDescription& copy = world.Find("Copy")->description();
  EXPECT_EQ(copy.provisioned_throughput.write_capacity_units, 4);
  ASSERT_THAT(copy.indexes, SizeIs(1));
  EXPECT_FALSE(copy.indexes[0].is_global);
}

// Each refusal while everything that comes after it is wrong too; none leaves a table.
TEST_F(RecoveryOperationsTest, RefusesInDynamoDbsOrder) {
  world.MakeTable("Books");
  const WallTime never = world.clock.WallNow() + days(1);
  RestoreTableToPointInTimeRequest request = Request("Books", never);
  request.use_latest_restorable_time = true;
  request.source_table_arn = "no ARN";
  const auto refusal = [&] { return Refusal<RestoreTableToPointInTime>(request); };
  EXPECT_EQ(refusal(),
            "ValidationException: Must provide exactly one of: sourceTableArn, sourceTableName");
  request.source_table_name.reset();
  EXPECT_THAT(refusal(), StartsWith("ValidationException: Invalid Request: Both RestoreDateTime "
                                    "and UseLatestRestorableTime cannot be set for point-in-time "
                                    "restore request. "));
  request.use_latest_restorable_time = false;
  EXPECT_EQ(refusal(), "ValidationException: sourceTableArn is not a valid ARN");
  request.source_table_arn = "arn:aws:dynamodb:eu-central-1:111111111111:table/Absent";
  EXPECT_EQ(refusal(),
            "ValidationException: This action is only supported by accounts that match the "
            "resource owner's account");
  request.source_table_arn = "arn:aws:dynamodb:eu-central-1:000000000000:table/Music";
  EXPECT_EQ(refusal(),
            "ValidationException: Invalid Request: sseSpecificationOverride must be provided for "
            "cross-region restores");
  request.overrides.sse_specification_override = SseSpecificationOverride();
  EXPECT_EQ(refusal(), "TableNotFoundException: Table not found: " + *request.source_table_arn);
  request.source_table_arn.reset();
  request.source_table_name = "Absent";
  EXPECT_EQ(refusal(), "TableNotFoundException: Table not found: Absent");
  request.source_table_name = "Music";
  EXPECT_EQ(refusal(), kNotEnabled);
  const WallTime earliest = *Enable().earliest_restorable_time;
  EXPECT_EQ(refusal(), "InvalidRestoreTimeException: RestoreDateTime '" + FormatIso8601(never) +
                           "' must be within EarliestRestorableDateTime '" +
                           FormatIso8601(earliest) + "' and LatestRestorableDateTime '" +
                           FormatIso8601(earliest) + "'");
  request.restore_time = earliest;
  EXPECT_EQ(refusal(), "TableAlreadyExistsException: Table already exists: Books");
  request.target_table_name = "Music";
  EXPECT_EQ(refusal(), "TableAlreadyExistsException: Table already exists: Music");
  EXPECT_EQ(Refusal<UpdateContinuousBackups>({.table_name = "Absent", .specification = {}}),
            "TableNotFoundException: Table not found: Absent");
  EXPECT_EQ(world.Find("Copy"), nullptr);
}

TEST_F(RecoveryOperationsTest, AMomentOutsideOfTheWindowIsRefused) {
  const WallTime earliest = *Enable().earliest_restorable_time;
  world.clock.Advance(seconds(10));
  const WallTime latest = *Describe().latest_restorable_time;
  const std::string bounds = "' must be within EarliestRestorableDateTime '" +
                             FormatIso8601(earliest) + "' and LatestRestorableDateTime '" +
                             FormatIso8601(latest) + "'";
  for (const WallTime time : {WallTime(), earliest - Duration(1), latest + Duration(1)}) {
    EXPECT_EQ(Restore("Copy", time),
              "InvalidRestoreTimeException: RestoreDateTime '" + FormatIso8601(time) + bounds);
  }
  EXPECT_EQ(Restore("First", earliest), "");
  EXPECT_EQ(Restore("Told", *Describe().earliest_restorable_time), "");
  EXPECT_EQ(Restore("Last", latest), "");
}

TEST_F(RecoveryOperationsTest, ATargetBeingRestoredIsInUse) {
  Enable();
  const std::string arn = Make();
  ASSERT_EQ(Restore("Copy"), "");
  EXPECT_THAT(Restore("Copy"), StartsWith("TableInUseException: Table: Copy is already being "
                                          "restored from backup: arn:aws:dynamodb:"));
  EXPECT_THAT(Refusal<RestoreTableFromBackup>({.target_table_name = "Copy", .backup_arn = arn}),
              StartsWith("TableInUseException: "));
  ASSERT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Other", .backup_arn = arn}), "");
  EXPECT_EQ(Restore("Other"),
            "TableInUseException: Table: Other is already being restored from backup: " + arn);
}

TEST_F(RecoveryOperationsTest, FiftyRestoresOfBothKindsRunAtOnceAndNoMore) {
  Enable();
  std::vector<std::string> arns;
  for (int i = 0; i < 26; ++i) arns.push_back(Make());
  const auto restore_backup = [&](std::size_t number) {
    return Refusal<RestoreTableFromBackup>(
        {.target_table_name = "Backup-" + std::to_string(number), .backup_arn = arns[number]});
  };
  for (std::size_t i = 0; i < 25; ++i) {
    EXPECT_EQ(restore_backup(i), "");
    EXPECT_EQ(Restore("Moment-" + std::to_string(i)), "");
  }
  const std::string full =
      "LimitExceededException: Subscriber limit exceeded: Only 50 restore operations can be done "
      "simultaneously";
  EXPECT_EQ(restore_backup(25), full);
  EXPECT_EQ(Restore("Last"), full);
}

TEST_F(RecoveryOperationsTest, ADeletedTableWithRecoveryLeavesASystemBackup) {
  Enable();
  WriteOne(1);
  WriteOne(2);
  const std::string table_id = world.Find("Music")->description().id;
  world.Drop("Music");
  const auto backups = SystemBackups();
  ASSERT_THAT(backups, SizeIs(1));
  const BackupDetailsShape& details = backups[0].details;
  EXPECT_EQ(details.backup_name, "Music$DeletedTableBackup");
  EXPECT_EQ(details.backup_type, "SYSTEM");
  EXPECT_EQ(details.backup_status, "AVAILABLE");
  EXPECT_TRUE(details.backup_arn.ends_with("-00000000"));
  EXPECT_EQ(details.backup_expiry_time, details.backup_creation_time + days(35));
  EXPECT_EQ(backups[0].table_id, table_id);
  const auto described =
      Run<DescribeBackup>({.backup_arn = details.backup_arn})->backup_description;
  EXPECT_EQ(described.backup_details.backup_expiry_time, details.backup_expiry_time);
  EXPECT_EQ(described.source_table_details.item_count, 2);
  EXPECT_FALSE(described.source_table_feature_details.local_secondary_indexes.has_value());
  EXPECT_FALSE(described.source_table_feature_details.global_secondary_indexes.has_value());
  EXPECT_FALSE(described.source_table_feature_details.time_to_live_description.has_value());
  EXPECT_FALSE(described.source_table_feature_details.stream_description.has_value());
  EXPECT_EQ(Refusal<DeleteBackup>({.backup_arn = details.backup_arn}),
            "ValidationException: User is not allowed to delete the system backup with arn " +
                details.backup_arn + ". It will automatically expire on " +
                FormatIso8601(*details.backup_expiry_time));
  EXPECT_THAT(Run<ListBackups>({})->backup_summaries, IsEmpty());
  EXPECT_THAT(Run<ListBackups>({.backup_type = BackupTypeFilter::kAll})->backup_summaries,
              SizeIs(1));
  // The indexes come back all the same, under the name that is free again.
  ASSERT_EQ(Refusal<RestoreTableFromBackup>(
                {.target_table_name = "Music", .backup_arn = details.backup_arn}),
            "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(world.ItemsOf(world.Find("Music")), SizeIs(2));
  EXPECT_THAT(world.Find("Music")->description().indexes, SizeIs(2));
  world.clock.Advance(days(35));
  ASSERT_TRUE(world.recovery().Sweep().has_value());
  EXPECT_EQ(Refusal<DescribeBackup>({.backup_arn = details.backup_arn}),
            "BackupNotFoundException: Backup not found: " + details.backup_arn);
}

TEST_F(RecoveryOperationsTest, ATableWithoutRecoveryLeavesNone) {
  world.Drop("Music");
  EXPECT_THAT(SystemBackups(), IsEmpty());
  Make();
  Enable();
  Disable();
  world.Drop("Music");
  EXPECT_THAT(SystemBackups(), IsEmpty());
}

TEST_F(RecoveryOperationsTest, ATableOfTheSameNameBeginsWithoutRecovery) {
  Enable();
  world.Drop("Music");
  world.MakeTable("Music");
  EXPECT_EQ(Describe().point_in_time_recovery_status, "DISABLED");
  EXPECT_EQ(Restore("Copy"), kNotEnabled);
  ExpectBeginsNow(Enable());
}

TEST_F(RecoveryOperationsTest, NoListShowsABaseAndItMayBeRestored) {
  world.Write("Music", {SampleItem("item", 1)});
  Enable();
  ASSERT_TRUE(world.RunJobs());
  for (const auto type : {BackupTypeFilter::kUser, BackupTypeFilter::kSystem,
                          BackupTypeFilter::kAwsBackup, BackupTypeFilter::kAll}) {
    EXPECT_THAT(Run<ListBackups>({.backup_type = type})->backup_summaries, IsEmpty());
  }
  const auto bases = world.backups().BasesOf(world.Find("Music")->description().id, {});
  ASSERT_THAT(bases, SizeIs(1));
  EXPECT_EQ(Run<DescribeBackup>({.backup_arn = bases[0].arn})
                ->backup_description.backup_details.backup_type,
            "BASE");
  EXPECT_EQ(
      Refusal<DeleteBackup>({.backup_arn = bases[0].arn}),
      "BackupInUseException: Backup is being used for point-in-time recovery: " + bases[0].arn);
  ASSERT_EQ(
      Refusal<RestoreTableFromBackup>({.target_table_name = "Copy", .backup_arn = bases[0].arn}),
      "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(world.ItemsOf(world.Find("Copy")), SizeIs(1));
}

}  // namespace
}  // namespace gramme
