// DescribeTimeToLive tells whether the items of a table expire, and by which attribute.
// Infrastructure tools ask on every plan.

#ifndef GRAMME_API_TIME_TO_LIVE_DESCRIBE_TIME_TO_LIVE_H_
#define GRAMME_API_TIME_TO_LIVE_DESCRIBE_TIME_TO_LIVE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/table_description.h"

namespace gramme {

struct DescribeTimeToLiveRequest {
  std::string table_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeTimeToLiveRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
}

// The attribute is named until the time to live is off again.
struct TimeToLiveDescriptionShape {
  std::string time_to_live_status;
  std::optional<std::string> attribute_name;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TimeToLiveDescriptionShape& description) {
  visit.Member("TimeToLiveStatus", description.time_to_live_status, {});
  visit.Member("AttributeName", description.attribute_name, {});
}

TimeToLiveDescriptionShape DescribeTimeToLiveOf(const TableDescription& table);

struct DescribeTimeToLiveResponse {
  TimeToLiveDescriptionShape time_to_live_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeTimeToLiveResponse& response) {
  visit.Member("TimeToLiveDescription", response.time_to_live_description, {});
}

struct DescribeTimeToLive {
  static constexpr std::string_view kName = "DescribeTimeToLive";
  static constexpr Start kStart = Start::kLoop;
  using Request = DescribeTimeToLiveRequest;
  using Response = DescribeTimeToLiveResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_TIME_TO_LIVE_DESCRIBE_TIME_TO_LIVE_H_
