#include "api/backup/list_backups.h"

#include "api/backup/backup_rules.h"
#include "api/table/table_rules.h"
#include "backup/backups.h"
#include "base/result.h"
#include "model/arn.h"

namespace gramme {
namespace {

constexpr std::int64_t kDefaultLimit = 100;  // and the largest

std::string TableNameOf(std::string_view name_or_arn) {
  const auto arn = ParseArn(name_or_arn);
  return std::string(arn ? arn->table_name : name_or_arn);
}

}  // namespace

Result<NoPlan> ListBackups::Validate(const ListBackupsRequest& request) {
  if (request.table_name) GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(*request.table_name));
  if (request.time_range_lower_bound && request.time_range_upper_bound &&
      *request.time_range_lower_bound > *request.time_range_upper_bound) {
    return ValidationError(
        "Time range lower bound must be less than or equal to upper bound");
  }
  if (const auto& start = request.exclusive_start_backup_arn) {
    GRAMME_RETURN_IF_ERROR(ValidateBackupArn(*start));
  }
  return NoPlan{};
}

std::vector<Access> ListBackups::Resources(const ListBackupsRequest& request, const NoPlan&) {
  return {{.action = "ListBackups", .resource = request.table_name.value_or("*")}};
}

Result<ListBackupsResponse> ListBackups::Run(const ListBackupsRequest& request, const NoPlan&,
                                             OperationContext& context) {
  const ArnLabels& labels = context.engine.settings.labels;
  BackupFilter filter;
  if (request.table_name) filter.table_name = TableNameOf(*request.table_name);
  filter.from = request.time_range_lower_bound;
  filter.until = request.time_range_upper_bound;
  filter.count_max = static_cast<std::size_t>(request.limit.value_or(kDefaultLimit));
  if (const auto& start = request.exclusive_start_backup_arn) {
    const auto arn = ParseArn(*start);
    if (arn->region != labels.region) {
      return ValidationError(
          "Invalid Request: The supplied ExclusiveStartBackupArn does not match the region");
    }
    filter.after_id = arn->id;
  }
  switch (request.backup_type.value_or(BackupTypeFilter::kUser)) {
    case BackupTypeFilter::kUser: filter.type = BackupType::kUser; break;
    case BackupTypeFilter::kSystem: filter.type = BackupType::kSystem; break;
    // Those are listed by another service.
    case BackupTypeFilter::kAwsBackup: return ListBackupsResponse{};
    case BackupTypeFilter::kAll: break;
  }
  const BackupPage page = context.engine.backups.List(filter);
  ListBackupsResponse response;
  for (const BackupDescription& backup : page.backups) {
    response.backup_summaries.push_back(Summarise(backup, labels));
  }
  if (page.has_more) {
    response.last_evaluated_backup_arn = response.backup_summaries.back().details.backup_arn;
  }
  return response;
}

}  // namespace gramme
