// DescribeBackup answers what is known of a backup besides its items.

#ifndef GRAMME_API_BACKUP_DESCRIBE_BACKUP_H_
#define GRAMME_API_BACKUP_DESCRIBE_BACKUP_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/backup/backup_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DescribeBackupRequest {
  std::string backup_arn;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeBackupRequest& request) {
  visit.Member("BackupArn", request.backup_arn,
               {.required = true, .length_min = 37, .length_max = 1024});
}

struct DescribeBackupResponse {
  BackupDescriptionShape backup_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeBackupResponse& response) {
  visit.Member("BackupDescription", response.backup_description, {});
}

struct DescribeBackup {
  static constexpr std::string_view kName = "DescribeBackup";
  static constexpr Start kStart = Start::kLoop;
  using Request = DescribeBackupRequest;
  using Response = DescribeBackupResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_DESCRIBE_BACKUP_H_
