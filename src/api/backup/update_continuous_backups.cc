#include "api/backup/update_continuous_backups.h"

#include "api/table/table_rules.h"
#include "backup/recovery.h"
#include "base/result.h"

namespace gramme {
namespace {

// Whenever none is given, whatever the table has.
constexpr std::int64_t kDefaultPeriodDays = 35;

}  // namespace

Result<NoPlan> UpdateContinuousBackups::Validate(const UpdateContinuousBackupsRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  const PointInTimeRecoverySpecification& wanted = request.specification;
  if (!wanted.point_in_time_recovery_enabled && wanted.recovery_period_in_days) {
    return ValidationError(
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time "
        "recovery.");
  }
  return NoPlan{};
}

std::vector<Access> UpdateContinuousBackups::Resources(
    const UpdateContinuousBackupsRequest& request, const NoPlan&) {
  return {{.action = "UpdateContinuousBackups", .resource = request.table_name}};
}

Result<UpdateContinuousBackupsResponse> UpdateContinuousBackups::Run(
    const UpdateContinuousBackupsRequest& request, const NoPlan&, OperationContext& context) {
  Engine& engine = context.engine;
  const PointInTimeRecoverySpecification& wanted = request.specification;
  const auto edit =
      wanted.point_in_time_recovery_enabled
          ? engine.recovery.Enable(request.table_name,
                                   wanted.recovery_period_in_days.value_or(kDefaultPeriodDays))
          : engine.recovery.Disable(request.table_name);
  // It looked at a newer view than the context's, perhaps.
  context.DependOn(engine.catalog.view()->position);
  if (!edit) return std::unexpected(edit.error());
  return UpdateContinuousBackupsResponse{
      .continuous_backups_description =
          DescribeContinuousBackupsOf(edit->table->description(), engine)};
}

}  // namespace gramme
