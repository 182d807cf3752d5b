#include "api/backup/restore_table_from_backup.h"

#include "api/backup/backup_rules.h"
#include "api/table/describe.h"
#include "backup/backups.h"
#include "base/result.h"
#include "model/arn.h"

namespace gramme {

Result<NoPlan> RestoreTableFromBackup::Validate(const RestoreTableFromBackupRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateOverrides(request.overrides));
  GRAMME_RETURN_IF_ERROR(ValidateBackupArn(request.backup_arn));
  return NoPlan{};
}

std::vector<Access> RestoreTableFromBackup::Resources(const RestoreTableFromBackupRequest& request,
                                                      const NoPlan&) {
  return {{.action = "RestoreTableFromBackup", .resource = request.backup_arn},
          {.action = "RestoreTableFromBackup", .resource = request.target_table_name}};
}

Result<RestoreTableFromBackupResponse> RestoreTableFromBackup::Run(
    const RestoreTableFromBackupRequest& request, const NoPlan&, OperationContext& context) {
  Engine& engine = context.engine;
  GRAMME_TRY(const NamedBackup named, FindBackup(request.backup_arn, context));
  // A backup that was made on another server is known by its own ARN, whatever that one's Region.
  if (named.backup.arn != request.backup_arn) {
    GRAMME_RETURN_IF_ERROR(
        CheckRegion(request.overrides, named.labels.region, engine.settings.labels));
  }
  const auto begun = engine.backups.BeginRestore({.backup_id = named.backup.id,
                                                  .backup_arn = request.backup_arn,
                                                  .target_table_name = request.target_table_name,
                                                  .overrides = OverridesOf(request.overrides)});
  context.DependOn(engine.catalog.view()->position);
  GRAMME_RETURN_IF_ERROR(begun);
  return RestoreTableFromBackupResponse{
      .table_description = DescribeEmpty(begun->edit.table->description(), engine.settings.labels)};
}

}  // namespace gramme
