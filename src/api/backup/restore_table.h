// RestoreTable makes a new table of a backup, or of another table as it was at one moment. An
// operation of ours (GrammeAdmin): as RestoreTableFromBackup and RestoreTableToPointInTime, and
// beyond them it keeps settings of the source when asked, gives the target the source's name, and
// tells what comes back and what does not.

#ifndef GRAMME_API_BACKUP_RESTORE_TABLE_H_
#define GRAMME_API_BACKUP_RESTORE_TABLE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/backup/restore_overrides.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "backup/kept_settings.h"
#include "base/clock.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

template <>
struct EnumNames<KeptSetting> {
  static constexpr std::pair<KeptSetting, std::string_view> kNames[] = {
      {KeptSetting::kTags, "TAGS"},
      {KeptSetting::kDeletionProtection, "DELETION_PROTECTION"},
      {KeptSetting::kTimeToLive, "TIME_TO_LIVE"},
      {KeptSetting::kStream, "STREAM"},
      {KeptSetting::kPointInTimeRecovery, "POINT_IN_TIME_RECOVERY"}};
};

struct RestoreTableRequest {
  std::optional<std::string> backup_arn;
  std::optional<std::string> source_table_name;
  std::optional<bool> use_latest_restorable_time;
  std::optional<WallTime> restore_time;
  std::optional<std::string> target_table_name;  // absent: the source's
  std::vector<KeptSetting> keep;
  RestoreOverridesShape overrides;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreTableRequest& request) {
  visit.Member("BackupArn", request.backup_arn, {.length_min = 37, .length_max = 1024});
  visit.Member("SourceTableName", request.source_table_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("UseLatestRestorableTime", request.use_latest_restorable_time, {});
  visit.Member("RestoreDateTime", request.restore_time, {});
  visit.Member("TargetTableName", request.target_table_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("Keep", request.keep, {});
  VisitMembers(visit, request.overrides);
}

struct ReportedSettingShape {
  std::string setting;
  std::optional<std::string> index_name;
  std::optional<std::string> reason;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ReportedSettingShape& reported) {
  visit.Member("Setting", reported.setting, {});
  visit.Member("IndexName", reported.index_name, {});
  visit.Member("Reason", reported.reason, {});
}

struct RestoreReportShape {
  std::vector<ReportedSettingShape> restored;
  std::vector<ReportedSettingShape> not_restored;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreReportShape& report) {
  visit.Member("Restored", report.restored, {});
  visit.Member("NotRestored", report.not_restored, {});
}

struct RestoreTableResponse {
  TableDescriptionShape table_description;
  RestoreReportShape report;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreTableResponse& response) {
  visit.Member("TableDescription", response.table_description, {});
  visit.Member("Report", response.report, {});
}

struct RestoreTable {
  static constexpr std::string_view kTarget = kAdminTarget;
  static constexpr std::string_view kName = "RestoreTable";
  static constexpr Start kStart = Start::kPool;
  using Request = RestoreTableRequest;
  using Response = RestoreTableResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_RESTORE_TABLE_H_
