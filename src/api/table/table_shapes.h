// The shapes that requests and answers about tables share: how the value types of
// model/table_description.h go over the wire, and what a table's description looks like there.

#ifndef GRAMME_API_TABLE_TABLE_SHAPES_H_
#define GRAMME_API_TABLE_TABLE_SHAPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/shape.h"
#include "model/table_description.h"

namespace gramme {

template <>
struct EnumNames<KeyType> {
  static constexpr std::pair<KeyType, std::string_view> kNames[] = {{KeyType::kHash, "HASH"},
                                                                    {KeyType::kRange, "RANGE"}};
};

// Of key attributes only: the scalar types.
template <>
struct EnumNames<AttributeType> {
  static constexpr std::pair<AttributeType, std::string_view> kNames[] = {
      {AttributeType::kBinary, "B"}, {AttributeType::kNumber, "N"}, {AttributeType::kString, "S"}};
};

template <>
struct EnumNames<ProjectionType> {
  static constexpr std::pair<ProjectionType, std::string_view> kNames[] = {
      {ProjectionType::kAll, "ALL"},
      {ProjectionType::kInclude, "INCLUDE"},
      {ProjectionType::kKeysOnly, "KEYS_ONLY"}};
};

template <>
struct EnumNames<BillingMode> {
  static constexpr std::pair<BillingMode, std::string_view> kNames[] = {
      {BillingMode::kProvisioned, "PROVISIONED"}, {BillingMode::kPayPerRequest, "PAY_PER_REQUEST"}};
};

template <>
struct EnumNames<StreamViewType> {
  static constexpr std::pair<StreamViewType, std::string_view> kNames[] = {
      {StreamViewType::kNewImage, "NEW_IMAGE"},
      {StreamViewType::kOldImage, "OLD_IMAGE"},
      {StreamViewType::kNewAndOldImages, "NEW_AND_OLD_IMAGES"},
      {StreamViewType::kKeysOnly, "KEYS_ONLY"}};
};

// Of the operations on a table itself.
inline constexpr std::string_view kTableNameAbsence =
    "The parameter 'TableName' is required but was not present in the request";

template <typename Visitor>
void VisitMembers(Visitor& visit, KeySchemaElement& element) {
  visit.Member("AttributeName", element.attribute_name,
               {.required = true, .length_min = 1, .length_max = 255});
  visit.Member("KeyType", element.key_type, {.required = true});
}

template <typename Visitor>
void VisitMembers(Visitor& visit, AttributeDefinition& definition) {
  visit.Member("AttributeName", definition.attribute_name,
               {.required = true, .length_min = 1, .length_max = 255});
  visit.Member("AttributeType", definition.attribute_type, {.required = true});
}

template <typename Visitor>
void VisitMembers(Visitor& visit, ProvisionedThroughput& throughput) {
  visit.Member("ReadCapacityUnits", throughput.read_capacity_units,
               {.required = true, .value_min = 1});
  visit.Member("WriteCapacityUnits", throughput.write_capacity_units,
               {.required = true, .value_min = 1});
}

template <typename Visitor>
void VisitMembers(Visitor& visit, OnDemandThroughput& throughput) {
  visit.Member("MaxReadRequestUnits", throughput.max_read_request_units, {});
  visit.Member("MaxWriteRequestUnits", throughput.max_write_request_units, {});
}

// A Projection as sent: its members are told apart from their absence.
struct ProjectionShape {
  std::optional<ProjectionType> projection_type;
  std::optional<std::vector<std::string>> non_key_attributes;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ProjectionShape& projection) {
  visit.Member("ProjectionType", projection.projection_type, {});
  visit.Member(
      "NonKeyAttributes", projection.non_key_attributes,
      {.length_min = 1, .length_max = 20, .element_length_min = 1, .element_length_max = 255});
}

struct Tag {
  std::string key;
  std::string value;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, Tag& tag) {
  visit.Member("Key", tag.key, {.required = true, .length_min = 1, .length_max = 128});
  visit.Member("Value", tag.value, {.required = true, .length_min = 0, .length_max = 256});
}

struct StreamSpecification {
  bool stream_enabled = false;
  std::optional<StreamViewType> stream_view_type;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, StreamSpecification& specification) {
  visit.Member("StreamEnabled", specification.stream_enabled, {.required = true});
  visit.Member("StreamViewType", specification.stream_view_type, {});
}

struct LocalSecondaryIndexShape {
  std::string index_name;
  KeySchema key_schema;
  ProjectionShape projection;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, LocalSecondaryIndexShape& index) {
  visit.Member("IndexName", index.index_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("KeySchema", index.key_schema, {.required = true, .length_min = 1});
  visit.Member("Projection", index.projection, {.required = true});
}

struct GlobalSecondaryIndexShape {
  std::string index_name;
  KeySchema key_schema;
  ProjectionShape projection;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GlobalSecondaryIndexShape& index) {
  visit.Member("IndexName", index.index_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("KeySchema", index.key_schema, {.required = true, .length_min = 1});
  visit.Member("Projection", index.projection, {.required = true});
  visit.Member("ProvisionedThroughput", index.provisioned_throughput, {});
  visit.Member("OnDemandThroughput", index.on_demand_throughput, {});
  visit.Unserved("WarmThroughput", {.why = "warm throughput is not served"});
}

// What follows appears in answers only.

struct ProvisionedThroughputDescription {
  std::optional<WallTime> last_increase;
  std::optional<WallTime> last_decrease;
  std::int64_t number_of_decreases_today = 0;
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ProvisionedThroughputDescription& throughput) {
  visit.Member("LastIncreaseDateTime", throughput.last_increase, {});
  visit.Member("LastDecreaseDateTime", throughput.last_decrease, {});
  visit.Member("NumberOfDecreasesToday", throughput.number_of_decreases_today, {});
  visit.Member("ReadCapacityUnits", throughput.read_capacity_units, {});
  visit.Member("WriteCapacityUnits", throughput.write_capacity_units, {});
}

struct BillingModeSummary {
  BillingMode billing_mode = BillingMode::kProvisioned;
  std::optional<WallTime> last_update_to_pay_per_request;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BillingModeSummary& summary) {
  visit.Member("BillingMode", summary.billing_mode, {});
  visit.Member("LastUpdateToPayPerRequestDateTime", summary.last_update_to_pay_per_request, {});
}

// An LSI or a GSI; what an LSI lacks is absent.
struct IndexDescriptionShape {
  std::string index_name;
  KeySchema key_schema;
  ProjectionShape projection;
  std::optional<std::string> index_status;
  std::optional<bool> backfilling;
  std::optional<ProvisionedThroughputDescription> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::int64_t index_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string index_arn;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, IndexDescriptionShape& index) {
  visit.Member("IndexName", index.index_name, {});
  visit.Member("KeySchema", index.key_schema, {});
  visit.Member("Projection", index.projection, {});
  visit.Member("IndexStatus", index.index_status, {});
  visit.Member("Backfilling", index.backfilling, {});
  visit.Member("ProvisionedThroughput", index.provisioned_throughput, {});
  visit.Member("OnDemandThroughput", index.on_demand_throughput, {});
  visit.Member("IndexSizeBytes", index.index_size_bytes, {});
  visit.Member("ItemCount", index.item_count, {});
  visit.Member("IndexArn", index.index_arn, {});
}

struct RestoreSummaryShape {
  std::optional<std::string> source_backup_arn;
  std::string source_table_arn;
  WallTime restore_time{};
  bool restore_in_progress = false;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreSummaryShape& summary) {
  visit.Member("SourceBackupArn", summary.source_backup_arn, {});
  visit.Member("SourceTableArn", summary.source_table_arn, {});
  visit.Member("RestoreDateTime", summary.restore_time, {});
  visit.Member("RestoreInProgress", summary.restore_in_progress, {});
}

struct TableDescriptionShape {
  std::vector<AttributeDefinition> attribute_definitions;
  std::string table_name;
  KeySchema key_schema;
  std::string table_status;
  WallTime creation_time{};
  ProvisionedThroughputDescription provisioned_throughput;
  std::int64_t table_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string table_arn;
  std::string table_id;
  std::optional<BillingModeSummary> billing_mode_summary;
  std::optional<std::vector<IndexDescriptionShape>> local_secondary_indexes;
  std::optional<std::vector<IndexDescriptionShape>> global_secondary_indexes;
  std::optional<StreamSpecification> stream_specification;
  std::optional<std::string> latest_stream_label;
  std::optional<std::string> latest_stream_arn;
  std::optional<RestoreSummaryShape> restore_summary;
  bool deletion_protection_enabled = false;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TableDescriptionShape& table) {
  visit.Member("AttributeDefinitions", table.attribute_definitions, {});
  visit.Member("TableName", table.table_name, {});
  visit.Member("KeySchema", table.key_schema, {});
  visit.Member("TableStatus", table.table_status, {});
  visit.Member("CreationDateTime", table.creation_time, {});
  visit.Member("ProvisionedThroughput", table.provisioned_throughput, {});
  visit.Member("TableSizeBytes", table.table_size_bytes, {});
  visit.Member("ItemCount", table.item_count, {});
  visit.Member("TableArn", table.table_arn, {});
  visit.Member("TableId", table.table_id, {});
  visit.Member("BillingModeSummary", table.billing_mode_summary, {});
  visit.Member("LocalSecondaryIndexes", table.local_secondary_indexes, {});
  visit.Member("GlobalSecondaryIndexes", table.global_secondary_indexes, {});
  visit.Member("StreamSpecification", table.stream_specification, {});
  visit.Member("LatestStreamLabel", table.latest_stream_label, {});
  visit.Member("LatestStreamArn", table.latest_stream_arn, {});
  visit.Member("RestoreSummary", table.restore_summary, {});
  visit.Member("DeletionProtectionEnabled", table.deletion_protection_enabled, {});
  visit.Member("OnDemandThroughput", table.on_demand_throughput, {});
}

}  // namespace gramme

#endif  // GRAMME_API_TABLE_TABLE_SHAPES_H_
