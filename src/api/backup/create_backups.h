// CreateBackups makes backups of several tables at one instant, all or none. An operation of ours
// (GrammeAdmin): what a transaction wrote to two tables is in both backups, or in neither. Each is
// a backup like those of CreateBackup afterwards.

#ifndef GRAMME_API_BACKUP_CREATE_BACKUPS_H_
#define GRAMME_API_BACKUP_CREATE_BACKUPS_H_

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

struct CreateBackupsRequest {
  std::vector<std::string> table_names;  // or ARNs
  std::string backup_name;               // of all
};

template <typename Visitor>
void VisitMembers(Visitor& visit, CreateBackupsRequest& request) {
  visit.Member("TableNames", request.table_names,
               {.required = true,
                .length_min = 1,
                .length_max = 100,
                .element_length_min = 1,
                .element_length_max = 1024});
  visit.Member("BackupName", request.backup_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
}

struct CreateBackupsResponse {
  std::vector<BackupDetailsShape> backup_details;  // in the order of the tables
};

template <typename Visitor>
void VisitMembers(Visitor& visit, CreateBackupsResponse& response) {
  visit.Member("BackupDetails", response.backup_details, {});
}

struct CreateBackups {
  static constexpr std::string_view kTarget = kAdminTarget;
  static constexpr std::string_view kName = "CreateBackups";
  static constexpr Start kStart = Start::kPool;
  using Request = CreateBackupsRequest;
  using Response = CreateBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_CREATE_BACKUPS_H_
