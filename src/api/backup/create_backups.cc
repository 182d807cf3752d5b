#include "api/backup/create_backups.h"

#include <set>

#include "api/table/table_rules.h"
#include "backup/backups.h"
#include "base/result.h"
#include "model/arn.h"

namespace gramme {

Result<NoPlan> CreateBackups::Validate(const CreateBackupsRequest& request) {
  std::set<std::string> names;
  for (const std::string& table_name : request.table_names) {
    GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(table_name));
    const auto arn = ParseArn(table_name);
    if (!names.insert(arn ? std::string(arn->table_name) : table_name).second) {
      return InvalidParameters("TableNames names a table twice: " + table_name);
    }
  }
  return NoPlan{};
}

std::vector<Access> CreateBackups::Resources(const CreateBackupsRequest& request, const NoPlan&) {
  std::vector<Access> resources;
  for (const std::string& table_name : request.table_names) {
    resources.push_back({.action = "CreateBackups", .resource = table_name});
  }
  return resources;
}

Result<CreateBackupsResponse> CreateBackups::Run(const CreateBackupsRequest& request, const NoPlan&,
                                                 OperationContext& context) {
  Engine& engine = context.engine;
  const auto backups = engine.backups.CreateTogether(request.table_names, request.backup_name);
  context.DependOn(engine.catalog.view()->position);
  GRAMME_RETURN_IF_ERROR(backups);
  CreateBackupsResponse response;
  for (const BackupDescription& backup : *backups) {
    response.backup_details.push_back(DescribeDetails(backup, engine.settings.labels));
  }
  return response;
}

}  // namespace gramme
