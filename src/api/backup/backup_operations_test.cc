// The operations on backups, their rules and texts, run as the edge runs them.

#include "api/backup/testing/backup_operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/backup/create_backup.h"
#include "api/backup/delete_backup.h"
#include "api/backup/describe_backup.h"
#include "api/backup/list_backups.h"
#include "api/backup/restore_table_from_backup.h"
#include "model/arn.h"

namespace gramme {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(BackupOperationsTest, CreateAnswersDetailsThatDescribeRepeats) {
  world.Fill(world.MakeTable("Music"), 4);
  const auto created =
      Run<CreateBackup>({.table_name = "Music", .backup_name = "First"})->backup_details;
  EXPECT_EQ(created.backup_status, "CREATING");
  EXPECT_EQ(created.backup_type, "USER");
  EXPECT_EQ(created.backup_name, "First");
  EXPECT_TRUE(created.backup_arn.starts_with(
      "arn:aws:dynamodb:us-east-1:000000000000:table/Music/backup/01700000000000-"));
  ASSERT_TRUE(world.RunJobs());
  const auto described =
      Run<DescribeBackup>({.backup_arn = created.backup_arn})->backup_description;
  EXPECT_EQ(described.backup_details.backup_status, "AVAILABLE");
  EXPECT_EQ(described.backup_details.backup_arn, created.backup_arn);
  EXPECT_EQ(described.backup_details.backup_creation_time, created.backup_creation_time);
  EXPECT_EQ(described.backup_details.backup_size_bytes, created.backup_size_bytes);
  const SourceTableDetailsShape& source = described.source_table_details;
  EXPECT_EQ(source.table_name, "Music");
  EXPECT_EQ(source.table_id, world.Find("Music")->description().id);
  EXPECT_EQ(source.item_count, 4);
  EXPECT_EQ(source.table_size_bytes, described.backup_details.backup_size_bytes);
  EXPECT_EQ(source.billing_mode, BillingMode::kPayPerRequest);
  const SourceTableFeatureDetailsShape& features = described.source_table_feature_details;
  ASSERT_THAT(*features.local_secondary_indexes, SizeIs(1));
  EXPECT_FALSE((*features.local_secondary_indexes)[0].provisioned_throughput.has_value());
  ASSERT_THAT(*features.global_secondary_indexes, SizeIs(1));
  EXPECT_EQ((*features.global_secondary_indexes)[0].provisioned_throughput,
            ProvisionedThroughput());
}

TEST_F(BackupOperationsTest, FeaturesOfAPlainTableAreEmpty) {
  TableDescription plain;
  plain.name = "Plain";
  plain.key_schema = {{"id", KeyType::kHash}};
  plain.attribute_definitions = {{"id", AttributeType::kString}};
  world.MakeTable(plain);
  const auto described = Run<DescribeBackup>({.backup_arn = Make("Plain")})->backup_description;
  EXPECT_FALSE(described.source_table_feature_details.local_secondary_indexes.has_value());
  EXPECT_FALSE(described.source_table_feature_details.global_secondary_indexes.has_value());
}

TEST_F(BackupOperationsTest, NamesNeedNotBeUnique) {
  world.MakeTable("Music");
  const CreateBackupRequest request = {.table_name = "Music", .backup_name = "Same"};
  const auto first = Run<CreateBackup>(request);
  const auto second = Run<CreateBackup>(request);
  EXPECT_NE(first->backup_details.backup_arn, second->backup_details.backup_arn);
}

TEST_F(BackupOperationsTest, SixtyBackupsOfOneTableAreMadeAtOnce) {
  world.Fill(world.MakeTable("Music"), 3);
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(Refusal<CreateBackup>({.table_name = "Music", .backup_name = "Backup"}), "");
  }
  ASSERT_TRUE(world.RunJobs());
  const auto listed = Run<ListBackups>({})->backup_summaries;
  ASSERT_THAT(listed, SizeIs(60));
  for (const BackupSummaryShape& summary : listed) {
    EXPECT_EQ(summary.details.backup_status, "AVAILABLE");
  }
}

// Only the id of the table tells the backups of one from those of the next.
TEST_F(BackupOperationsTest, ABackupOutlivesItsTableAndSpansTheNextOfItsName) {
  const std::string first = Make();
  world.Drop("Music");
  const std::string second = Make();
  const auto listed = Run<ListBackups>({.table_name = "Music"})->backup_summaries;
  ASSERT_THAT(listed, SizeIs(2));
  EXPECT_EQ(listed[0].details.backup_arn, first);
  EXPECT_EQ(listed[1].details.backup_arn, second);
  EXPECT_EQ(listed[0].table_arn, listed[1].table_arn);
  EXPECT_NE(listed[0].table_id, listed[1].table_id);
}

TEST_F(BackupOperationsTest, CreateTakesATableArn) {
  world.MakeTable("Music");
  EXPECT_TRUE(Run<CreateBackup>(
                  {.table_name = TableArn(world.settings.labels, "Music"), .backup_name = "First"})
                  .has_value());
  EXPECT_EQ(Refusal<CreateBackup>({.table_name = "Missing", .backup_name = "First"}),
            "TableNotFoundException: Table not found: Missing");
}

TEST_F(BackupOperationsTest, ReadsTheArnOfABackupAsDynamoDbDoes) {
  const std::string arn = Make();
  const std::string id = arn.substr(arn.rfind('/') + 1);
  const auto describe = [&](const std::string& text) {
    return Refusal<DescribeBackup>({.backup_arn = text});
  };
  const std::string tail = ":000000000000:table/Music/backup/";
  const std::string absent = "arn:aws:dynamodb:us-east-1" + tail + "01489602797149-73d8d5bc";
  EXPECT_EQ(describe(absent), "BackupNotFoundException: Backup not found: " + absent);
  const std::string other_table = ArnOf(id, "Books");
  EXPECT_EQ(describe(other_table), "BackupNotFoundException: Backup not found: " + other_table);
  const std::string elsewhere = "arn:aws:dynamodb:eu-central-1" + tail + id;
  EXPECT_EQ(
      Run<DescribeBackup>({.backup_arn = elsewhere})->backup_description.backup_details.backup_arn,
      elsewhere);
  EXPECT_EQ(
      Run<DeleteBackup>({.backup_arn = elsewhere})->backup_description.backup_details.backup_arn,
      elsewhere);
  EXPECT_EQ(describe(arn), "BackupNotFoundException: Backup not found: " + arn);
  const std::string not_valid = "ValidationException: BackupArn is not valid";
  EXPECT_EQ(describe("arn:aws:dynamodb:nowhere" + tail + id), not_valid);
  EXPECT_EQ(describe("arn:gcp:dynamodb:us-east-1" + tail + id), not_valid);
  EXPECT_EQ(describe("arn:aws:s3:us-east-1" + tail + id), not_valid);
  const std::string denied = "AccessDeniedException: Access is denied";
  EXPECT_EQ(describe("arn:aws:dynamodb:" + tail + id), denied);
  EXPECT_EQ(describe("arn:aws:dynamodb:us-east-1:111111111111:table/Music/backup/" + id), denied);
  const std::string invalid = "ValidationException: Invalid Backup ARN";
  EXPECT_EQ(describe("arn:aws:dynamodb:us-east-1:000000000000:table/Music"), invalid);
  EXPECT_EQ(describe("this-is-no-arn-but-a-text-of-forty-eight-letters"), invalid);
}

TEST_F(BackupOperationsTest, ABackupIsKnownByTheArnItWasMadeUnder) {
  const std::string arn = Make();
  world.settings.labels.account_id = "111111111111";
  EXPECT_EQ(Refusal<DescribeBackup>({.backup_arn = arn}), "");
}

TEST_F(BackupOperationsTest, DeleteIsDoneWhenItAnswers) {
  const std::string arn = Make();
  const auto deleted = Run<DeleteBackup>({.backup_arn = arn})->backup_description;
  EXPECT_EQ(deleted.backup_details.backup_status, "DELETED");
  EXPECT_EQ(deleted.source_table_details.table_name, "Music");
  const std::string gone = "BackupNotFoundException: Backup not found: " + arn;
  EXPECT_EQ(Refusal<DeleteBackup>({.backup_arn = arn}), gone);
  EXPECT_EQ(Refusal<DescribeBackup>({.backup_arn = arn}), gone);
  EXPECT_THAT(Run<ListBackups>({})->backup_summaries, IsEmpty());
}

TEST_F(BackupOperationsTest, ListPagesByACursorThatNeedNotExist) {
  const std::string first = Make();
  const std::string second = Make();
  const std::string third = Make();
  const auto page = Run<ListBackups>({.limit = 2});
  ASSERT_THAT(page->backup_summaries, SizeIs(2));
  EXPECT_EQ(page->backup_summaries[0].details.backup_arn, first);
  EXPECT_EQ(page->last_evaluated_backup_arn, second);
  EXPECT_FALSE(Run<ListBackups>({.limit = 3})->last_evaluated_backup_arn.has_value());
  ASSERT_TRUE(Run<DeleteBackup>({.backup_arn = second}).has_value());
  const auto rest = Run<ListBackups>({.exclusive_start_backup_arn = second});
  ASSERT_THAT(rest->backup_summaries, SizeIs(1));
  EXPECT_EQ(rest->backup_summaries[0].details.backup_arn, third);
  EXPECT_EQ(Refusal<ListBackups>({.exclusive_start_backup_arn =
                                      "arn:aws:dynamodb:eu-central-1:000000000000:table/Music/"
                                      "backup/01489602797149-73d8d5bc"}),
            "ValidationException: Invalid Request: The supplied ExclusiveStartBackupArn does not "
            "match the region");
  // One that never existed is as good.
  EXPECT_THAT(Run<ListBackups>({.exclusive_start_backup_arn = ArnOf("01489602797149-73d8d5bc")})
                  ->backup_summaries,
              SizeIs(2));
}

TEST_F(BackupOperationsTest, ListFiltersByTypeTimeAndTable) {
  Make();
  Make("Books");
  const auto count = [&](const ListBackupsRequest& request) {
    return Run<ListBackups>(request)->backup_summaries.size();
  };
  EXPECT_EQ(count({}), 2u);
  EXPECT_EQ(count({.backup_type = BackupTypeFilter::kAll}), 2u);
  EXPECT_EQ(count({.backup_type = BackupTypeFilter::kSystem}), 0u);
  EXPECT_EQ(count({.backup_type = BackupTypeFilter::kAwsBackup}), 0u);
  EXPECT_EQ(count({.table_name = "Books"}), 1u);
  EXPECT_EQ(count({.table_name = TableArn(world.settings.labels, "Books")}), 1u);
  EXPECT_EQ(count({.table_name = "Unknown"}), 0u);
  const WallTime now = world.clock.WallNow();
  EXPECT_EQ(count({.time_range_lower_bound = now}), 1u);
  EXPECT_EQ(count({.time_range_upper_bound = now}), 1u);
  EXPECT_EQ(Refusal<ListBackups>({.time_range_lower_bound = now,
                                  .time_range_upper_bound = now - std::chrono::seconds(1)}),
            "ValidationException: Time range lower bound must be less than or equal to upper "
            "bound");
}

TEST_F(BackupOperationsTest, RestoreShowsItsSourceUntilTheTableIsActive) {
  const std::string arn = Make();
  const auto restored =
      Run<RestoreTableFromBackup>({.target_table_name = "Copy", .backup_arn = arn});
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  const TableDescriptionShape& table = restored->table_description;
  EXPECT_EQ(table.table_status, "CREATING");
  EXPECT_EQ(table.restore_summary->source_backup_arn, arn);
  EXPECT_EQ(table.restore_summary->source_table_arn, TableArn(world.settings.labels, "Music"));
  EXPECT_TRUE(table.restore_summary->restore_in_progress);
  EXPECT_FALSE((*table.global_secondary_indexes)[0].index_status.has_value());
  EXPECT_EQ(Refusal<CreateBackup>({.table_name = "Copy", .backup_name = "Early"}),
            "TableNotFoundException: Table not found: Copy");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_FALSE(world.Find("Copy")->description().restore_summary.has_value());
}

TEST_F(BackupOperationsTest, ARestoreFromAnotherRegionSaysSo) {
  std::string arn = Make();
  arn.replace(arn.find("us-east-1"), 9, "eu-central-1");
  EXPECT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Copy", .backup_arn = arn}),
            "ValidationException: Invalid Request: sseSpecificationOverride must be provided for "
            "cross-region restores");
  EXPECT_EQ(world.Find("Copy"), nullptr);
  EXPECT_EQ(Refusal<RestoreTableFromBackup>(
                {.target_table_name = "Copy",
                 .backup_arn = arn,
                 .overrides = {.sse_specification_override = SseSpecificationOverride()}}),
            "");
}

TEST_F(BackupOperationsTest, NoKeyEncryptsARestoredTable) {
  const std::string arn = Make();
  const auto restore = [&](std::optional<bool> enabled) {
    return Refusal<RestoreTableFromBackup>(
        {.target_table_name = "Copy",
         .backup_arn = arn,
         .overrides = {.sse_specification_override = SseSpecificationOverride{enabled}}});
  };
  EXPECT_EQ(restore(true),
            "ValidationException: The parameter 'sSESpecificationOverride' is not supported by "
            "this server: encryption keys are not served");
  EXPECT_EQ(restore(false), "");
}

TEST_F(BackupOperationsTest, NoMaximaAreNoOverride) {
  const std::string arn = Make();
  EXPECT_EQ(Refusal<RestoreTableFromBackup>(
                {.target_table_name = "Copy",
                 .backup_arn = arn,
                 .overrides = {.on_demand_throughput_override = OnDemandThroughput()}}),
            "");
}

TEST_F(BackupOperationsTest, RestoreRefusesConflictsInDynamoDbsWords) {
  const std::string arn = Make();
  const std::string other = Make();
  const auto restore = [&](const std::string& target, const std::string& backup) {
    return Refusal<RestoreTableFromBackup>({.target_table_name = target, .backup_arn = backup});
  };
  EXPECT_EQ(restore("Music", arn), "TableAlreadyExistsException: Table already exists: Music");
  EXPECT_EQ(restore("Copy", arn), "");
  EXPECT_EQ(restore("Copy", other),
            "TableInUseException: Table: Copy is already being restored from backup: " + arn);
  EXPECT_EQ(restore("Second", arn),
            "BackupInUseException: Backup is being used to restore another table: " + arn);
  EXPECT_EQ(Refusal<DeleteBackup>({.backup_arn = arn}),
            "BackupInUseException: Backup is being used to restore table: " + arn);
  const std::string absent = ArnOf("01489602797149-73d8d5bc");
  EXPECT_EQ(restore("Second", absent), "BackupNotFoundException: Backup not found: " + absent);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(restore("Second", arn), "");
}

TEST_F(BackupOperationsTest, FiftyRestoresRunAtOnceAndNoMore) {
  std::vector<std::string> arns;
  for (int i = 0; i < 51; ++i) arns.push_back(Make());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Copy-" + std::to_string(i),
                                               .backup_arn = arns[static_cast<std::size_t>(i)]}),
              "");
  }
  EXPECT_EQ(Refusal<RestoreTableFromBackup>({.target_table_name = "Last", .backup_arn = arns[50]}),
            "LimitExceededException: Subscriber limit exceeded: Only 50 restore operations can be "
            "done simultaneously");
}

TEST_F(BackupOperationsTest, RestoreTellsNoIndexesFromAllOfThem) {
  const std::string arn = Make();
  ASSERT_EQ(
      Refusal<RestoreTableFromBackup>({.target_table_name = "None",
                                       .backup_arn = arn,
                                       .overrides = {.global_secondary_index_override =
                                                         std::vector<GlobalSecondaryIndexShape>(),
                                                     .local_secondary_index_override =
                                                         std::vector<LocalSecondaryIndexShape>()}}),
      "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_THAT(world.Find("None")->description().indexes, IsEmpty());
  const GlobalSecondaryIndexShape renamed = {
      .index_name = "renamed",
      .key_schema = {{"owner", KeyType::kHash}, {"n", KeyType::kRange}},
      .projection = {.projection_type = ProjectionType::kAll}};
  ASSERT_EQ(Refusal<RestoreTableFromBackup>(
                {.target_table_name = "Renamed",
                 .backup_arn = arn,
                 .overrides = {.global_secondary_index_override = std::vector{renamed}}}),
            "");
  ASSERT_TRUE(world.RunJobs());
  const TableRef table = world.Find("Renamed");
  ASSERT_THAT(table->description().indexes, SizeIs(2));
  EXPECT_EQ(table->description().indexes[1].name, "renamed");
  EXPECT_EQ(world.FindInconsistency(table), "");
}

}  // namespace
}  // namespace gramme
