#include "api/backup/delete_backup.h"

#include "api/backup/backup_rules.h"
#include "backup/backups.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> DeleteBackup::Validate(const DeleteBackupRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateBackupArn(request.backup_arn));
  return NoPlan{};
}

std::vector<Access> DeleteBackup::Resources(const DeleteBackupRequest& request, const NoPlan&) {
  return {{.action = "DeleteBackup", .resource = request.backup_arn}};
}

Result<DeleteBackupResponse> DeleteBackup::Run(const DeleteBackupRequest& request, const NoPlan&,
                                               OperationContext& context) {
  GRAMME_TRY(const NamedBackup named, FindBackup(request.backup_arn, context));
  GRAMME_TRY(const BackupDescription deleted,
             context.engine.backups.Delete(named.backup.id, request.backup_arn));
  return DeleteBackupResponse{.backup_description = DescribeWhole(deleted, named.labels)};
}

}  // namespace gramme
