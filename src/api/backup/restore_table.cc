#include "api/backup/restore_table.h"

#include <set>

#include "api/backup/backup_rules.h"
#include "api/table/describe.h"
#include "backup/backups.h"
#include "backup/recovery.h"
#include "base/result.h"

namespace gramme {
namespace {

std::set<KeptSetting> KeptOf(const RestoreTableRequest& request) {
  return {request.keep.begin(), request.keep.end()};
}

Result<BegunRestore> FromBackup(const RestoreTableRequest& request, OperationContext& context) {
  Engine& engine = context.engine;
  const std::string& arn = *request.backup_arn;
  GRAMME_TRY(const NamedBackup named, FindBackup(arn, context));
  if (named.backup.arn != arn) {
    GRAMME_RETURN_IF_ERROR(
        CheckRegion(request.overrides, named.labels.region, engine.settings.labels));
  }
  return engine.backups.BeginRestore(
      {.backup_id = named.backup.id,
       .backup_arn = arn,
       .target_table_name = request.target_table_name.value_or(named.backup.table.name),
       .overrides = OverridesOf(request.overrides),
       .keep = KeptOf(request)});
}

Result<BegunRestore> ToTime(const RestoreTableRequest& request, Engine& engine) {
  const std::string& source = *request.source_table_name;
  return engine.recovery.BeginRestore(
      {.source_table_name = source,
       .target_table_name = request.target_table_name.value_or(source),
       .time = request.restore_time,
       .overrides = OverridesOf(request.overrides),
       .keep = KeptOf(request)});
}

std::vector<ReportedSettingShape> Describe(const std::vector<ReportedSetting>& settings) {
  std::vector<ReportedSettingShape> shapes;
  for (const ReportedSetting& one : settings) {
    shapes.push_back(
        {.setting = one.setting, .index_name = one.index_name, .reason = std::nullopt});
    if (!one.reason.empty()) shapes.back().reason = one.reason;
  }
  return shapes;
}

}  // namespace

Result<NoPlan> RestoreTable::Validate(const RestoreTableRequest& request) {
  if (request.backup_arn.has_value() == request.source_table_name.has_value()) {
    return ValidationError("Must provide exactly one of: BackupArn, SourceTableName");
  }
  const bool is_latest = request.use_latest_restorable_time.value_or(false);
  if (request.source_table_name) {
    GRAMME_RETURN_IF_ERROR(ValidateRestoreTime(is_latest, request.restore_time));
  } else if (is_latest || request.restore_time) {
    return ValidationError(
        "Invalid Request: RestoreDateTime and UseLatestRestorableTime cannot be set where a backup "
        "is restored");
  }
  GRAMME_RETURN_IF_ERROR(ValidateOverrides(request.overrides));
  if (request.backup_arn) GRAMME_RETURN_IF_ERROR(ValidateBackupArn(*request.backup_arn));
  return NoPlan{};
}

std::vector<Access> RestoreTable::Resources(const RestoreTableRequest& request, const NoPlan&) {
  std::vector<Access> resources = {
      {.action = "RestoreTable",
       .resource = request.backup_arn ? *request.backup_arn : *request.source_table_name}};
  if (request.target_table_name) {
    resources.push_back({.action = "RestoreTable", .resource = *request.target_table_name});
  }
  return resources;
}

Result<RestoreTableResponse> RestoreTable::Run(const RestoreTableRequest& request, const NoPlan&,
                                               OperationContext& context) {
  Engine& engine = context.engine;
  const auto begun = request.backup_arn ? FromBackup(request, context) : ToTime(request, engine);
  context.DependOn(engine.catalog.view()->position);
  GRAMME_RETURN_IF_ERROR(begun);
  return RestoreTableResponse{
      .table_description = DescribeEmpty(begun->edit.table->description(), engine.settings.labels),
      .report = {.restored = Describe(begun->report.restored),
                 .not_restored = Describe(begun->report.not_restored)}};
}

}  // namespace gramme
