// DescribeLimits answers the default quotas of an AWS account. This server enforces none of them;
// the numbers are there for tools that ask before they create a table.

#ifndef GRAMME_API_ACCOUNT_DESCRIBE_LIMITS_H_
#define GRAMME_API_ACCOUNT_DESCRIBE_LIMITS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct DescribeLimitsRequest {
};

template <typename Visitor>
void VisitMembers(Visitor&, DescribeLimitsRequest&) {}

struct DescribeLimitsResponse {
  std::int64_t account_max_read_capacity_units = 0;
  std::int64_t account_max_write_capacity_units = 0;
  std::int64_t table_max_read_capacity_units = 0;
  std::int64_t table_max_write_capacity_units = 0;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeLimitsResponse& response) {
  visit.Member("AccountMaxReadCapacityUnits", response.account_max_read_capacity_units, {});
  visit.Member("AccountMaxWriteCapacityUnits", response.account_max_write_capacity_units, {});
  visit.Member("TableMaxReadCapacityUnits", response.table_max_read_capacity_units, {});
  visit.Member("TableMaxWriteCapacityUnits", response.table_max_write_capacity_units, {});
}

struct DescribeLimits {
  static constexpr std::string_view kName = "DescribeLimits";
  static constexpr Start kStart = Start::kLoop;
  using Request = DescribeLimitsRequest;
  using Response = DescribeLimitsResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_ACCOUNT_DESCRIBE_LIMITS_H_
