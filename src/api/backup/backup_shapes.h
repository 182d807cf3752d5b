// The shapes that requests and answers about backups share.

#ifndef GRAMME_API_BACKUP_BACKUP_SHAPES_H_
#define GRAMME_API_BACKUP_BACKUP_SHAPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/table/table_shapes.h"
#include "api/time_to_live/describe_time_to_live.h"
#include "backup/backup_description.h"
#include "model/arn.h"

namespace gramme {

struct BackupDetailsShape {
  std::string backup_arn;
  std::string backup_name;
  std::int64_t backup_size_bytes = 0;
  std::string backup_status;
  std::string backup_type;
  WallTime backup_creation_time{};
  std::optional<WallTime> backup_expiry_time;  // of type SYSTEM
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BackupDetailsShape& details) {
  visit.Member("BackupArn", details.backup_arn, {});
  visit.Member("BackupName", details.backup_name, {});
  visit.Member("BackupSizeBytes", details.backup_size_bytes, {});
  visit.Member("BackupStatus", details.backup_status, {});
  visit.Member("BackupType", details.backup_type, {});
  visit.Member("BackupCreationDateTime", details.backup_creation_time, {});
  visit.Member("BackupExpiryDateTime", details.backup_expiry_time, {});
}

struct SourceTableDetailsShape {
  std::string table_name;
  std::string table_id;
  std::string table_arn;
  std::int64_t table_size_bytes = 0;
  KeySchema key_schema;
  WallTime table_creation_time{};
  ProvisionedThroughput provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::int64_t item_count = 0;
  BillingMode billing_mode = BillingMode::kProvisioned;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, SourceTableDetailsShape& table) {
  visit.Member("TableName", table.table_name, {});
  visit.Member("TableId", table.table_id, {});
  visit.Member("TableArn", table.table_arn, {});
  visit.Member("TableSizeBytes", table.table_size_bytes, {});
  visit.Member("KeySchema", table.key_schema, {});
  visit.Member("TableCreationDateTime", table.table_creation_time, {});
  visit.Member("ProvisionedThroughput", table.provisioned_throughput, {});
  visit.Member("OnDemandThroughput", table.on_demand_throughput, {});
  visit.Member("ItemCount", table.item_count, {});
  visit.Member("BillingMode", table.billing_mode, {});
}

// An LSI or a GSI; what an LSI lacks is absent.
struct IndexInfoShape {
  std::string index_name;
  KeySchema key_schema;
  ProjectionShape projection;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, IndexInfoShape& index) {
  visit.Member("IndexName", index.index_name, {});
  visit.Member("KeySchema", index.key_schema, {});
  visit.Member("Projection", index.projection, {});
  visit.Member("ProvisionedThroughput", index.provisioned_throughput, {});
  visit.Member("OnDemandThroughput", index.on_demand_throughput, {});
}

// A member is there only when the feature was on; none of a backup of type SYSTEM.
struct SourceTableFeatureDetailsShape {
  std::optional<std::vector<IndexInfoShape>> local_secondary_indexes;
  std::optional<std::vector<IndexInfoShape>> global_secondary_indexes;
  std::optional<TimeToLiveDescriptionShape> time_to_live_description;
  std::optional<StreamSpecification> stream_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, SourceTableFeatureDetailsShape& features) {
  visit.Member("LocalSecondaryIndexes", features.local_secondary_indexes, {});
  visit.Member("GlobalSecondaryIndexes", features.global_secondary_indexes, {});
  visit.Member("TimeToLiveDescription", features.time_to_live_description, {});
  visit.Member("StreamDescription", features.stream_description, {});
}

struct BackupDescriptionShape {
  BackupDetailsShape backup_details;
  SourceTableDetailsShape source_table_details;
  SourceTableFeatureDetailsShape source_table_feature_details;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BackupDescriptionShape& backup) {
  visit.Member("BackupDetails", backup.backup_details, {});
  visit.Member("SourceTableDetails", backup.source_table_details, {});
  visit.Member("SourceTableFeatureDetails", backup.source_table_feature_details, {});
}

struct BackupSummaryShape {
  std::string table_name;
  std::string table_id;
  std::string table_arn;
  BackupDetailsShape details;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, BackupSummaryShape& summary) {
  visit.Member("TableName", summary.table_name, {});
  visit.Member("TableId", summary.table_id, {});
  visit.Member("TableArn", summary.table_arn, {});
  VisitMembers(visit, summary.details);
}

// How a backup looks under these labels: `labels` are the server's, with the region asked for.
BackupDetailsShape DescribeDetails(const BackupDescription& backup, const ArnLabels& labels);
BackupDescriptionShape DescribeWhole(const BackupDescription& backup, const ArnLabels& labels);
BackupSummaryShape Summarise(const BackupDescription& backup, const ArnLabels& labels);

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_BACKUP_SHAPES_H_
