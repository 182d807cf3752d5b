// ListBackups names backups in the order of their creation, page by page. Those of tables that are
// gone are there too.

#ifndef GRAMME_API_BACKUP_LIST_BACKUPS_H_
#define GRAMME_API_BACKUP_LIST_BACKUPS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/backup/backup_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

enum class BackupTypeFilter { kUser, kSystem, kAwsBackup, kAll };

template <>
struct EnumNames<BackupTypeFilter> {
  static constexpr std::pair<BackupTypeFilter, std::string_view> kNames[] = {
      {BackupTypeFilter::kUser, "USER"},
      {BackupTypeFilter::kSystem, "SYSTEM"},
      {BackupTypeFilter::kAwsBackup, "AWS_BACKUP"},
      {BackupTypeFilter::kAll, "ALL"}};
};

struct ListBackupsRequest {
  std::optional<std::string> table_name;
  std::optional<std::int64_t> limit;
  std::optional<WallTime> time_range_lower_bound;
  std::optional<WallTime> time_range_upper_bound;
  std::optional<std::string> exclusive_start_backup_arn;
  std::optional<BackupTypeFilter> backup_type;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListBackupsRequest& request) {
  visit.Member("TableName", request.table_name, {.length_min = 1, .length_max = 1024});
  visit.Member("Limit", request.limit, {.value_min = 1, .value_max = 100});
  visit.Member("TimeRangeLowerBound", request.time_range_lower_bound, {});
  visit.Member("TimeRangeUpperBound", request.time_range_upper_bound, {});
  visit.Member("ExclusiveStartBackupArn", request.exclusive_start_backup_arn,
               {.length_min = 37, .length_max = 1024});
  visit.Member("BackupType", request.backup_type, {});
}

struct ListBackupsResponse {
  std::vector<BackupSummaryShape> backup_summaries;
  std::optional<std::string> last_evaluated_backup_arn;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListBackupsResponse& response) {
  visit.Member("BackupSummaries", response.backup_summaries, {});
  visit.Member("LastEvaluatedBackupArn", response.last_evaluated_backup_arn, {});
}

struct ListBackups {
  static constexpr std::string_view kName = "ListBackups";
  static constexpr Start kStart = Start::kLoop;
  using Request = ListBackupsRequest;
  using Response = ListBackupsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_LIST_BACKUPS_H_
