// RestoreTable beyond what DynamoDB has: kept settings, a source's own name, the report.

#include "api/backup/restore_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/backup/describe_continuous_backups.h"
#include "api/backup/list_backups.h"
#include "api/backup/testing/backup_operations.h"
#include "api/table/describe_table.h"
#include "api/tag/list_tags_of_resource.h"
#include "api/time_to_live/describe_time_to_live.h"
#include "backup/testing/kept_settings.h"

namespace gramme {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<KeptSetting> kAll = {KeptSetting::kStream,     KeptSetting::kTags,
                                       KeptSetting::kTags,       KeptSetting::kDeletionProtection,
                                       KeptSetting::kTimeToLive, KeptSetting::kPointInTimeRecovery};

// `SETTING`, `SETTING index`, each with `: reason` where it does not come back.
std::vector<std::string> Lines(const std::vector<ReportedSettingShape>& settings) {
  std::vector<std::string> lines;
  for (const ReportedSettingShape& one : settings) {
    lines.push_back(one.setting + (one.index_name ? " " + *one.index_name : "") +
                    (one.reason ? ": " + *one.reason : ""));
  }
  return lines;
}

class RestoreTableTest : public BackupOperationsTest {
 protected:
  RestoreTableTest() {
    MakeTableWithSettings(world, "Music");
    world.Write("Music", {SampleItem("a", 1)});
    EXPECT_TRUE(world.RunJobs());
  }
  RestoreTableRequest FromBackup(const std::string& arn, std::vector<KeptSetting> keep = {}) {
    RestoreTableRequest request;
    request.backup_arn = arn;
    request.target_table_name = "Copy";
    request.keep = std::move(keep);
    return request;
  }
  RestoreTableRequest ToNow(std::vector<KeptSetting> keep = {}) {
    RestoreTableRequest request;
    request.source_table_name = "Music";
    request.use_latest_restorable_time = true;
    request.target_table_name = "Copy";
    request.keep = std::move(keep);
    return request;
  }
  void ExpectAll(const std::string& name) {
    const auto table = Run<DescribeTable>({.table_name = name})->table;
    EXPECT_EQ(table.table_status, "ACTIVE");
    EXPECT_TRUE(table.deletion_protection_enabled);
    EXPECT_EQ(table.stream_specification->stream_view_type, StreamViewType::kOldImage);
    EXPECT_TRUE(table.latest_stream_arn.has_value());
    EXPECT_THAT(Run<ListTagsOfResource>({.resource_arn = table.table_arn, .next_token = {}})->tags,
                SizeIs(1));
    const auto time_to_live = Run<DescribeTimeToLive>({.table_name = name});
    EXPECT_EQ(time_to_live->time_to_live_description.time_to_live_status, "ENABLED");
    const auto described = Run<DescribeContinuousBackups>({.table_name = name});
    const auto& recovery =
        described->continuous_backups_description.point_in_time_recovery_description;
    EXPECT_EQ(recovery.recovery_period_in_days, 7);
    // The first base was made at once.
    EXPECT_TRUE(recovery.latest_restorable_time.has_value());
    EXPECT_EQ(FindMissingSetting(world, world.Find(name)), "");
  }
};

TEST_F(RestoreTableTest, KeepsWhatIsAskedForAndReportsIt) {
  const std::string arn = Make();
  for (const RestoreTableRequest& request : {FromBackup(arn, kAll), ToNow(kAll)}) {
    const auto answer = Run<RestoreTable>(request);
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_EQ(answer->table_description.table_status, "CREATING");
    EXPECT_EQ(answer->table_description.table_name, "Copy");
    EXPECT_THAT(Lines(answer->report.restored),
                ElementsAre("KEY_SCHEMA", "ATTRIBUTE_DEFINITIONS", "LOCAL_SECONDARY_INDEX by-color",
                            "GLOBAL_SECONDARY_INDEX by-owner", "BILLING_MODE", "TIME_TO_LIVE",
                            "STREAM", "POINT_IN_TIME_RECOVERY", "TAGS", "DELETION_PROTECTION"));
    EXPECT_THAT(answer->report.not_restored, IsEmpty());
    ASSERT_TRUE(world.RunJobs());
    ExpectAll("Copy");
    world.Drop("Copy");
  }
}

TEST_F(RestoreTableTest, KeepsNothingUnasked) {
  const auto answer = Run<RestoreTable>(FromBackup(Make(), {KeptSetting::kTags}));
  ASSERT_TRUE(answer.has_value());
  EXPECT_THAT(Lines(answer->report.not_restored),
              ElementsAre("TIME_TO_LIVE: not asked for: Keep does not contain TIME_TO_LIVE",
                          "STREAM: not asked for: Keep does not contain STREAM",
                          "POINT_IN_TIME_RECOVERY: not asked for: Keep does not contain "
                          "POINT_IN_TIME_RECOVERY",
                          "DELETION_PROTECTION: not asked for: Keep does not contain "
                          "DELETION_PROTECTION"));
  ASSERT_TRUE(world.RunJobs());
  const TableDescription& copy = world.Find("Copy")->description();
  EXPECT_THAT(copy.tags, SizeIs(1));
  EXPECT_FALSE(copy.time_to_live || copy.stream || copy.point_in_time_recovery);
  EXPECT_FALSE(copy.deletion_protection_enabled);
}

TEST_F(RestoreTableTest, ReportsWhatIsOverridden) {
  TableDescription table = world.Find("Music")->description();
  table.name = "Provisioned";
  table.status = TableStatus::kCreating;
  table.time_to_live.reset();
  table.stream.reset();
  table.change_log.reset();
  table.point_in_time_recovery.reset();
  table.tags.clear();
  table.deletion_protection_enabled = false;
  table.billing_mode = BillingMode::kProvisioned;
  table.provisioned_throughput = {5, 6};
  table.indexes[1].provisioned_throughput = {7, 8};
  world.MakeTable(table);
  const std::string arn = Make("Provisioned");
  RestoreTableRequest request = FromBackup(arn, kAll);
  request.overrides.billing_mode_override = BillingMode::kPayPerRequest;
  request.overrides.local_secondary_index_override.emplace();
  const auto on_demand = Run<RestoreTable>(request);
  ASSERT_TRUE(on_demand.has_value()) << on_demand.error().message;
  EXPECT_THAT(Lines(on_demand->report.restored), ElementsAre("KEY_SCHEMA", "ATTRIBUTE_DEFINITIONS",
                                                             "GLOBAL_SECONDARY_INDEX by-owner"));
  const std::string no_use = "of no use in the billing mode of BillingModeOverride";
  EXPECT_THAT(Lines(on_demand->report.not_restored),
              ElementsAre("LOCAL_SECONDARY_INDEX by-color: left out by LocalSecondaryIndexOverride",
                          "PROVISIONED_THROUGHPUT by-owner: " + no_use,
                          "BILLING_MODE: overridden by BillingModeOverride",
                          "PROVISIONED_THROUGHPUT: " + no_use));
  ASSERT_TRUE(world.RunJobs());
  RestoreTableRequest other = FromBackup(arn);
  other.target_table_name = "Other";
  other.overrides.provisioned_throughput_override = ProvisionedThroughput{9, 9};
  other.overrides.global_secondary_index_override.emplace();
  const auto provisioned = Run<RestoreTable>(other);
  ASSERT_TRUE(provisioned.has_value()) << provisioned.error().message;
  EXPECT_THAT(
      Lines(provisioned->report.not_restored),
      ElementsAre("GLOBAL_SECONDARY_INDEX by-owner: left out by GlobalSecondaryIndexOverride",
                  "PROVISIONED_THROUGHPUT: overridden by ProvisionedThroughputOverride"));
}

TEST_F(RestoreTableTest, ADeletedTableComesBackUnderItsName) {
  world.Drop("Music");
  const auto backups = Run<ListBackups>({.backup_type = BackupTypeFilter::kSystem});
  ASSERT_THAT(backups->backup_summaries, SizeIs(1));
  RestoreTableRequest request = FromBackup(backups->backup_summaries[0].details.backup_arn, kAll);
  request.target_table_name.reset();
  const auto answer = Run<RestoreTable>(request);
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->table_description.table_name, "Music");
  ASSERT_TRUE(world.RunJobs());
  ExpectAll("Music");
}

TEST_F(RestoreTableTest, ATableThatIsThereIsNotRestoredOver) {
  RestoreTableRequest request = FromBackup(Make());
  request.target_table_name.reset();
  const std::string taken = "TableAlreadyExistsException: Table already exists: Music";
  EXPECT_EQ(Refusal<RestoreTable>(request), taken);
  request = ToNow();
  request.target_table_name.reset();
  EXPECT_EQ(Refusal<RestoreTable>(request), taken);
}

TEST_F(RestoreTableTest, ABackupOfAnEarlierVersionSaysWhatItLacks) {
  auto backup = *world.backups().Find(world.MakeBackup("Music"));
  // As the version before wrote its table: without point-in-time recovery, and cleared.
  backup.table.tags.clear();
  backup.table.deletion_protection_enabled = false;
  const RestoreReport report = ReportOf(backup.table, backup.table, {}, false);
  EXPECT_THAT(report.not_restored,
              ::testing::Contains(::testing::Field(&ReportedSetting::reason,
                                                   "backups of earlier versions do not record it"))
                  .Times(2));
}

}  // namespace
}  // namespace gramme
