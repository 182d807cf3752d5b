// UpdateContinuousBackups turns point-in-time recovery of a table on and off, and changes its
// period. backup/recovery.h does the work.

#ifndef GRAMME_API_BACKUP_UPDATE_CONTINUOUS_BACKUPS_H_
#define GRAMME_API_BACKUP_UPDATE_CONTINUOUS_BACKUPS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/backup/continuous_backups_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct PointInTimeRecoverySpecification {
  bool point_in_time_recovery_enabled = false;
  std::optional<std::int64_t> recovery_period_in_days;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PointInTimeRecoverySpecification& specification) {
  visit.Member("PointInTimeRecoveryEnabled", specification.point_in_time_recovery_enabled,
               {.required = true});
  visit.Member("RecoveryPeriodInDays", specification.recovery_period_in_days,
               {.value_min = 1, .value_max = 35});
}

struct UpdateContinuousBackupsRequest {
  std::string table_name;
  PointInTimeRecoverySpecification specification;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateContinuousBackupsRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("PointInTimeRecoverySpecification", request.specification, {.required = true});
}

struct UpdateContinuousBackupsResponse {
  ContinuousBackupsDescriptionShape continuous_backups_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateContinuousBackupsResponse& response) {
  visit.Member("ContinuousBackupsDescription", response.continuous_backups_description, {});
}

struct UpdateContinuousBackups {
  static constexpr std::string_view kName = "UpdateContinuousBackups";
  static constexpr Start kStart = Start::kPool;
  using Request = UpdateContinuousBackupsRequest;
  using Response = UpdateContinuousBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_UPDATE_CONTINUOUS_BACKUPS_H_
