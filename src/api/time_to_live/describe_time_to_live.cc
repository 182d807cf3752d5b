#include "api/time_to_live/describe_time_to_live.h"

#include <fmt/format.h>

#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {

TimeToLiveDescriptionShape DescribeTimeToLiveOf(const TableDescription& table) {
  TimeToLiveDescription time_to_live;
  if (table.time_to_live) time_to_live = *table.time_to_live;
  TimeToLiveDescriptionShape shape;
  shape.time_to_live_status = TimeToLiveStatusName(time_to_live.status);
  if (time_to_live.status != TimeToLiveStatus::kDisabled) {
    shape.attribute_name = time_to_live.attribute_name;
  }
  return shape;
}

Result<NoPlan> DescribeTimeToLive::Validate(const DescribeTimeToLiveRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> DescribeTimeToLive::Resources(const DescribeTimeToLiveRequest& request,
                                                  const NoPlan&) {
  return {{.action = "DescribeTimeToLive", .resource = request.table_name}};
}

Result<DescribeTimeToLiveResponse> DescribeTimeToLive::Run(const DescribeTimeToLiveRequest& request,
                                                           const NoPlan&,
                                                           OperationContext& context) {
  GRAMME_TRY(const TableRef table, FindSettledTable(request.table_name, *context.catalog_view));
  const TableStatus status = table->description().status;
  if (status == TableStatus::kCreating || status == TableStatus::kDeleting) {
    return ValidationError(fmt::format(
        "Cannot describe time to live while table is in {0} state: Current table state is {0}",
        TableStatusName(status)));
  }
  return DescribeTimeToLiveResponse{.time_to_live_description =
                                        DescribeTimeToLiveOf(table->description())};
}

}  // namespace gramme
