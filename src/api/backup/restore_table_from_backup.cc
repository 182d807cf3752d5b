#include "api/backup/restore_table_from_backup.h"

#include <utility>

#include "api/backup/backup_rules.h"
#include "api/table/create_table.h"
#include "api/table/describe.h"
#include "backup/backups.h"
#include "base/result.h"

namespace gramme {
namespace {

RestoreOverrides OverridesOf(const RestoreTableFromBackupRequest& request) {
  RestoreOverrides overrides = {
      .billing_mode = request.billing_mode_override,
      .local_indexes = {},
      .global_indexes = {},
      .provisioned_throughput = request.provisioned_throughput_override,
      .on_demand_throughput = request.on_demand_throughput_override};
  if (const auto& indexes = request.local_secondary_index_override) {
    overrides.local_indexes.emplace();
    for (const LocalSecondaryIndexShape& index : *indexes) {
      IndexDescription local = GlobalIndexOf({.index_name = index.index_name,
                                              .key_schema = index.key_schema,
                                              .projection = index.projection});
      local.is_global = false;
      overrides.local_indexes->push_back(std::move(local));
    }
  }
  if (const auto& indexes = request.global_secondary_index_override) {
    overrides.global_indexes.emplace();
    for (const GlobalSecondaryIndexShape& index : *indexes) {
      overrides.global_indexes->push_back(GlobalIndexOf(index));
    }
  }
  return overrides;
}

}  // namespace

Result<NoPlan> RestoreTableFromBackup::Validate(const RestoreTableFromBackupRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateBackupArn(request.backup_arn));
  return NoPlan{};
}

std::vector<Access> RestoreTableFromBackup::Resources(
    const RestoreTableFromBackupRequest& request, const NoPlan&) {
  return {{.action = "RestoreTableFromBackup", .resource = request.backup_arn},
          {.action = "RestoreTableFromBackup", .resource = request.target_table_name}};
}

Result<RestoreTableFromBackupResponse> RestoreTableFromBackup::Run(
    const RestoreTableFromBackupRequest& request, const NoPlan&, OperationContext& context) {
  Engine& engine = context.engine;
  GRAMME_TRY(const NamedBackup named, FindBackup(request.backup_arn, context));
  const auto edit = engine.backups.BeginRestore({.backup_id = named.backup.id,
                                                 .backup_arn = request.backup_arn,
                                                 .target_table_name = request.target_table_name,
                                                 .overrides = OverridesOf(request)});
  context.DependOn(engine.catalog.view()->position);
  if (!edit) return std::unexpected(edit.error());
  return RestoreTableFromBackupResponse{
      .table_description = DescribeEmpty(edit->table->description(), engine.settings.labels)};
}

}  // namespace gramme
