#include "api/backup/restore_table_to_point_in_time.h"

#include "api/backup/backup_rules.h"
#include "api/table/describe.h"
#include "backup/recovery.h"
#include "base/result.h"
#include "model/arn.h"

namespace gramme {
namespace {

Result<void> ValidateSource(const RestoreTableToPointInTimeRequest& request) {
  if (request.source_table_arn && request.source_table_name) {
    return ValidationError("Must provide exactly one of: sourceTableArn, sourceTableName");
  }
  if (!request.source_table_arn && !request.source_table_name) {
    return ValidationError(std::string(kTableNameAbsence));
  }
  return {};
}

Result<void> ValidateSourceArn(std::string_view table_arn) {
  const auto arn = ParseArn(table_arn);
  const bool is_table = arn && arn->partition == "aws" && arn->service == "dynamodb" &&
                        !arn->region.empty() && arn->kind.empty() && IsNamePattern(arn->table_name);
  if (is_table) return {};
  return ValidationError("sourceTableArn is not a valid ARN");
}

// Every table here is of this server's Region and account.
Result<void> CheckOwner(const RestoreTableToPointInTimeRequest& request, const ArnLabels& own) {
  if (!request.source_table_arn) return {};
  const auto arn = ParseArn(*request.source_table_arn);
  if (arn->account_id != own.account_id) {
    return ValidationError(
        "This action is only supported by accounts that match the resource owner's account");
  }
  GRAMME_RETURN_IF_ERROR(CheckRegion(request.overrides, arn->region, own));
  if (arn->region == own.region) return {};
  return Error(ErrorCode::kTableNotFoundException, "Table not found: " + *request.source_table_arn);
}

const std::string& SourceOf(const RestoreTableToPointInTimeRequest& request) {
  return request.source_table_arn ? *request.source_table_arn : *request.source_table_name;
}

}  // namespace

Result<NoPlan> RestoreTableToPointInTime::Validate(
    const RestoreTableToPointInTimeRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateSource(request));
  GRAMME_RETURN_IF_ERROR(ValidateRestoreTime(request.use_latest_restorable_time.value_or(false),
                                             request.restore_time));
  GRAMME_RETURN_IF_ERROR(ValidateOverrides(request.overrides));
  if (request.source_table_arn) {
    GRAMME_RETURN_IF_ERROR(ValidateSourceArn(*request.source_table_arn));
  }
  return NoPlan{};
}

std::vector<Access> RestoreTableToPointInTime::Resources(
    const RestoreTableToPointInTimeRequest& request, const NoPlan&) {
  return {{.action = "RestoreTableToPointInTime", .resource = SourceOf(request)},
          {.action = "RestoreTableToPointInTime", .resource = request.target_table_name}};
}

Result<RestoreTableToPointInTimeResponse> RestoreTableToPointInTime::Run(
    const RestoreTableToPointInTimeRequest& request, const NoPlan&, OperationContext& context) {
  Engine& engine = context.engine;
  GRAMME_RETURN_IF_ERROR(CheckOwner(request, engine.settings.labels));
  const auto begun = engine.recovery.BeginRestore({.source_table_name = SourceOf(request),
                                                   .target_table_name = request.target_table_name,
                                                   .time = request.restore_time,
                                                   .overrides = OverridesOf(request.overrides)});
  context.DependOn(engine.catalog.view()->position);
  GRAMME_RETURN_IF_ERROR(begun);
  return RestoreTableToPointInTimeResponse{
      .table_description = DescribeEmpty(begun->edit.table->description(), engine.settings.labels)};
}

}  // namespace gramme
