// RestoreTableToPointInTime makes a new table of another as it was at one moment. Everything that
// can be refused is refused here, in DynamoDB's order; a job brings the items back afterwards
// (backup/recovery.h).

#ifndef GRAMME_API_BACKUP_RESTORE_TABLE_TO_POINT_IN_TIME_H_
#define GRAMME_API_BACKUP_RESTORE_TABLE_TO_POINT_IN_TIME_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/backup/restore_overrides.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "base/clock.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

struct RestoreTableToPointInTimeRequest {
  std::optional<std::string> source_table_arn;
  std::optional<std::string> source_table_name;
  std::string target_table_name;
  std::optional<bool> use_latest_restorable_time;
  std::optional<WallTime> restore_time;
  RestoreOverridesShape overrides;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreTableToPointInTimeRequest& request) {
  visit.Member("SourceTableArn", request.source_table_arn, {.length_min = 1, .length_max = 1024});
  visit.Member("SourceTableName", request.source_table_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("TargetTableName", request.target_table_name,
               {.required = true, .length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("UseLatestRestorableTime", request.use_latest_restorable_time, {});
  visit.Member("RestoreDateTime", request.restore_time, {});
  VisitMembers(visit, request.overrides);
}

struct RestoreTableToPointInTimeResponse {
  TableDescriptionShape table_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreTableToPointInTimeResponse& response) {
  visit.Member("TableDescription", response.table_description, {});
}

struct RestoreTableToPointInTime {
  static constexpr std::string_view kName = "RestoreTableToPointInTime";
  static constexpr Start kStart = Start::kPool;
  using Request = RestoreTableToPointInTimeRequest;
  using Response = RestoreTableToPointInTimeResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_RESTORE_TABLE_TO_POINT_IN_TIME_H_
