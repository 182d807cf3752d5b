#include "api/time_to_live/describe_time_to_live.h"

#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {

Result<NoPlan> DescribeTimeToLive::Validate(const DescribeTimeToLiveRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> DescribeTimeToLive::Resources(const DescribeTimeToLiveRequest& request,
                                                  const NoPlan&) {
  return {{.action = "DescribeTimeToLive", .resource = request.table_name}};
}

Result<DescribeTimeToLiveResponse> DescribeTimeToLive::Run(
    const DescribeTimeToLiveRequest& request, const NoPlan&, OperationContext& context) {
  if (!context.FindTable(request.table_name)) {
    return std::unexpected(TableNotFound(request.table_name));
  }
  return DescribeTimeToLiveResponse{
      .time_to_live_description = {.time_to_live_status = "DISABLED"}};
}

}  // namespace gramme
