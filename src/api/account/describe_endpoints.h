// DescribeEndpoints answers where this service is reached: the address that the caller used.

#ifndef GRAMME_API_ACCOUNT_DESCRIBE_ENDPOINTS_H_
#define GRAMME_API_ACCOUNT_DESCRIBE_ENDPOINTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DescribeEndpointsRequest {
};

template <typename Visitor>
void VisitMembers(Visitor&, DescribeEndpointsRequest&) {}

struct Endpoint {
  std::string address;
  std::int64_t cache_period_in_minutes = 0;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, Endpoint& endpoint) {
  visit.Member("Address", endpoint.address, {});
  visit.Member("CachePeriodInMinutes", endpoint.cache_period_in_minutes, {});
}

struct DescribeEndpointsResponse {
  std::vector<Endpoint> endpoints;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeEndpointsResponse& response) {
  visit.Member("Endpoints", response.endpoints, {});
}

struct DescribeEndpoints {
  static constexpr std::string_view kName = "DescribeEndpoints";
  static constexpr Start kStart = Start::kLoop;
  using Request = DescribeEndpointsRequest;
  using Response = DescribeEndpointsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_ACCOUNT_DESCRIBE_ENDPOINTS_H_
