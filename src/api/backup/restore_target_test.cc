// What the operations say of a table that is being restored, and of one that is being deleted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/backup/create_backup.h"
#include "api/backup/describe_backup.h"
#include "api/backup/describe_continuous_backups.h"
#include "api/backup/list_backups.h"
#include "api/backup/restore_table_from_backup.h"
#include "api/backup/restore_table_to_point_in_time.h"
#include "api/backup/testing/backup_operations.h"
#include "api/backup/update_continuous_backups.h"
#include "api/table/create_table.h"
#include "api/table/delete_table.h"
#include "api/table/describe_table.h"
#include "api/table/update_table.h"
#include "api/tag/list_tags_of_resource.h"
#include "api/tag/tag_resource.h"
#include "api/tag/untag_resource.h"
#include "api/time_to_live/describe_time_to_live.h"
#include "api/time_to_live/update_time_to_live.h"
#include "model/arn.h"

namespace gramme {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

CreateTableRequest PlainTable(const std::string& name) {
  return {.table_name = name,
          .attribute_definitions = std::vector<AttributeDefinition>{{"id", AttributeType::kString}},
          .key_schema = KeySchema{{"id", KeyType::kHash}},
          .local_secondary_indexes = {},
          .global_secondary_indexes = {},
          .billing_mode = BillingMode::kPayPerRequest,
          .provisioned_throughput = {},
          .on_demand_throughput = {},
          .stream_specification = {},
          .deletion_protection_enabled = {},
          .tags = {}};
}

class RestoreTargetTest : public BackupOperationsTest {
 protected:
  RestoreTargetTest() {
    EXPECT_EQ(Refusal<CreateTable>(PlainTable("Music")), "");
    EXPECT_TRUE(world.RunJobs());
  }

  std::string SetRecovery(const std::string& table, bool enabled) {
    return Refusal<UpdateContinuousBackups>(
        {.table_name = table, .specification = {.point_in_time_recovery_enabled = enabled}});
  }
  std::string RestoreLatest(const std::string& target) {
    return Refusal<RestoreTableToPointInTime>({.source_table_arn = {},
                                               .source_table_name = "Music",
                                               .target_table_name = target,
                                               .use_latest_restorable_time = true,
                                               .restore_time = {},
                                               .overrides = {}});
  }
  std::size_t SystemBackupCount() {
    return Run<ListBackups>({.backup_type = BackupTypeFilter::kSystem})->backup_summaries.size();
  }

  // Until ACTIVE it is there for DescribeTable and as a name that is taken.
  void ExpectRefusals(const std::string& target) {
    const std::string arn = TableArn(world.settings.labels, target);
    const std::string absent =
        "ResourceNotFoundException: Requested resource not found: Table: " + target + " not found";
    EXPECT_EQ(Refusal<TagResource>({.resource_arn = arn, .tags = {{"key", "value"}}}), absent);
    EXPECT_EQ(Refusal<UntagResource>({.resource_arn = arn, .tag_keys = {"key"}}), absent);
    EXPECT_EQ(Refusal<ListTagsOfResource>({.resource_arn = arn, .next_token = {}}), absent);
    EXPECT_EQ(Refusal<UpdateTimeToLive>(
                  {.table_name = target,
                   .time_to_live_specification = {.enabled = true, .attribute_name = "t"}}),
              absent);
    EXPECT_EQ(Refusal<DescribeTimeToLive>({.table_name = target}), absent);
    UpdateTableRequest update;
    update.table_name = target;
    update.deletion_protection_enabled = true;
    EXPECT_EQ(Refusal<UpdateTable>(update), absent);
    const std::string unknown = "TableNotFoundException: Table not found: " + target;
    EXPECT_EQ(Refusal<DescribeContinuousBackups>({.table_name = target}), unknown);
    EXPECT_EQ(SetRecovery(target, true), unknown);
    EXPECT_EQ(SetRecovery(target, false), unknown);
    EXPECT_EQ(Refusal<CreateBackup>({.table_name = target, .backup_name = "Early"}), unknown);
    EXPECT_EQ(Refusal<DeleteTable>({.table_name = target}),
              "ResourceInUseException: Attempt to change a resource which is still in use: Table "
              "is being created: " +
                  target);
    EXPECT_EQ(Refusal<CreateTable>(PlainTable(target)),
              "ResourceInUseException: Table is being used: " + target);
    EXPECT_EQ(Run<DescribeTable>({.table_name = target})->table.table_status, "CREATING");
  }
  void ExpectServed(const std::string& target) {
    const std::string arn = TableArn(world.settings.labels, target);
    EXPECT_EQ(Refusal<TagResource>({.resource_arn = arn, .tags = {{"key", "value"}}}), "");
    EXPECT_EQ(Refusal<DescribeTimeToLive>({.table_name = target}), "");
    EXPECT_EQ(SetRecovery(target, true), "");
    EXPECT_EQ(Refusal<CreateBackup>({.table_name = target, .backup_name = "Backup"}), "");
    EXPECT_EQ(Refusal<CreateTable>(PlainTable(target)),
              "ResourceInUseException: Table already exists: " + target);
    ASSERT_TRUE(world.RunJobs());
    EXPECT_EQ(Refusal<DeleteTable>({.table_name = target}), "");
  }
};

TEST_F(RestoreTargetTest, IsNotThereForMostUntilItsBackupIsRestored) {
  const std::string arn = Make();
  ASSERT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Copy", .backup_arn = arn}), "");
  ExpectRefusals("Copy");
  ASSERT_TRUE(world.RunJobs());
  ExpectServed("Copy");
}

TEST_F(RestoreTargetTest, IsNotThereForMostUntilItsMomentIsRestored) {
  ASSERT_EQ(SetRecovery("Music", true), "");
  ASSERT_EQ(RestoreLatest("Copy"), "");
  ExpectRefusals("Copy");
  ASSERT_TRUE(world.RunJobs());
  ExpectServed("Copy");
}

TEST_F(RestoreTargetTest, ATableThatIsBeingCreatedIsInUseAndHasNoBackups) {
  world.settings.transition_delay = std::chrono::seconds(5);
  ASSERT_EQ(Refusal<CreateTable>(PlainTable("Slow")), "");
  const std::string unknown = "TableNotFoundException: Table not found: Slow";
  EXPECT_EQ(Refusal<DescribeContinuousBackups>({.table_name = "Slow"}), unknown);
  EXPECT_EQ(SetRecovery("Slow", true), unknown);
  EXPECT_EQ(Refusal<CreateBackup>({.table_name = "Slow", .backup_name = "Early"}), unknown);
  EXPECT_EQ(Refusal<CreateTable>(PlainTable("Slow")),
            "ResourceInUseException: Table already exists: Slow");
}

TEST_F(RestoreTargetTest, ATableThatIsBeingUpdatedIsBackedUpAndRestored) {
  world.settings.transition_delay = std::chrono::seconds(5);
  UpdateTableRequest update;
  update.table_name = "Music";
  update.attribute_definitions = {{"id", AttributeType::kString},
                                  {"owner", AttributeType::kString}};
  GlobalSecondaryIndexUpdate index;
  index.create.emplace();
  index.create->index_name = "by-owner";
  index.create->key_schema = {{"owner", KeyType::kHash}};
  index.create->projection.projection_type = ProjectionType::kAll;
  update.global_secondary_index_updates = {index};
  ASSERT_EQ(Refusal<UpdateTable>(update), "");
  EXPECT_EQ(Run<DescribeTable>({.table_name = "Music"})->table.table_status, "UPDATING");
  EXPECT_EQ(Refusal<CreateBackup>({.table_name = "Music", .backup_name = "Backup"}), "");
  EXPECT_EQ(SetRecovery("Music", true), "");
  EXPECT_EQ(RestoreLatest("Copy"), "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Copy")->description().status, TableStatus::kActive);
}

// As DynamoDB drops them, whatever the source has.
TEST_F(RestoreTargetTest, HasNoStreamTimeToLiveRecoveryTagsOrProtection) {
  UpdateTableRequest update;
  update.table_name = "Music";
  update.stream_specification = {.stream_enabled = true,
                                 .stream_view_type = StreamViewType::kKeysOnly};
  ASSERT_EQ(Refusal<UpdateTable>(update), "");
  ASSERT_TRUE(world.RunJobs());
  const std::string table_arn = TableArn(world.settings.labels, "Music");
  ASSERT_EQ(Refusal<UpdateTimeToLive>(
                {.table_name = "Music",
                 .time_to_live_specification = {.enabled = true, .attribute_name = "t"}}),
            "");
  ASSERT_EQ(Refusal<TagResource>({.resource_arn = table_arn, .tags = {{"key", "value"}}}), "");
  ASSERT_EQ(SetRecovery("Music", true), "");
  ASSERT_TRUE(world.RunJobs());
  const std::string arn = Make();
  const auto described = Run<DescribeBackup>({.backup_arn = arn})->backup_description;
  const SourceTableFeatureDetailsShape& features = described.source_table_feature_details;
  EXPECT_TRUE(features.stream_description.has_value());
  EXPECT_TRUE(features.time_to_live_description.has_value());
  ASSERT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Backup", .backup_arn = arn}),
            "");
  ASSERT_EQ(RestoreLatest("Moment"), "");
  ASSERT_TRUE(world.RunJobs());
  for (const std::string name : {"Backup", "Moment"}) {
    const auto table = Run<DescribeTable>({.table_name = name})->table;
    EXPECT_FALSE(table.stream_specification.has_value());
    EXPECT_FALSE(table.latest_stream_arn.has_value());
    EXPECT_FALSE(table.deletion_protection_enabled);
    EXPECT_FALSE(table.restore_summary.has_value());
    EXPECT_THAT(Run<ListTagsOfResource>({.resource_arn = table.table_arn, .next_token = {}})->tags,
                IsEmpty());
    EXPECT_EQ(
        Run<DescribeTimeToLive>({.table_name = name})->time_to_live_description.time_to_live_status,
        "DISABLED");
    EXPECT_EQ(Run<DescribeContinuousBackups>({.table_name = name})
                  ->continuous_backups_description.point_in_time_recovery_description
                  .point_in_time_recovery_status,
              "DISABLED");
  }
}

TEST_F(RestoreTargetTest, ATableThatIsBeingDeletedCanStillBeSaved) {
  ASSERT_EQ(SetRecovery("Music", true), "");
  const std::string arn = Make();
  world.settings.transition_delay = std::chrono::seconds(5);
  ASSERT_EQ(Refusal<DeleteTable>({.table_name = "Music"}), "");
  EXPECT_EQ(Run<DescribeTable>({.table_name = "Music"})->table.table_status, "DELETING");
  const auto described = Run<DescribeContinuousBackups>({.table_name = "Music"});
  EXPECT_TRUE(described->continuous_backups_description.point_in_time_recovery_description
                  .latest_restorable_time.has_value());
  EXPECT_EQ(Refusal<CreateBackup>({.table_name = "Music", .backup_name = "Late"}), "");
  EXPECT_EQ(RestoreLatest("Copy"), "");
  const std::string taken = "TableAlreadyExistsException: Table already exists: Music";
  EXPECT_EQ(RestoreLatest("Music"), taken);
  EXPECT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Music", .backup_arn = arn}),
            taken);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Music"), nullptr);
  EXPECT_EQ(world.Find("Copy")->description().status, TableStatus::kActive);
  EXPECT_EQ(SystemBackupCount(), 1u);
  const auto backups = Run<ListBackups>({})->backup_summaries;
  ASSERT_THAT(backups, SizeIs(2));
  EXPECT_EQ(backups[1].details.backup_status, "AVAILABLE");
}

TEST_F(RestoreTargetTest, RecoveryTurnedOffWhileATableGoesLeavesNoBackup) {
  ASSERT_EQ(SetRecovery("Music", true), "");
  world.settings.transition_delay = std::chrono::seconds(5);
  ASSERT_EQ(Refusal<DeleteTable>({.table_name = "Music"}), "");
  EXPECT_EQ(SetRecovery("Music", false), "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(world.Find("Music"), nullptr);
  EXPECT_EQ(SystemBackupCount(), 0u);
}

// Nothing can be restored from such a table: its items go with it.
TEST_F(RestoreTargetTest, RecoveryTurnedOnWhileATableGoesLeavesOne) {
  world.settings.transition_delay = std::chrono::seconds(5);
  ASSERT_EQ(Refusal<DeleteTable>({.table_name = "Music"}), "");
  EXPECT_EQ(SetRecovery("Music", true), "");
  const auto described = Run<DescribeContinuousBackups>({.table_name = "Music"});
  const PointInTimeRecoveryDescriptionShape& recovery =
      described->continuous_backups_description.point_in_time_recovery_description;
  EXPECT_EQ(recovery.point_in_time_recovery_status, "ENABLED");
  EXPECT_EQ(recovery.recovery_period_in_days, 35);
  EXPECT_EQ(recovery.earliest_restorable_time, std::nullopt);
  EXPECT_EQ(recovery.latest_restorable_time, std::nullopt);
  EXPECT_EQ(RestoreLatest("Copy"),
            "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for "
            "table 'Music'");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(SystemBackupCount(), 1u);
}

}  // namespace
}  // namespace gramme
