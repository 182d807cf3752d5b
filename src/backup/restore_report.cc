#include "backup/restore_report.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "backup/restored_table.h"
#include "table/change_log/stream_edits.h"
#include "table/time_to_live/expiry_entry.h"

namespace gramme {
namespace {

constexpr std::string_view kNotRecorded = "backups of earlier versions do not record it";

class Report {
 public:
  void Add(std::string_view setting, std::string_view why_not,
           const std::optional<std::string>& index_name = std::nullopt) {
    auto& list = why_not.empty() ? report_.restored : report_.not_restored;
    list.push_back({.setting = std::string(setting),
                    .index_name = index_name,
                    .reason = std::string(why_not)});
  }
  // One that comes back only when it is asked for.
  void AddKept(std::string_view setting, bool has_source, bool has_target) {
    if (!has_source) return;
    Add(setting, has_target ? "" : "not asked for: Keep does not contain " + std::string(setting));
  }
  RestoreReport Take() { return std::move(report_); }

 private:
  RestoreReport report_;
};

std::string_view WhyNot(bool is_same, bool is_mode_same, std::string_view overridden) {
  if (is_same) return "";
  return is_mode_same ? overridden : "of no use in the billing mode of BillingModeOverride";
}

void ReportIndexes(const TableDescription& source, const TableDescription& target, Report& report) {
  std::vector<IndexDescription> left = target.indexes;
  const bool is_mode_same = source.billing_mode == target.billing_mode;
  for (const IndexDescription& index : source.indexes) {
    const std::string_view setting =
        index.is_global ? "GLOBAL_SECONDARY_INDEX" : "LOCAL_SECONDARY_INDEX";
    const auto match = std::ranges::find_if(
        left, [&](const IndexDescription& candidate) { return IsSameIndex(candidate, index); });
    if (match == left.end()) {
      report.Add(setting,
                 index.is_global ? "left out by GlobalSecondaryIndexOverride"
                                 : "left out by LocalSecondaryIndexOverride",
                 index.name);
      continue;
    }
    const IndexDescription restored = *match;
    left.erase(match);
    report.Add(setting, "", index.name);
    if (!index.is_global) continue;
    constexpr std::string_view kOverridden = "overridden by GlobalSecondaryIndexOverride";
    if (source.billing_mode == BillingMode::kProvisioned) {
      const bool is_same = restored.provisioned_throughput == index.provisioned_throughput;
      report.Add("PROVISIONED_THROUGHPUT", WhyNot(is_same, is_mode_same, kOverridden), index.name);
    }
    if (index.on_demand_throughput) {
      const bool is_same = restored.on_demand_throughput == index.on_demand_throughput;
      report.Add("ON_DEMAND_THROUGHPUT", WhyNot(is_same, is_mode_same, kOverridden), index.name);
    }
  }
}

void ReportThroughput(const TableDescription& source, const TableDescription& target,
                      Report& report) {
  const bool is_mode_same = source.billing_mode == target.billing_mode;
  report.Add("BILLING_MODE", is_mode_same ? "" : "overridden by BillingModeOverride");
  if (source.billing_mode == BillingMode::kProvisioned) {
    const bool is_same = target.provisioned_throughput == source.provisioned_throughput;
    report.Add("PROVISIONED_THROUGHPUT",
               WhyNot(is_same, is_mode_same, "overridden by ProvisionedThroughputOverride"));
  }
  if (source.on_demand_throughput) {
    const bool is_same = target.on_demand_throughput == source.on_demand_throughput;
    report.Add("ON_DEMAND_THROUGHPUT",
               WhyNot(is_same, is_mode_same, "overridden by OnDemandThroughputOverride"));
  }
}

}  // namespace

RestoreReport ReportOf(const TableDescription& source, const TableDescription& target,
                       const LateSettings& late, bool is_all_recorded) {
  Report report;
  report.Add("KEY_SCHEMA", "");
  report.Add("ATTRIBUTE_DEFINITIONS", "");
  ReportIndexes(source, target, report);
  ReportThroughput(source, target, report);
  report.AddKept("TIME_TO_LIVE", MaintainedTimeToLive(source) != nullptr,
                 late.time_to_live_attribute.has_value());
  report.AddKept("STREAM", HasEnabledStream(source), late.stream_view_type.has_value());
  report.AddKept("POINT_IN_TIME_RECOVERY", source.point_in_time_recovery.has_value(),
                 late.recovery_period_days.has_value());
  if (!is_all_recorded) {
    report.Add("TAGS", kNotRecorded);
    report.Add("DELETION_PROTECTION", kNotRecorded);
    return report.Take();
  }
  report.AddKept("TAGS", !source.tags.empty(), !target.tags.empty());
  report.AddKept("DELETION_PROTECTION", source.deletion_protection_enabled,
                 target.deletion_protection_enabled);
  return report.Take();
}

}  // namespace gramme
