// UpdateTimeToLive chooses the attribute that tells when items expire, or turns expiry off.
// Deleting what is due is the work of table/time_to_live/expiry_sweep.h.

#ifndef GRAMME_API_TIME_TO_LIVE_UPDATE_TIME_TO_LIVE_H_
#define GRAMME_API_TIME_TO_LIVE_UPDATE_TIME_TO_LIVE_H_

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct TimeToLiveSpecification {
  bool enabled = false;
  std::string attribute_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TimeToLiveSpecification& specification) {
  visit.Member("Enabled", specification.enabled, {.required = true});
  visit.Member("AttributeName", specification.attribute_name,
               {.required = true, .length_min = 1, .length_max = 255});
}

struct UpdateTimeToLiveRequest {
  std::string table_name;
  TimeToLiveSpecification time_to_live_specification;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateTimeToLiveRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("TimeToLiveSpecification", request.time_to_live_specification, {.required = true});
}

struct UpdateTimeToLiveResponse {
  TimeToLiveSpecification time_to_live_specification;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateTimeToLiveResponse& response) {
  visit.Member("TimeToLiveSpecification", response.time_to_live_specification, {});
}

struct UpdateTimeToLive {
  static constexpr std::string_view kName = "UpdateTimeToLive";
  static constexpr Start kStart = Start::kPool;
  using Request = UpdateTimeToLiveRequest;
  using Response = UpdateTimeToLiveResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TIME_TO_LIVE_UPDATE_TIME_TO_LIVE_H_
