// CreateBackup makes a backup of a table at one instant. It answers when the instant is settled and
// durable; a job (backup/backup_job.h) writes the backup afterwards.

#ifndef GRAMME_API_BACKUP_CREATE_BACKUP_H_
#define GRAMME_API_BACKUP_CREATE_BACKUP_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/backup/backup_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

struct CreateBackupRequest {
  std::string table_name;
  std::string backup_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, CreateBackupRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("BackupName", request.backup_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
}

struct CreateBackupResponse {
  BackupDetailsShape backup_details;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, CreateBackupResponse& response) {
  visit.Member("BackupDetails", response.backup_details, {});
}

struct CreateBackup {
  static constexpr std::string_view kName = "CreateBackup";
  static constexpr Start kStart = Start::kPool;
  using Request = CreateBackupRequest;
  using Response = CreateBackupResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_CREATE_BACKUP_H_
