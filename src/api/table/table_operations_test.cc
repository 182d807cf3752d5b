// The operations on tables and tags, called as the edge calls them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/account/describe_endpoints.h"
#include "api/account/describe_limits.h"
#include "api/table/create_table.h"
#include "api/table/delete_table.h"
#include "api/table/describe_table.h"
#include "api/table/list_tables.h"
#include "api/table/update_table.h"
#include "api/tag/list_tags_of_resource.h"
#include "api/tag/tag_resource.h"
#include "api/tag/untag_resource.h"
#include "api/testing/table_api_world.h"
#include "api/time_to_live/describe_time_to_live.h"
#include "table/testing/table_world.h"

namespace gramme {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kOneBuildAtATime =
    "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or "
    "deleted simultaneously per table";
constexpr std::string_view kIndexesAreBuilt =
    "ResourceInUseException: Attempt to change a resource which is still in use: Cannot delete "
    "table while indexes are being created, updated, or deleted.";
constexpr Duration kDelay = std::chrono::seconds(2);

class TableOperationsTest : public testing::Test, protected TableApiWorld {
 protected:
  explicit TableOperationsTest(const TableWorldOptions& options = {}) : TableApiWorld(options) {}

  static CreateTableRequest NewTable(const std::string& name) {
    return {.table_name = name,
            .attribute_definitions = {{{.attribute_name = "id"}}},
            .key_schema = KeySchema{{.attribute_name = "id"}},
            .billing_mode = BillingMode::kPayPerRequest};
  }

  void Create(const std::string& name) {
    const auto created = Call<CreateTable>(NewTable(name));
    ASSERT_TRUE(created) << created.error().message;
    ASSERT_TRUE(world.RunJobs());
  }

  TableDescriptionShape Described(const std::string& name) {
    const auto described = Call<DescribeTable>({.table_name = name});
    EXPECT_TRUE(described);
    return described ? described->table : TableDescriptionShape();
  }

  static UpdateTableRequest AddIndex(const std::string& index, const std::string& key = "owner") {
    UpdateTableRequest request = {
        .attribute_definitions = {{{.attribute_name = "id"}, {.attribute_name = key}}},
        .table_name = "Music"};
    GlobalSecondaryIndexShape shape = {.index_name = index,
                                       .key_schema = {{.attribute_name = key}},
                                       .projection = {.projection_type = ProjectionType::kAll}};
    request.global_secondary_index_updates = {
        {{.create = CreateGlobalSecondaryIndexAction{shape}}}};
    return request;
  }

  static UpdateTableRequest DropIndex(const std::string& index) {
    return {.table_name = "Music",
            .global_secondary_index_updates = {
                {{.remove = DeleteGlobalSecondaryIndexAction{.index_name = index}}}}};
  }

  static UpdateTableRequest Throughput(std::int64_t reads, std::int64_t writes) {
    return {.table_name = "Music",
            .provisioned_throughput = ProvisionedThroughput{.read_capacity_units = reads,
                                                            .write_capacity_units = writes}};
  }

  std::string Arn(const std::string& name) {
    return "arn:aws:dynamodb:us-east-1:000000000000:table/" + name;
  }
};

class SlowTableOperationsTest : public TableOperationsTest {
 protected:
  SlowTableOperationsTest() : TableOperationsTest({.transition_delay = kDelay}) {}
};

TEST_F(TableOperationsTest, CreateTableAnswersCreating) {
  CreateTableRequest request = NewTable("Music");
  request.tags = {{{.key = "team", .value = "a"}}};
  request.deletion_protection_enabled = true;
  const auto created = Call<CreateTable>(request);
  ASSERT_TRUE(created) << created.error().message;
  const TableDescriptionShape& table = created->table_description;
  EXPECT_EQ(table.table_status, "CREATING");
  EXPECT_EQ(table.table_arn, Arn("Music"));
  EXPECT_EQ(table.table_id.size(), 36U);
  EXPECT_TRUE(table.deletion_protection_enabled);
  ASSERT_TRUE(table.billing_mode_summary);
  EXPECT_EQ(table.billing_mode_summary->billing_mode, BillingMode::kPayPerRequest);
  EXPECT_EQ(table.provisioned_throughput.read_capacity_units, 0);
  EXPECT_FALSE(table.global_secondary_indexes);
  EXPECT_EQ(Described("Music").table_status, "ACTIVE");
  EXPECT_EQ(Described(Arn("Music")).table_id, table.table_id);
  EXPECT_EQ(ProblemOf<CreateTable>(NewTable("Music")),
            "ResourceInUseException: Table already exists: Music");
  EXPECT_THAT(ProblemOf<CreateTable>(NewTable(Arn("Films"))), HasSubstr("ValidationException"));
}

TEST_F(TableOperationsTest, AProvisionedTableShowsItsModeOnlyWhereItWasSaid) {
  CreateTableRequest request = NewTable("Music");
  request.billing_mode.reset();
  request.provisioned_throughput = {.read_capacity_units = 5, .write_capacity_units = 6};
  ASSERT_TRUE(Call<CreateTable>(request));
  EXPECT_FALSE(Described("Music").billing_mode_summary);
  EXPECT_EQ(Described("Music").provisioned_throughput.write_capacity_units, 6);
  EXPECT_EQ(ProblemOf<UpdateTable>(Throughput(5, 6))
                .find("ValidationException: The provisioned "
                      "throughput for the table will not "
                      "change."),
            0U);
}

TEST_F(TableOperationsTest, DescribeTableCountsItemsAndEntries) {
  Create("Music");
  ASSERT_TRUE(Call<UpdateTable>(AddIndex("by-owner")));
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(world.Put("Music", {{"id", std::string("1")}, {"owner", std::string("me")}}));
  ASSERT_TRUE(world.Put("Music", {{"id", std::string("22")}}));
  world.store.FlushAll();
  const TableDescriptionShape table = Described("Music");
  EXPECT_EQ(table.item_count, 2);
  EXPECT_EQ(table.table_size_bytes, (2 + 1 + 5 + 2) + (2 + 2) + 2 * 100);
  ASSERT_TRUE(table.global_secondary_indexes);
  const IndexDescriptionShape& index = table.global_secondary_indexes->front();
  EXPECT_EQ(index.item_count, 1);
  EXPECT_EQ(index.index_size_bytes, (2 + 1 + 5 + 2) + 100);
  EXPECT_EQ(index.index_status, "ACTIVE");
  EXPECT_FALSE(index.backfilling);
  EXPECT_EQ(index.index_arn, Arn("Music") + "/index/by-owner");
}

TEST_F(TableOperationsTest, AbsentTablesAreNamed) {
  const std::string problem =
      "ResourceNotFoundException: Requested resource not found: Table: Music not found";
  EXPECT_EQ(ProblemOf<DescribeTable>({.table_name = "Music"}), problem);
  EXPECT_EQ(ProblemOf<DescribeTable>({.table_name = Arn("Music")}), problem);
  EXPECT_EQ(ProblemOf<DeleteTable>({.table_name = "Music"}), problem);
  EXPECT_EQ(ProblemOf<UpdateTable>(Throughput(1, 1)), problem);
  EXPECT_EQ(ProblemOf<DescribeTimeToLive>({.table_name = "Music"}), problem);
}

TEST_F(TableOperationsTest, ListTablesGoesPageByPage) {
  EXPECT_THAT(Call<ListTables>({})->table_names, IsEmpty());
  for (const char* name : {"ccc", "aaa", "ddd", "bbb"}) Create(name);
  auto page = Call<ListTables>({.limit = 3});
  EXPECT_THAT(page->table_names, ElementsAre("aaa", "bbb", "ccc"));
  EXPECT_EQ(page->last_evaluated_table_name, "ccc");
  page = Call<ListTables>({.exclusive_start_table_name = "ccc", .limit = 3});
  EXPECT_THAT(page->table_names, ElementsAre("ddd"));
  EXPECT_FALSE(page->last_evaluated_table_name);
  // The table need not exist, and a full page that is the last has no next one.
  page = Call<ListTables>({.exclusive_start_table_name = "bbbb", .limit = 2});
  EXPECT_THAT(page->table_names, ElementsAre("ccc", "ddd"));
  EXPECT_FALSE(page->last_evaluated_table_name);
}

TEST_F(TableOperationsTest, DeleteTableAnswersDeleting) {
  Create("Music");
  ASSERT_TRUE(Call<UpdateTable>({.table_name = "Music", .deletion_protection_enabled = true}));
  EXPECT_EQ(ProblemOf<DeleteTable>({.table_name = "Music"}),
            "ValidationException: Resource cannot be deleted as it is currently protected against "
            "deletion. Disable deletion protection first.");
  ASSERT_TRUE(Call<UpdateTable>({.table_name = "Music", .deletion_protection_enabled = false}));
  const auto deleted = Call<DeleteTable>({.table_name = Arn("Music")});
  ASSERT_TRUE(deleted);
  EXPECT_EQ(deleted->table_description.table_status, "DELETING");
  EXPECT_NE(ProblemOf<DescribeTable>({.table_name = "Music"}), "");
}

TEST_F(SlowTableOperationsTest, StatesRefuseWhatTheServiceRefuses) {
  const std::string in_use =
      "ResourceInUseException: Attempt to change a resource which is still in use: Table is being ";
  ASSERT_TRUE(Call<CreateTable>(NewTable("Music")));
  EXPECT_EQ(Described("Music").table_status, "CREATING");
  EXPECT_EQ(ProblemOf<CreateTable>(NewTable("Music")),
            "ResourceInUseException: Table already exists: Music");
  EXPECT_EQ(ProblemOf<DeleteTable>({.table_name = "Music"}), in_use + "created: Music");
  EXPECT_EQ(ProblemOf<UpdateTable>(AddIndex("by-owner")), in_use + "created: Music");
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(Call<UpdateTable>(AddIndex("by-owner")));
  // First the table is UPDATING, to make room; then ACTIVE, while the index is filled.
  EXPECT_EQ(Described("Music").table_status, "UPDATING");
  const auto index = [&] { return Described("Music").global_secondary_indexes->front(); };
  EXPECT_EQ(index().backfilling, false);
  while (index().backfilling == false) ASSERT_TRUE(world.executor().RunOne());
  EXPECT_EQ(index().index_status, "CREATING");
  EXPECT_EQ(Described("Music").table_status, "ACTIVE");
  EXPECT_EQ(ProblemOf<DeleteTable>({.table_name = "Music"}), kIndexesAreBuilt);
  EXPECT_EQ(ProblemOf<UpdateTable>(AddIndex("another", "other")), kOneBuildAtATime);
  EXPECT_EQ(ProblemOf<DescribeTimeToLive>({.table_name = "Music"}), "");
  // What has nothing to do with the index goes on.
  EXPECT_TRUE(Call<UpdateTable>({.table_name = "Music", .deletion_protection_enabled = false}));
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(Call<DeleteTable>({.table_name = "Music"}));
  EXPECT_EQ(Described("Music").table_status, "DELETING");
  EXPECT_THAT(Call<ListTables>({})->table_names, ElementsAre("Music"));
  EXPECT_EQ(ProblemOf<DeleteTable>({.table_name = "Music"}), in_use + "deleted: Music");
  EXPECT_EQ(ProblemOf<CreateTable>(NewTable("Music")), in_use + "deleted: Music");
  EXPECT_EQ(ProblemOf<DescribeTimeToLive>({.table_name = "Music"}),
            "ValidationException: Cannot describe time to live while table is in DELETING state: "
            "Current table state is DELETING");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(ProblemOf<CreateTable>(NewTable("Music")), "");
}

TEST_F(TableOperationsTest, UpdateTableAddsAndDropsAnIndex) {
  Create("Music");
  ASSERT_TRUE(world.Put("Music", {{"id", std::string("1")}, {"owner", std::string("me")}}));
  const auto updated = Call<UpdateTable>(AddIndex("by-owner"));
  ASSERT_TRUE(updated) << updated.error().message;
  EXPECT_EQ(updated->table_description.table_status, "UPDATING");
  ASSERT_TRUE(updated->table_description.global_secondary_indexes);
  const IndexDescriptionShape& index = updated->table_description.global_secondary_indexes->front();
  EXPECT_EQ(index.index_status, "CREATING");
  EXPECT_EQ(index.backfilling, false);
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(Described("Music").table_status, "ACTIVE");
  EXPECT_EQ(Described("Music").attribute_definitions.size(), 2U);
  EXPECT_EQ(world.FindInconsistency("Music"), "");
  EXPECT_EQ(ProblemOf<UpdateTable>(AddIndex("by-owner")),
            "ValidationException: Attempting to create an index which already exists");
  const auto dropped = Call<UpdateTable>(DropIndex("by-owner"));
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->table_description.global_secondary_indexes->front().index_status, "DELETING");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_FALSE(Described("Music").global_secondary_indexes);
  EXPECT_EQ(Described("Music").attribute_definitions.size(), 1U);
  EXPECT_EQ(ProblemOf<UpdateTable>(DropIndex("by-owner")),
            "ResourceNotFoundException: Requested resource not found: Index by-owner for table "
            "Music");
}

TEST_F(TableOperationsTest, ALocalIndexStaysAsItIs) {
  CreateTableRequest request = NewTable("Music");
  request.key_schema->push_back({.attribute_name = "at", .key_type = KeyType::kRange});
  request.attribute_definitions->push_back({.attribute_name = "at"});
  request.local_secondary_indexes = {{{.index_name = "local",
                                       .key_schema = *request.key_schema,
                                       .projection = {.projection_type = ProjectionType::kInclude,
                                                      .non_key_attributes = {{"z", "a"}}}}}};
  ASSERT_TRUE(Call<CreateTable>(request));
  ASSERT_TRUE(world.RunJobs());
  const TableDescriptionShape table = Described("Music");
  EXPECT_EQ(table.attribute_definitions.front().attribute_name, "at");
  EXPECT_EQ(table.local_secondary_indexes->front().projection.non_key_attributes,
            (std::vector<std::string>{"a", "z"}));
  EXPECT_EQ(ProblemOf<UpdateTable>(DropIndex("local")),
            "ValidationException: Cannot delete an index that is not a GlobalSecondaryIndex: "
            "local");
  UpdateTableRequest update = {.table_name = "Music"};
  update.global_secondary_index_updates = {
      {{.update = UpdateGlobalSecondaryIndexAction{
            .index_name = "local", .on_demand_throughput = OnDemandThroughput{1, 1}}}}};
  EXPECT_EQ(ProblemOf<UpdateTable>(update),
            "ValidationException: Cannot update an index that is not a GlobalSecondaryIndex: "
            "local");
}

// The limits of CreateTable hold for what comes later too.
TEST_F(TableOperationsTest, IndexesThatAreAddedHaveTheLimits) {
  CreateTableRequest request = NewTable("Music");
  request.global_secondary_indexes.emplace();
  for (int i = 0; i < 19; ++i) {
    GlobalSecondaryIndexShape& index = request.global_secondary_indexes->emplace_back();
    index.index_name = "gsi" + std::to_string(i);
    index.key_schema = {{.attribute_name = "id"}};
    index.projection.projection_type = i < 5 ? ProjectionType::kInclude : ProjectionType::kAll;
    for (int j = 0; i < 5 && j < (i == 0 ? 19 : 20); ++j) {
      if (j == 0) index.projection.non_key_attributes.emplace();
      index.projection.non_key_attributes->push_back("x" + std::to_string(j));
    }
  }
  ASSERT_TRUE(Call<CreateTable>(request));
  ASSERT_TRUE(world.RunJobs());
  UpdateTableRequest twentieth = AddIndex("by-owner");
  ProjectionShape& projection =
      twentieth.global_secondary_index_updates->front().create->projection;
  projection = {.projection_type = ProjectionType::kInclude, .non_key_attributes = {{"y", "z"}}};
  EXPECT_EQ(ProblemOf<UpdateTable>(twentieth),
            "ValidationException: One or more parameter values were invalid: The total number of "
            "projected non-key attributes exceeds the per-table limit of 100");
  projection.non_key_attributes->pop_back();
  EXPECT_EQ(ProblemOf<UpdateTable>(twentieth), "");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(ProblemOf<UpdateTable>(AddIndex("by-friend")),
            "LimitExceededException: Subscriber limit exceeded: Number of global secondary indexes "
            "exceeds per-table limit of 20");
}

TEST_F(SlowTableOperationsTest, AnIndexThatIsBeingFilledMayBeDropped) {
  ASSERT_TRUE(Call<CreateTable>(NewTable("Music")));
  ASSERT_TRUE(world.RunJobs());
  ASSERT_TRUE(Call<UpdateTable>(AddIndex("by-owner")));
  ASSERT_TRUE(Call<UpdateTable>(DropIndex("by-owner")));
  EXPECT_EQ(ProblemOf<UpdateTable>(DropIndex("by-owner")),
            "ResourceInUseException: Attempt to change a resource which is still in use: Index is "
            "being deleted. Table: Music Index: by-owner");
  UpdateTableRequest request = Throughput(1, 1);
  request.billing_mode = BillingMode::kProvisioned;
  EXPECT_EQ(ProblemOf<UpdateTable>(request),
            "ResourceInUseException: Attempt to change a resource which is still in use: Can't "
            "change table IOPS when an index is being deleted. Table: Music Indexes: [by-owner]");
  request = {.table_name = "Music"};
  request.on_demand_throughput = OnDemandThroughput{.max_read_request_units = 1};
  EXPECT_EQ(ProblemOf<UpdateTable>(request),
            "ResourceInUseException: Attempt to change a resource which is still in use: "
            "OnDemandThroughput cannot be updated while index deletion is in progress for indexes: "
            "[by-owner]");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_FALSE(Described("Music").global_secondary_indexes);
  EXPECT_EQ(Described("Music").table_status, "ACTIVE");
}

TEST_F(TableOperationsTest, UpdateTableDoesOneThing) {
  Create("Music");
  EXPECT_THAT(ProblemOf<UpdateTable>({.table_name = "Music"}), HasSubstr("At least one of"));
  UpdateTableRequest request = {.table_name = "Music"};
  request.global_secondary_index_updates.emplace();
  EXPECT_THAT(ProblemOf<UpdateTable>(request), HasSubstr("At least one of"));
  request.global_secondary_index_updates->emplace_back();
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("GlobalSecondaryIndexUpdate.Delete must not be null"));
  request.global_secondary_index_updates->front().create.emplace().index_name = "abc";
  request.global_secondary_index_updates->front().remove = {.index_name = "abc"};
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("Only one global secondary index action is allowed per "
                        "GlobalSecondaryIndexUpdate object"));
  request = {.table_name = "Music", .deletion_protection_enabled = true};
  request.global_secondary_index_updates.emplace();
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("List of GlobalSecondaryIndexUpdates is empty"));
  request = AddIndex("by-owner");
  request.deletion_protection_enabled = true;
  EXPECT_THAT(
      ProblemOf<UpdateTable>(request),
      HasSubstr("DeletionProtection modification must be the only operation in the request"));
  request = AddIndex("by-owner");
  request.provisioned_throughput = ProvisionedThroughput{1, 1};
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("You cannot create or delete index while updating table IOPS"));
  request = AddIndex("by-owner");
  request.on_demand_throughput = OnDemandThroughput{1, 1};
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("OnDemandThroughput can only be combined with BillingMode in an "
                        "UpdateTable request"));
  request = AddIndex("by-owner");
  request.global_secondary_index_updates->push_back(
      {.remove = DeleteGlobalSecondaryIndexAction{.index_name = "by-owner"}});
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("Only one global secondary index update per index is allowed "
                        "simultaneously. Index: by-owner"));
  request.global_secondary_index_updates->back().remove->index_name = "another";
  EXPECT_EQ(ProblemOf<UpdateTable>(request), kOneBuildAtATime);
}

// The service takes a billing mode and updates of other indexes beside a new one.
TEST_F(TableOperationsTest, AnIndexComesWithTheBillingModeAndOtherIndexes) {
  Create("Music");
  ASSERT_TRUE(Call<UpdateTable>(AddIndex("by-owner")));
  ASSERT_TRUE(world.RunJobs());
  UpdateTableRequest request = AddIndex("by-friend", "friend");
  request.billing_mode = BillingMode::kPayPerRequest;
  request.global_secondary_index_updates->push_back(
      {.update = UpdateGlobalSecondaryIndexAction{
           .index_name = "by-owner",
           .on_demand_throughput = OnDemandThroughput{.max_read_request_units = 7}}});
  const auto updated = Call<UpdateTable>(request);
  ASSERT_TRUE(updated) << updated.error().message;
  const auto& indexes = *updated->table_description.global_secondary_indexes;
  EXPECT_EQ(indexes[0].index_status, "UPDATING");
  EXPECT_EQ(indexes[1].index_status, "CREATING");
  ASSERT_TRUE(world.RunJobs());
  EXPECT_EQ(Described("Music").global_secondary_indexes->front().on_demand_throughput,
            (OnDemandThroughput{.max_read_request_units = 7}));
  EXPECT_EQ(Described("Music").global_secondary_indexes->size(), 2U);
}

// Maxima are set one by one and taken away with -1; nothing of it takes time.
TEST_F(TableOperationsTest, MaximaComeAndGo) {
  Create("Music");
  const auto update = [&](const OnDemandThroughput& maxima) {
    UpdateTableRequest request = {.table_name = "Music"};
    request.on_demand_throughput = maxima;
    return Call<UpdateTable>(request);
  };
  EXPECT_EQ(update({.max_read_request_units = 5})->table_description.table_status, "ACTIVE");
  ASSERT_TRUE(update({.max_write_request_units = 6}));
  EXPECT_EQ(Described("Music").on_demand_throughput, (OnDemandThroughput{5, 6}));
  ASSERT_TRUE(update({.max_read_request_units = -1}));
  EXPECT_EQ(Described("Music").on_demand_throughput,
            (OnDemandThroughput{.max_write_request_units = 6}));
  ASSERT_TRUE(update({.max_read_request_units = -1, .max_write_request_units = -1}));
  EXPECT_FALSE(Described("Music").on_demand_throughput);
  EXPECT_FALSE(update({.max_read_request_units = 0}));
}

// Of the definitions in an UpdateTable only those that its new index needs have an effect.
TEST_F(TableOperationsTest, ANewIndexFitsTheDefinitions) {
  Create("Music");
  UpdateTableRequest request = AddIndex("by-owner");
  request.attribute_definitions->pop_back();
  EXPECT_THAT(ProblemOf<UpdateTable>(request), HasSubstr("are not defined in"));
  request.attribute_definitions.reset();
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("AttributeDefinitions is not specified for index: by-owner"));
  EXPECT_EQ(Described("Music").table_status, "ACTIVE");
  EXPECT_TRUE(world.jobs().List().empty());
  request = AddIndex("by-owner");
  request.attribute_definitions->push_back({.attribute_name = "unused"});
  request.attribute_definitions->front().attribute_type = AttributeType::kNumber;
  EXPECT_EQ(ProblemOf<UpdateTable>(request), "");
  EXPECT_EQ(
      Described("Music").attribute_definitions,
      (std::vector<AttributeDefinition>{{.attribute_name = "id"}, {.attribute_name = "owner"}}));
}

TEST_F(TableOperationsTest, UpdateTableChangesTheBillingMode) {
  Create("Music");
  EXPECT_THAT(ProblemOf<UpdateTable>(Throughput(1, 1)), HasSubstr("PAY_PER_REQUEST"));
  UpdateTableRequest request = {.table_name = "Music", .billing_mode = BillingMode::kProvisioned};
  EXPECT_EQ(ProblemOf<UpdateTable>(request),
            "ValidationException: One or more parameter values were invalid: ProvisionedThroughput "
            "must be specified when BillingMode is PROVISIONED");
  request.provisioned_throughput = {.read_capacity_units = 3, .write_capacity_units = 4};
  const auto updated = Call<UpdateTable>(request);
  ASSERT_TRUE(updated) << updated.error().message;
  EXPECT_EQ(updated->table_description.table_status, "UPDATING");
  EXPECT_EQ(updated->table_description.provisioned_throughput.read_capacity_units, 0);
  EXPECT_EQ(Described("Music").provisioned_throughput.read_capacity_units, 3);
  world.clock.Advance(std::chrono::hours(1));
  const auto changed = Call<UpdateTable>(Throughput(5, 2));
  ASSERT_TRUE(changed);
  // The answer shows what there was.
  EXPECT_EQ(changed->table_description.provisioned_throughput.read_capacity_units, 3);
  EXPECT_EQ(changed->table_description.provisioned_throughput.write_capacity_units, 4);
  const auto throughput = Described("Music").provisioned_throughput;
  EXPECT_EQ(throughput.number_of_decreases_today, 1);
  EXPECT_EQ(throughput.last_increase, world.clock.WallNow());
  EXPECT_EQ(throughput.last_decrease, world.clock.WallNow());
  world.clock.Advance(std::chrono::hours(24));
  ASSERT_TRUE(Call<UpdateTable>(Throughput(5, 1)));
  EXPECT_EQ(Described("Music").provisioned_throughput.number_of_decreases_today, 1);
  ASSERT_TRUE(
      Call<UpdateTable>({.table_name = "Music", .billing_mode = BillingMode::kPayPerRequest}));
  const auto described = Described("Music");
  EXPECT_EQ(described.provisioned_throughput.read_capacity_units, 0);
  EXPECT_EQ(described.billing_mode_summary->last_update_to_pay_per_request, world.clock.WallNow());
}

TEST_F(TableOperationsTest, IndexesChangeModeWithTheirTable) {
  Create("Music");
  ASSERT_TRUE(Call<UpdateTable>(AddIndex("by-owner")));
  ASSERT_TRUE(world.RunJobs());
  UpdateTableRequest request = {.table_name = "Music",
                                .billing_mode = BillingMode::kProvisioned,
                                .provisioned_throughput = ProvisionedThroughput{
                                    .read_capacity_units = 1, .write_capacity_units = 1}};
  EXPECT_THAT(ProblemOf<UpdateTable>(request),
              HasSubstr("ProvisionedThroughput must be specified for index: by-owner"));
  request.global_secondary_index_updates = {
      {{.update = UpdateGlobalSecondaryIndexAction{
            .index_name = "by-owner",
            .provisioned_throughput =
                ProvisionedThroughput{.read_capacity_units = 7, .write_capacity_units = 8}}}}};
  ASSERT_TRUE(Call<UpdateTable>(request));
  EXPECT_EQ(Described("Music")
                .global_secondary_indexes->front()
                .provisioned_throughput->write_capacity_units,
            8);
  request.billing_mode.reset();
  request.provisioned_throughput.reset();
  EXPECT_THAT(ProblemOf<UpdateTable>(request), HasSubstr("will not change"));
  EXPECT_THAT(
      ProblemOf<UpdateTable>({.table_name = "Music", .billing_mode = BillingMode::kProvisioned}),
      HasSubstr("ProvisionedThroughput must be specified when BillingMode is PROVISIONED"));
  EXPECT_THAT(
      ProblemOf<UpdateTable>(AddIndex("by-friend", "friend")),
      HasSubstr("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: "
                "by-friend"));
  request.global_secondary_index_updates->front().update->index_name = "another";
  EXPECT_THAT(ProblemOf<UpdateTable>(request), HasSubstr("ResourceNotFoundException"));
}

TEST_F(TableOperationsTest, TagsComeAndGo) {
  Create("Music");
  const std::string arn = Arn("Music");
  std::vector<Tag> tags;
  for (int i = 10; i < 34; ++i) tags.push_back({.key = "k" + std::to_string(i), .value = "v"});
  ASSERT_TRUE(Call<TagResource>({.resource_arn = arn, .tags = tags}));
  std::vector<std::string> keys;
  std::optional<std::string> token;
  int page_count = 0;
  do {
    const auto page = Call<ListTagsOfResource>({.resource_arn = arn, .next_token = token});
    ASSERT_TRUE(page);
    for (const Tag& tag : page->tags) keys.push_back(tag.key);
    token = page->next_token;
    ++page_count;
  } while (token);
  EXPECT_EQ(page_count, 3);
  EXPECT_EQ(keys.size(), 24U);
  ASSERT_TRUE(Call<UntagResource>({.resource_arn = arn, .tag_keys = {"k10", "absent"}}));
  ASSERT_TRUE(Call<TagResource>({.resource_arn = arn, .tags = {{.key = "k11", .value = "new"}}}));
  EXPECT_EQ(Call<ListTagsOfResource>({.resource_arn = arn})->tags.front().value, "new");
}

TEST_F(TableOperationsTest, TagsHaveTheirRules) {
  Create("Music");
  const std::string arn = Arn("Music");
  const auto problem = [&](const std::vector<Tag>& tags) {
    return ProblemOf<TagResource>({.resource_arn = arn, .tags = tags});
  };
  EXPECT_EQ(problem({}), "ValidationException: Atleast one Tag needs to be provided as Input.");
  EXPECT_EQ(ProblemOf<UntagResource>({.resource_arn = arn}),
            "ValidationException: Atleast one Tag Key needs to be provided as Input.");
  EXPECT_THAT(problem({{.key = "aws:x"}}),
              HasSubstr("Tag Key cannot be prefixed with aws:, Key: aws:x"));
  EXPECT_THAT(problem({{.key = "x"}, {.key = "x"}}), HasSubstr("Duplicate Tag Key found x"));
  std::vector<Tag> tags;
  for (int i = 0; i < 50; ++i) tags.push_back({.key = "k" + std::to_string(i)});
  EXPECT_EQ(problem(tags), "");
  EXPECT_THAT(problem({{.key = "one more"}}), HasSubstr("Number of Tags exceed the current limit"));
  EXPECT_EQ(problem({{.key = "k0", .value = "replaced"}}), "");
  EXPECT_EQ(ProblemOf<ListTagsOfResource>({.resource_arn = "Music"}),
            "ValidationException: One or more parameter values were invalid: ARNs must start with "
            "'arn:': Music");
  for (const std::string& wrong :
       {Arn("Films"), std::string("arn:aws:dynamodb:eu-west-1:000000000000:table/Music")}) {
    EXPECT_EQ(ProblemOf<ListTagsOfResource>({.resource_arn = wrong}),
              "ResourceNotFoundException: Requested resource not found: ResourceArn: " + wrong +
                  " not found");
  }
}

TEST_F(TableOperationsTest, AnswersOfTheAccount) {
  Create("Music");
  EXPECT_EQ(Call<DescribeTimeToLive>({.table_name = "Music"})
                ->time_to_live_description.time_to_live_status,
            "DISABLED");
  EXPECT_EQ(Call<DescribeLimits>({})->account_max_read_capacity_units, 80'000);
  EXPECT_EQ(Call<DescribeLimits>({})->table_max_write_capacity_units, 40'000);
  EXPECT_EQ(Call<DescribeEndpoints>({})->endpoints.front().address, "example:8000");
}

}  // namespace
}  // namespace gramme
