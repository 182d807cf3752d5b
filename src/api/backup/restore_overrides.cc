#include "api/backup/restore_overrides.h"

#include <utility>

#include "api/table/create_table.h"

namespace gramme {

Result<void> ValidateOverrides(const RestoreOverridesShape& overrides) {
  const auto& encryption = overrides.sse_specification_override;
  if (!encryption || !encryption->enabled.value_or(false)) return {};
  return ValidationError(
      "The parameter 'sSESpecificationOverride' is not supported by this server: encryption keys "
      "are not served");
}

Result<void> CheckRegion(const RestoreOverridesShape& overrides, std::string_view source_region,
                         const ArnLabels& own) {
  if (source_region == own.region || overrides.sse_specification_override) return {};
  return ValidationError(
      "Invalid Request: sseSpecificationOverride must be provided for cross-region restores");
}

RestoreOverrides OverridesOf(const RestoreOverridesShape& shape) {
  RestoreOverrides overrides = {.billing_mode = shape.billing_mode_override,
                                .local_indexes = {},
                                .global_indexes = {},
                                .provisioned_throughput = shape.provisioned_throughput_override,
                                .on_demand_throughput = shape.on_demand_throughput_override};
  if (const auto& indexes = shape.local_secondary_index_override) {
    overrides.local_indexes.emplace();
    for (const LocalSecondaryIndexShape& index : *indexes) {
      IndexDescription local = GlobalIndexOf({.index_name = index.index_name,
                                              .key_schema = index.key_schema,
                                              .projection = index.projection});
      local.is_global = false;
      overrides.local_indexes->push_back(std::move(local));
    }
  }
  if (const auto& indexes = shape.global_secondary_index_override) {
    overrides.global_indexes.emplace();
    for (const GlobalSecondaryIndexShape& index : *indexes) {
      overrides.global_indexes->push_back(GlobalIndexOf(index));
    }
  }
  return overrides;
}

}  // namespace gramme
