#include "api/backup/create_backup.h"

#include "api/table/table_rules.h"
#include "backup/backups.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> CreateBackup::Validate(const CreateBackupRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> CreateBackup::Resources(const CreateBackupRequest& request, const NoPlan&) {
  return {{.action = "CreateBackup", .resource = request.table_name}};
}

Result<CreateBackupResponse> CreateBackup::Run(const CreateBackupRequest& request, const NoPlan&,
                                               OperationContext& context) {
  Engine& engine = context.engine;
  const auto backup = engine.backups.Create(request.table_name, request.backup_name);
  // It looked at a newer view than the context's, perhaps.
  context.DependOn(engine.catalog.view()->position);
  if (!backup) return std::unexpected(backup.error());
  return CreateBackupResponse{.backup_details =
                                  DescribeDetails(*backup, engine.settings.labels)};
}

}  // namespace gramme
