// The rules for the overrides of a restore, and their texts.

#include "backup/restored_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gramme {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

IndexDescription Gsi(std::string name, std::string attribute) {
  return {.name = std::move(name),
          .key_schema = {{std::move(attribute), KeyType::kHash}},
          .is_global = true};
}

TableDescription Recorded(BillingMode mode) {
  TableDescription table;
  table.name = "Music";
  table.key_schema = {{"id", KeyType::kHash}, {"n", KeyType::kRange}};
  for (const char* name : {"id", "n", "a", "b", "c"}) {
    table.attribute_definitions.push_back({name, AttributeType::kString});
  }
  table.indexes = {{.name = "local",
                    .key_schema = {{"id", KeyType::kHash}, {"a", KeyType::kRange}}},
                   Gsi("by-b", "b"),
                   Gsi("by-c", "c")};
  table.billing_mode = mode;
  if (mode == BillingMode::kProvisioned) {
    table.provisioned_throughput = {5, 6};
    table.indexes[1].provisioned_throughput = {7, 8};
    table.indexes[2].provisioned_throughput = {9, 10};
  } else {
    table.on_demand_throughput = OnDemandThroughput{.max_read_request_units = 100,
                                                    .max_write_request_units = {}};
  }
  return table;
}

constexpr BillingMode kProvisioned = BillingMode::kProvisioned;
constexpr BillingMode kOnDemand = BillingMode::kPayPerRequest;

std::string Refusal(BillingMode mode, const RestoreOverrides& overrides) {
  const auto restored = RestoredTable(Recorded(mode), "Copy", overrides);
  if (restored) return "";
  EXPECT_EQ(restored.error().code, ErrorCode::kValidationException);
  return restored.error().message;
}

TEST(RestoredTableTest, IsAsRecordedWithoutOverrides) {
  const auto table = RestoredTable(Recorded(kProvisioned), "Copy", {});
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->name, "Copy");
  EXPECT_EQ(table->status, TableStatus::kCreating);
  EXPECT_EQ(table->provisioned_throughput, (ProvisionedThroughput{5, 6}));
  ASSERT_THAT(table->indexes, SizeIs(3));
  EXPECT_EQ(table->indexes[2].provisioned_throughput, (ProvisionedThroughput{9, 10}));
  EXPECT_EQ(RestoredTable(Recorded(kOnDemand), "Copy", {})->on_demand_throughput,
            Recorded(kOnDemand).on_demand_throughput);
}

TEST(RestoredTableTest, HasNoIndexesWhereTheListIsEmpty) {
  const auto table = RestoredTable(
      Recorded(kOnDemand), "Copy",
      {.local_indexes = std::vector<IndexDescription>(),
       .global_indexes = std::vector<IndexDescription>()});
  EXPECT_THAT(table->indexes, IsEmpty());
  EXPECT_THAT(table->attribute_definitions, SizeIs(2));
}

TEST(RestoredTableTest, RenamesAnIndexThatMatches) {
  const auto table = RestoredTable(Recorded(kProvisioned), "Copy",
                                   {.global_indexes = std::vector{Gsi("renamed", "c")}});
  ASSERT_TRUE(table.has_value()) << table.error().message;
  ASSERT_THAT(table->indexes, SizeIs(2));
  EXPECT_EQ(table->indexes[1].name, "renamed");
  EXPECT_EQ(table->indexes[1].provisioned_throughput, (ProvisionedThroughput{9, 10}));
}

TEST(RestoredTableTest, RefusesAnIndexThatDidNotExist) {
  constexpr std::string_view kText =
      " does not match a secondary index that existed in the source table and cannot be created "
      "during the restore operation";
  EXPECT_EQ(Refusal(kOnDemand, {.global_indexes = std::vector{Gsi("by-id", "id")}}),
            "Index by-id" + std::string(kText));
  IndexDescription projected = Gsi("by-b", "b");
  projected.projection.type = ProjectionType::kKeysOnly;
  EXPECT_EQ(Refusal(kOnDemand, {.global_indexes = std::vector{projected}}),
            "Index by-b" + std::string(kText));
  EXPECT_EQ(Refusal(kOnDemand, {.global_indexes = std::vector{Gsi("x", "b"), Gsi("y", "b")}}),
            "Index y" + std::string(kText));
}

TEST(RestoredTableTest, RefusesOneNameForTwoIndexes) {
  EXPECT_EQ(Refusal(kOnDemand, {.global_indexes = std::vector{Gsi("local", "b")}}),
            "One or more parameter values were invalid: Duplicate index name: local");
}

TEST(RestoredTableTest, KnowsTheRulesOfThroughput) {
  EXPECT_EQ(Refusal(kOnDemand, {.provisioned_throughput = ProvisionedThroughput{1, 1}}),
            "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  EXPECT_EQ(Refusal(kOnDemand, {.billing_mode = kProvisioned}),
            "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  EXPECT_EQ(Refusal(kOnDemand, {.on_demand_throughput =
                                    OnDemandThroughput{.max_read_request_units = 0,
                                                       .max_write_request_units = 0}}),
            "Requested MaxReadRequestUnits for OnDemandThroughput is outside of valid range");
  EXPECT_EQ(Refusal(kProvisioned, {.on_demand_throughput = OnDemandThroughput()}),
            "Cannot override OnDemandThroughput unless BillingMode is PAY_PER_REQUEST");
  EXPECT_EQ(Refusal(kOnDemand, {.billing_mode = kProvisioned,
                                .provisioned_throughput = ProvisionedThroughput{1, 1}}),
            "One or more parameter values were invalid: ProvisionedThroughput is not specified for "
            "index: by-b");
}

TEST(RestoredTableTest, OverridesTheThroughputOfTheBaseTableOnly) {
  const auto table = RestoredTable(Recorded(kProvisioned), "Copy",
                                   {.provisioned_throughput = ProvisionedThroughput{50, 60}});
  EXPECT_EQ(table->provisioned_throughput, (ProvisionedThroughput{50, 60}));
  EXPECT_EQ(table->indexes[1].provisioned_throughput, (ProvisionedThroughput{7, 8}));
}

TEST(RestoredTableTest, HasNoProvisionedThroughputOnDemand) {
  const auto table = RestoredTable(Recorded(kProvisioned), "Copy", {.billing_mode = kOnDemand});
  EXPECT_EQ(table->provisioned_throughput, ProvisionedThroughput());
  EXPECT_EQ(table->indexes[1].provisioned_throughput, ProvisionedThroughput());
  EXPECT_EQ(table->billing_mode, kOnDemand);
}

}  // namespace
}  // namespace gramme
