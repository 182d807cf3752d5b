#include "api/backup/describe_continuous_backups.h"

#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> DescribeContinuousBackups::Validate(
    const DescribeContinuousBackupsRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> DescribeContinuousBackups::Resources(
    const DescribeContinuousBackupsRequest& request, const NoPlan&) {
  return {{.action = "DescribeContinuousBackups", .resource = request.table_name}};
}

Result<DescribeContinuousBackupsResponse> DescribeContinuousBackups::Run(
    const DescribeContinuousBackupsRequest& request, const NoPlan&, OperationContext& context) {
  if (!context.FindTable(request.table_name)) {
    return Error(ErrorCode::kTableNotFoundException, "Table not found: " + request.table_name);
  }
  return DescribeContinuousBackupsResponse{
      .continuous_backups_description = {
          .continuous_backups_status = "ENABLED",
          .point_in_time_recovery_description = {.point_in_time_recovery_status = "DISABLED"}}};
}

}  // namespace gramme
