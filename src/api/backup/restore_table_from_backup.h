// RestoreTableFromBackup makes a new table of a backup. Everything that can be refused is refused
// here; a job (backup/restore_job.h) brings the items back afterwards.

#ifndef GRAMME_API_BACKUP_RESTORE_TABLE_FROM_BACKUP_H_
#define GRAMME_API_BACKUP_RESTORE_TABLE_FROM_BACKUP_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/backup/restore_overrides.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

struct RestoreTableFromBackupRequest {
  std::string target_table_name;
  std::string backup_arn;
  RestoreOverridesShape overrides;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreTableFromBackupRequest& request) {
  visit.Member("TargetTableName", request.target_table_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("BackupArn", request.backup_arn,
               {.required = true, .length_min = 37, .length_max = 1024});
  VisitMembers(visit, request.overrides);
}

struct RestoreTableFromBackupResponse {
  TableDescriptionShape table_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreTableFromBackupResponse& response) {
  visit.Member("TableDescription", response.table_description, {});
}

struct RestoreTableFromBackup {
  static constexpr std::string_view kName = "RestoreTableFromBackup";
  static constexpr Start kStart = Start::kPool;
  using Request = RestoreTableFromBackupRequest;
  using Response = RestoreTableFromBackupResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_RESTORE_TABLE_FROM_BACKUP_H_
