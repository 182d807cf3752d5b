// What a request may say of the table that a restore makes: the members that RestoreTableFromBackup
// and RestoreTableToPointInTime share. The rules that need the source are in
// backup/restored_table.h.

#ifndef GRAMME_API_BACKUP_RESTORE_OVERRIDES_H_
#define GRAMME_API_BACKUP_RESTORE_OVERRIDES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/table/table_shapes.h"
#include "backup/restored_table.h"
#include "model/api_error.h"
#include "model/arn.h"

namespace gramme {

// Given at all, it allows a restore from another Region.
struct SseSpecificationOverride {
  std::optional<bool> enabled;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, SseSpecificationOverride& specification) {
  visit.Member("Enabled", specification.enabled, {});
  visit.Unserved("SSEType", {.why = "encryption keys are not served"});
  visit.Unserved("KMSMasterKeyId", {.why = "encryption keys are not served"});
}

// Its members are those of the request itself.
struct RestoreOverridesShape {
  std::optional<BillingMode> billing_mode_override;
  std::optional<std::vector<GlobalSecondaryIndexShape>> global_secondary_index_override;
  std::optional<std::vector<LocalSecondaryIndexShape>> local_secondary_index_override;
  std::optional<ProvisionedThroughput> provisioned_throughput_override;
  std::optional<OnDemandThroughput> on_demand_throughput_override;
  std::optional<SseSpecificationOverride> sse_specification_override;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RestoreOverridesShape& overrides) {
  visit.Member("BillingModeOverride", overrides.billing_mode_override, {});
  visit.Member("GlobalSecondaryIndexOverride", overrides.global_secondary_index_override, {});
  visit.Member("LocalSecondaryIndexOverride", overrides.local_secondary_index_override, {});
  visit.Member("ProvisionedThroughputOverride", overrides.provisioned_throughput_override, {});
  visit.Member("OnDemandThroughputOverride", overrides.on_demand_throughput_override, {});
  visit.Member("SSESpecificationOverride", overrides.sse_specification_override, {});
  visit.Unserved("VectorIndexOverride", {.why = "vector indexes are not served"});
}

// What the request alone tells. Errors: ValidationException.
Result<void> ValidateOverrides(const RestoreOverridesShape& overrides);

// Errors: ValidationException where the source is of another Region than the server and no
// SSESpecificationOverride is given.
Result<void> CheckRegion(const RestoreOverridesShape& overrides, std::string_view source_region,
                         const ArnLabels& own);

RestoreOverrides OverridesOf(const RestoreOverridesShape& overrides);

}  // namespace gramme

#endif  // GRAMME_API_BACKUP_RESTORE_OVERRIDES_H_
