#include "backup/restored_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "backup/backup_description.h"
#include "base/result.h"
#include "table/attribute_use.h"

namespace gramme {
namespace {

Result<void> CheckMaximum(const std::optional<std::int64_t>& units, std::string_view name) {
  if (!units || *units == -1 || *units >= 1) return {};
  return ValidationError(
      fmt::format("Requested {} for OnDemandThroughput is outside of valid range", name));
}

Result<void> CheckThroughputOverrides(const RestoreOverrides& overrides, BillingMode mode) {
  if (overrides.provisioned_throughput && mode != BillingMode::kProvisioned) {
    return ValidationError(
        "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  }
  if (overrides.billing_mode == BillingMode::kProvisioned && !overrides.provisioned_throughput) {
    return ValidationError(
        "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  }
  if (!overrides.on_demand_throughput) return {};
  if (mode != BillingMode::kPayPerRequest) {
    return ValidationError(
        "Cannot override OnDemandThroughput unless BillingMode is PAY_PER_REQUEST");
  }
  const OnDemandThroughput& maxima = *overrides.on_demand_throughput;
  GRAMME_RETURN_IF_ERROR(CheckMaximum(maxima.max_read_request_units, "MaxReadRequestUnits"));
  return CheckMaximum(maxima.max_write_request_units, "MaxWriteRequestUnits");
}

bool IsSameProjection(const Projection& a, const Projection& b) {
  if (a.type != b.type) return false;
  const std::set<std::string> in_a(a.non_key_attributes.begin(), a.non_key_attributes.end());
  const std::set<std::string> in_b(b.non_key_attributes.begin(), b.non_key_attributes.end());
  return in_a == in_b;
}

// The index as it is restored under the override's name. Each recorded index is restored once.
Result<IndexDescription> Matched(const IndexDescription& wanted,
                                 std::vector<IndexDescription>& recorded) {
  const auto match = std::ranges::find_if(
      recorded, [&](const IndexDescription& candidate) { return IsSameIndex(candidate, wanted); });
  if (match == recorded.end()) {
    return ValidationError(
        fmt::format("Index {} does not match a secondary index that existed in the source table "
                    "and cannot be created during the restore operation",
                    wanted.name));
  }
  IndexDescription index = *match;
  recorded.erase(match);
  index.name = wanted.name;
  if (wanted.provisioned_throughput != ProvisionedThroughput()) {
    index.provisioned_throughput = wanted.provisioned_throughput;
  }
  if (wanted.on_demand_throughput) index.on_demand_throughput = wanted.on_demand_throughput;
  return index;
}

Result<void> ChooseIndexes(const std::optional<std::vector<IndexDescription>>& wanted,
                           bool is_global, std::vector<IndexDescription>& recorded,
                           std::vector<IndexDescription>& chosen) {
  if (!wanted) {
    std::ranges::copy_if(recorded, std::back_inserter(chosen), [&](const IndexDescription& index) {
      return index.is_global == is_global;
    });
    return {};
  }
  for (const IndexDescription& index : *wanted) {
    GRAMME_TRY(IndexDescription matched, Matched(index, recorded));
    chosen.push_back(std::move(matched));
  }
  return {};
}

Result<void> SettleIndex(IndexDescription& index, const RestoreOverrides& overrides,
                         BillingMode mode) {
  index.status = index.is_global ? IndexStatus::kCreating : IndexStatus::kActive;
  index.backfilling = false;
  index.throughput_history = {};
  if (!index.is_global) return {};
  if (mode == BillingMode::kPayPerRequest) {
    const bool is_asked = overrides.global_indexes &&
                          index.provisioned_throughput != ProvisionedThroughput() &&
                          !overrides.billing_mode;
    if (is_asked) {
      return InvalidParameters("ProvisionedThroughput should not be specified for index: " +
                               index.name + " when BillingMode is PAY_PER_REQUEST");
    }
    index.provisioned_throughput = {};
    return {};
  }
  index.on_demand_throughput.reset();
  if (index.provisioned_throughput == ProvisionedThroughput()) {
    return InvalidParameters("ProvisionedThroughput is not specified for index: " + index.name);
  }
  return {};
}

void SettleThroughput(TableDescription& table, const RestoreOverrides& overrides) {
  table.throughput_history = {};
  table.last_update_to_pay_per_request.reset();
  if (overrides.billing_mode) table.billing_mode_given = true;
  if (table.billing_mode == BillingMode::kPayPerRequest) {
    table.provisioned_throughput = {};
    if (overrides.on_demand_throughput) table.on_demand_throughput = overrides.on_demand_throughput;
    return;
  }
  table.on_demand_throughput.reset();
  if (overrides.provisioned_throughput) {
    table.provisioned_throughput = *overrides.provisioned_throughput;
  }
}

}  // namespace

bool IsSameIndex(const IndexDescription& a, const IndexDescription& b) {
  return a.is_global == b.is_global && a.key_schema == b.key_schema &&
         IsSameProjection(a.projection, b.projection);
}

Result<TableDescription> RestoredTable(const TableDescription& recorded,
                                       std::string_view target_table_name,
                                       const RestoreOverrides& overrides,
                                       const std::set<KeptSetting>& keep) {
  TableDescription table = RecordedTable(recorded);
  table.name = target_table_name;
  table.status = TableStatus::kCreating;
  if (!keep.contains(KeptSetting::kTags)) table.tags.clear();
  if (!keep.contains(KeptSetting::kDeletionProtection)) table.deletion_protection_enabled = false;
  table.stream.reset();
  table.time_to_live.reset();
  table.point_in_time_recovery.reset();
  table.billing_mode = overrides.billing_mode.value_or(recorded.billing_mode);
  GRAMME_RETURN_IF_ERROR(CheckThroughputOverrides(overrides, table.billing_mode));
  std::vector<IndexDescription> left = std::exchange(table.indexes, {});
  GRAMME_RETURN_IF_ERROR(ChooseIndexes(overrides.local_indexes, false, left, table.indexes));
  GRAMME_RETURN_IF_ERROR(ChooseIndexes(overrides.global_indexes, true, left, table.indexes));
  std::set<std::string_view> names;
  for (IndexDescription& index : table.indexes) {
    GRAMME_RETURN_IF_ERROR(SettleIndex(index, overrides, table.billing_mode));
    if (!names.insert(index.name).second) {
      return InvalidParameters("Duplicate index name: " + index.name);
    }
  }
  SettleThroughput(table, overrides);
  RemoveUnusedDefinitions(table);
  return table;
}

}  // namespace gramme
