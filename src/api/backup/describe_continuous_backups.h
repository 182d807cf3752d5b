// DescribeContinuousBackups tells whether a table has point-in-time recovery, and from when to when
// it can be restored.

#ifndef GRAMME_API_BACKUP_DESCRIBE_CONTINUOUS_BACKUPS_H_
#define GRAMME_API_BACKUP_DESCRIBE_CONTINUOUS_BACKUPS_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/backup/continuous_backups_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DescribeContinuousBackupsRequest {
  std::string table_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeContinuousBackupsRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
}

struct DescribeContinuousBackupsResponse {
  ContinuousBackupsDescriptionShape continuous_backups_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeContinuousBackupsResponse& response) {
  visit.Member("ContinuousBackupsDescription", response.continuous_backups_description, {});
}

struct DescribeContinuousBackups {
  static constexpr std::string_view kName = "DescribeContinuousBackups";
  static constexpr Start kStart = Start::kLoop;
  using Request = DescribeContinuousBackupsRequest;
  using Response = DescribeContinuousBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_DESCRIBE_CONTINUOUS_BACKUPS_H_
