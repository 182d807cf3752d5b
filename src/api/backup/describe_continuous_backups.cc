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
  const TableRef table = context.catalog_view->Find(request.table_name);
  if (table == nullptr || table->description().status == TableStatus::kCreating) {
    return Error(ErrorCode::kTableNotFoundException, "Table not found: " + request.table_name);
  }
  return DescribeContinuousBackupsResponse{
      .continuous_backups_description =
          DescribeContinuousBackupsOf(table->description(), context.engine)};
}

}  // namespace gramme
