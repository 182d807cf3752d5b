// DeleteBackup removes a backup that is neither being made nor restored, at once and for good.

#ifndef GRAMME_API_BACKUP_DELETE_BACKUP_H_
#define GRAMME_API_BACKUP_DELETE_BACKUP_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/backup/backup_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DeleteBackupRequest {
  std::string backup_arn;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteBackupRequest& request) {
  visit.Member("BackupArn", request.backup_arn,
               {.required = true, .length_min = 37, .length_max = 1024});
}

struct DeleteBackupResponse {
  BackupDescriptionShape backup_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteBackupResponse& response) {
  visit.Member("BackupDescription", response.backup_description, {});
}

struct DeleteBackup {
  static constexpr std::string_view kName = "DeleteBackup";
  static constexpr Start kStart = Start::kPool;
  using Request = DeleteBackupRequest;
  using Response = DeleteBackupResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_DELETE_BACKUP_H_
