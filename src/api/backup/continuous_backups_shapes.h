// What UpdateContinuousBackups and DescribeContinuousBackups answer.

#ifndef GRAMME_API_BACKUP_CONTINUOUS_BACKUPS_SHAPES_H_
#define GRAMME_API_BACKUP_CONTINUOUS_BACKUPS_SHAPES_H_

#include <cstdint>
#include <optional>
#include <string>

#include "api/operation_context.h"
#include "base/clock.h"
#include "model/table_description.h"

namespace gramme {

// With recovery off only the status is there.
struct PointInTimeRecoveryDescriptionShape {
  std::string point_in_time_recovery_status;
  std::optional<std::int64_t> recovery_period_in_days;
  std::optional<WallTime> earliest_restorable_time;
  std::optional<WallTime> latest_restorable_time;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PointInTimeRecoveryDescriptionShape& description) {
  visit.Member("PointInTimeRecoveryStatus", description.point_in_time_recovery_status, {});
  visit.Member("RecoveryPeriodInDays", description.recovery_period_in_days, {});
  visit.Member("EarliestRestorableDateTime", description.earliest_restorable_time, {});
  visit.Member("LatestRestorableDateTime", description.latest_restorable_time, {});
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

// Backups are possible for every table, so the first status is always ENABLED. Where recovery is on
// but no base is there to begin with, no moment can be restored yet, and none is told. The earliest
// moment is told in whole seconds once there is one that can be restored.
ContinuousBackupsDescriptionShape DescribeContinuousBackupsOf(const TableDescription& table,
                                                              const Engine& engine);

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_CONTINUOUS_BACKUPS_SHAPES_H_
