#include "api/backup/continuous_backups_shapes.h"

#include "backup/recovery.h"

namespace gramme {

ContinuousBackupsDescriptionShape DescribeContinuousBackupsOf(const TableDescription& table,
                                                              const Engine& engine) {
  ContinuousBackupsDescriptionShape shape;
  shape.continuous_backups_status = "ENABLED";
  PointInTimeRecoveryDescriptionShape& recovery = shape.point_in_time_recovery_description;
  recovery.point_in_time_recovery_status = table.point_in_time_recovery ? "ENABLED" : "DISABLED";
  if (!table.point_in_time_recovery) return shape;
  recovery.recovery_period_in_days = table.point_in_time_recovery->period_days;
  if (const auto window = engine.recovery.WindowOf(table)) {
    // Some clients, boto3 for one, can send back whole seconds alone.
    const WallTime whole = std::chrono::ceil<std::chrono::seconds>(window->earliest);
    recovery.earliest_restorable_time = whole <= window->latest ? whole : window->earliest;
    recovery.latest_restorable_time = window->latest;
  }
  return shape;
}

}  // namespace gramme
