#include "api/backup/describe_backup.h"

#include "api/backup/backup_rules.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> DescribeBackup::Validate(const DescribeBackupRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateBackupArn(request.backup_arn));
  return NoPlan{};
}

std::vector<Access> DescribeBackup::Resources(const DescribeBackupRequest& request,
                                              const NoPlan&) {
  return {{.action = "DescribeBackup", .resource = request.backup_arn}};
}

Result<DescribeBackupResponse> DescribeBackup::Run(const DescribeBackupRequest& request,
                                                   const NoPlan&, OperationContext& context) {
  GRAMME_TRY(const NamedBackup named, FindBackup(request.backup_arn, context));
  return DescribeBackupResponse{.backup_description = DescribeWhole(named.backup, named.labels)};
}

}  // namespace gramme
