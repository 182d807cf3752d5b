#include "api/time_to_live/update_time_to_live.h"

#include "api/table/table_rules.h"
#include "base/result.h"
#include "table/time_to_live/time_to_live_change.h"

namespace gramme {

Result<NoPlan> UpdateTimeToLive::Validate(const UpdateTimeToLiveRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return NoPlan{};
}

std::vector<Access> UpdateTimeToLive::Resources(const UpdateTimeToLiveRequest& request,
                                                const NoPlan&) {
  return {{.action = "UpdateTimeToLive", .resource = request.table_name}};
}

Result<UpdateTimeToLiveResponse> UpdateTimeToLive::Run(const UpdateTimeToLiveRequest& request,
                                                       const NoPlan&, OperationContext& context) {
  GRAMME_TRY(const TableRef table, FindSettledTable(request.table_name, *context.catalog_view));
  Engine& engine = context.engine;
  const TimeToLiveSpecification& wanted = request.time_to_live_specification;
  const auto edit = BeginTimeToLiveChange(
      table, {.attribute_name = wanted.attribute_name, .is_enabled = wanted.enabled}, engine.store,
      engine.catalog, engine.jobs, engine.settings);
  // It looked at a newer view than the context's, perhaps.
  context.DependOn(engine.catalog.view()->position);
  if (!edit) return std::unexpected(edit.error());
  return UpdateTimeToLiveResponse{.time_to_live_specification = wanted};
}

}  // namespace gramme
