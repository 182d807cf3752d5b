// DescribeContinuousBackups answers the truth of this server: on-demand backups are possible for
// every table (ENABLED), point-in-time recovery is never on, for UpdateContinuousBackups is not
// served. Infrastructure tools ask on every plan.

#ifndef GRAMME_API_BACKUP_DESCRIBE_CONTINUOUS_BACKUPS_H_
#define GRAMME_API_BACKUP_DESCRIBE_CONTINUOUS_BACKUPS_H_

#include <string>
#include <string_view>
#include <vector>

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

struct PointInTimeRecoveryDescriptionShape {
  std::string point_in_time_recovery_status;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PointInTimeRecoveryDescriptionShape& description) {
  visit.Member("PointInTimeRecoveryStatus", description.point_in_time_recovery_status, {});
}

struct ContinuousBackupsDescriptionShape {
  std::string continuous_backups_status;
  PointInTimeRecoveryDescriptionShape point_in_time_recovery_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ContinuousBackupsDescriptionShape& description) {
  visit.Member("ContinuousBackupsStatus", description.continuous_backups_status, {});
  visit.Member("PointInTimeRecoveryDescription", description.point_in_time_recovery_description,
               {});
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
