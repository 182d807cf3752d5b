#include "api/account/describe_limits.h"

namespace gramme {
namespace {

// AWS's defaults (limits.md section 8).
constexpr std::int64_t kAccountCapacityUnitsMax = 80'000;
constexpr std::int64_t kTableCapacityUnitsMax = 40'000;

}  // namespace

Result<NoPlan> DescribeLimits::Validate(const DescribeLimitsRequest&) { return NoPlan{}; }

std::vector<Access> DescribeLimits::Resources(const DescribeLimitsRequest&, const NoPlan&) {
  return {{.action = "DescribeLimits", .resource = "*"}};
}

Result<DescribeLimitsResponse> DescribeLimits::Run(const DescribeLimitsRequest&, const NoPlan&,
                                                   OperationContext&) {
  return DescribeLimitsResponse{
      .account_max_read_capacity_units = kAccountCapacityUnitsMax,
      .account_max_write_capacity_units = kAccountCapacityUnitsMax,
      .table_max_read_capacity_units = kTableCapacityUnitsMax,
      .table_max_write_capacity_units = kTableCapacityUnitsMax};
}

}  // namespace gramme
