#include "api/account/describe_endpoints.h"

namespace gramme {
namespace {

constexpr std::int64_t kCachePeriodMinutes = 1440;

}  // namespace

Result<NoPlan> DescribeEndpoints::Validate(const DescribeEndpointsRequest&) { return NoPlan{}; }

std::vector<Access> DescribeEndpoints::Resources(const DescribeEndpointsRequest&, const NoPlan&) {
  return {{.action = "DescribeEndpoints", .resource = "*"}};
}

Result<DescribeEndpointsResponse> DescribeEndpoints::Run(const DescribeEndpointsRequest&,
                                                         const NoPlan&,
                                                         OperationContext& context) {
  return DescribeEndpointsResponse{
      .endpoints = {{.address = std::string(context.host),
                     .cache_period_in_minutes = kCachePeriodMinutes}}};
}

}  // namespace gramme
