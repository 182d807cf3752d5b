#include "api/backup/backup_shapes.h"

#include "model/arn.h"
#include "model/limits.h"
#include "table/change_log/stream_edits.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

// As TableSizeBytes counts: each item with its overhead.
std::int64_t SizeBytes(const Counts& counts) {
  return counts.bytes + counts.items * static_cast<std::int64_t>(kItemOverheadBytes);
}

IndexInfoShape DescribeIndex(const IndexDescription& index) {
  IndexInfoShape shape = {.index_name = index.name,
                          .key_schema = index.key_schema,
                          .projection = {.projection_type = index.projection.type}};
  if (index.projection.type == ProjectionType::kInclude) {
    shape.projection.non_key_attributes = index.projection.non_key_attributes;
  }
  if (!index.is_global) return shape;
  shape.provisioned_throughput = index.provisioned_throughput;
  shape.on_demand_throughput = index.on_demand_throughput;
  return shape;
}

}  // namespace

BackupDetailsShape DescribeDetails(const BackupDescription& backup, const ArnLabels& labels) {
  return {.backup_arn = BackupArn(labels, backup.table.name, backup.id),
          .backup_name = backup.name,
          .backup_size_bytes = SizeBytes(backup.counts),
          .backup_status = std::string(BackupStatusName(backup.status)),
          .backup_type = std::string(BackupTypeName(backup.type)),
          .backup_creation_time = backup.creation_time,
          .backup_expiry_time = ExpiryOf(backup)};
}

BackupDescriptionShape DescribeWhole(const BackupDescription& backup, const ArnLabels& labels) {
  const TableDescription& table = backup.table;
  BackupDescriptionShape shape;
  shape.backup_details = DescribeDetails(backup, labels);
  shape.source_table_details = {.table_name = table.name,
                                .table_id = table.id,
                                .table_arn = TableArn(labels, table.name),
                                .table_size_bytes = SizeBytes(backup.counts),
                                .key_schema = table.key_schema,
                                .table_creation_time = table.creation_time,
                                .provisioned_throughput = table.provisioned_throughput,
                                .on_demand_throughput = table.on_demand_throughput,
                                .item_count = backup.counts.items,
                                .billing_mode = table.billing_mode};
  if (backup.type == BackupType::kSystem) return shape;
  SourceTableFeatureDetailsShape& features = shape.source_table_feature_details;
  for (const IndexDescription& index : table.indexes) {
    auto& indexes =
        index.is_global ? features.global_secondary_indexes : features.local_secondary_indexes;
    if (!indexes) indexes.emplace();
    indexes->push_back(DescribeIndex(index));
  }
  if (MaintainedTimeToLive(table) != nullptr) {
    features.time_to_live_description = DescribeTimeToLiveOf(table);
  }
  if (HasEnabledStream(table)) {
    features.stream_description = {.stream_enabled = true,
                                   .stream_view_type = table.stream->view_type};
  }
  return shape;
}

BackupSummaryShape Summarise(const BackupDescription& backup, const ArnLabels& labels) {
  return {.table_name = backup.table.name,
          .table_id = backup.table.id,
          .table_arn = TableArn(labels, backup.table.name),
          .details = DescribeDetails(backup, labels)};
}

}  // namespace gramme
