#include "api/table/describe.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/arn.h"
#include "model/limits.h"
#include "table/change_log/stream_edits.h"
#include "table/counters.h"
#include "table/store_error.h"

namespace gramme {
namespace {

ProvisionedThroughputDescription DescribeThroughput(const ProvisionedThroughput& throughput,
                                                    const ThroughputHistory& history) {
  return {.last_increase = history.last_increase,
          .last_decrease = history.last_decrease,
          .number_of_decreases_today = history.decreases_today,
          .read_capacity_units = throughput.read_capacity_units,
          .write_capacity_units = throughput.write_capacity_units};
}

ProjectionShape DescribeProjection(const Projection& projection) {
  ProjectionShape shape = {.projection_type = projection.type, .non_key_attributes = {}};
  if (projection.type == ProjectionType::kInclude) {
    std::vector<std::string>& names =
        shape.non_key_attributes.emplace(projection.non_key_attributes);
    std::ranges::sort(names);
  }
  return shape;
}

IndexDescriptionShape DescribeIndex(const TableDescription& table, const IndexDescription& index,
                                    const ArnLabels& labels) {
  IndexDescriptionShape shape;
  shape.index_name = index.name;
  shape.key_schema = index.key_schema;
  shape.projection = DescribeProjection(index.projection);
  shape.index_arn = IndexArn(labels, table.name, index.name);
  if (!index.is_global) return shape;
  // A table that is being restored shows its indexes without a status.
  if (!IsBeingRestored(table)) shape.index_status = IndexStatusName(index.status);
  // First room is made for it, while the table is UPDATING.
  if (index.backfilling) shape.backfilling = table.status != TableStatus::kUpdating;
  shape.provisioned_throughput =
      DescribeThroughput(index.provisioned_throughput, index.throughput_history);
  shape.on_demand_throughput = index.on_demand_throughput;
  return shape;
}

// What is told of the table's latest stream; that it is enabled, only while it is.
void DescribeStreamOf(const TableDescription& table, const ArnLabels& labels,
                      TableDescriptionShape& shape) {
  if (!table.stream) return;
  shape.latest_stream_label = table.stream->label;
  shape.latest_stream_arn = StreamArn(labels, table.name, table.stream->label);
  if (!HasEnabledStream(table)) return;
  shape.stream_specification = {.stream_enabled = true,
                                .stream_view_type = table.stream->view_type};
}

std::optional<RestoreSummaryShape> DescribeRestore(const std::optional<RestoreSummary>& summary) {
  if (!summary) return std::nullopt;
  RestoreSummaryShape shape = {.source_backup_arn = summary->source_backup_arn,
                               .source_table_arn = summary->source_table_arn,
                               .restore_time = summary->restore_time,
                               .restore_in_progress = summary->restore_in_progress};
  // A restore to a point in time names no backup.
  if (shape.source_backup_arn->empty()) shape.source_backup_arn.reset();
  return shape;
}

void SetCounts(const Counts& counts, std::int64_t& item_count, std::int64_t& size_bytes) {
  item_count = counts.items;
  size_bytes = counts.bytes + counts.items * static_cast<std::int64_t>(kItemOverheadBytes);
}

}  // namespace

TableDescriptionShape DescribeEmpty(const TableDescription& table, const ArnLabels& labels) {
  TableDescriptionShape shape;
  shape.attribute_definitions = table.attribute_definitions;
  // As the service does it, whatever the order in the request.
  std::ranges::sort(shape.attribute_definitions, {}, &AttributeDefinition::attribute_name);
  shape.table_name = table.name;
  shape.key_schema = table.key_schema;
  shape.table_status = TableStatusName(table.status);
  shape.creation_time = table.creation_time;
  shape.provisioned_throughput =
      DescribeThroughput(table.provisioned_throughput, table.throughput_history);
  shape.table_arn = TableArn(labels, table.name);
  shape.table_id = table.id;
  if (table.billing_mode_given || table.billing_mode == BillingMode::kPayPerRequest) {
    shape.billing_mode_summary =
        BillingModeSummary{.billing_mode = table.billing_mode,
                           .last_update_to_pay_per_request = table.last_update_to_pay_per_request};
  }
  for (const IndexDescription& index : table.indexes) {
    auto& indexes =
        index.is_global ? shape.global_secondary_indexes : shape.local_secondary_indexes;
    if (!indexes) indexes.emplace();
    indexes->push_back(DescribeIndex(table, index, labels));
  }
  DescribeStreamOf(table, labels, shape);
  shape.restore_summary = DescribeRestore(table.restore_summary);
  shape.deletion_protection_enabled = table.deletion_protection_enabled;
  shape.on_demand_throughput = table.on_demand_throughput;
  return shape;
}

Result<TableDescriptionShape> Describe(const TableDescription& table, OperationContext& context) {
  TableDescriptionShape shape = DescribeEmpty(table, context.engine.settings.labels);
  Store& store = context.engine.store;
  const auto counts = [&](std::uint64_t keyspace) {
    return FromStore(ReadCounts(store, context.tier, table.number, keyspace));
  };
  GRAMME_TRY(const Counts items, counts(table.keyspace));
  SetCounts(items, shape.item_count, shape.table_size_bytes);
  std::size_t local = 0;
  std::size_t global = 0;
  for (const IndexDescription& index : table.indexes) {
    IndexDescriptionShape& described = index.is_global ? (*shape.global_secondary_indexes)[global++]
                                                       : (*shape.local_secondary_indexes)[local++];
    GRAMME_TRY(const Counts entries, counts(index.keyspace));
    SetCounts(entries, described.item_count, described.index_size_bytes);
  }
  return shape;
}

}  // namespace gramme
