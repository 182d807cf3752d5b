// From the table that a backup recorded to the one that a restore makes: DynamoDB's rules for the
// overrides of RestoreTableFromBackup, and what a restore drops. Pure.

#ifndef GRAMME_BACKUP_RESTORED_TABLE_H_
#define GRAMME_BACKUP_RESTORED_TABLE_H_

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "backup/kept_settings.h"
#include "model/api_error.h"
#include "model/table_description.h"

namespace gramme {

// Nothing: as recorded. An empty list of indexes: none.
struct RestoreOverrides {
  std::optional<BillingMode> billing_mode;
  std::optional<std::vector<IndexDescription>> local_indexes;
  std::optional<std::vector<IndexDescription>> global_indexes;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
};

// The table to be made, without an identity (table/table_creation.h gives one), CREATING. Tags and
// deletion protection come back where `keep` has them; the stream, the time to live, point-in-time
// recovery (kept_settings.h adds them at the end) and the history of throughput do not.
// Errors: ValidationException.
Result<TableDescription> RestoredTable(const TableDescription& recorded,
                                       std::string_view target_table_name,
                                       const RestoreOverrides& overrides,
                                       const std::set<KeptSetting>& keep = {});

// The same keys and projection, whatever their names.
bool IsSameIndex(const IndexDescription& a, const IndexDescription& b);

}  // namespace gramme

#endif  // GRAMME_BACKUP_RESTORED_TABLE_H_
