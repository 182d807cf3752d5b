#include "api/item/get_item.h"

#include <utility>

#include "api/item/consumed_capacity.h"
#include "api/item/item_projector.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "table/item/item_key.h"
#include "table/item/item_reader.h"

namespace gramme {

Result<void> GetItem::ValidateParameters(const GetItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return ValidateProjectionStyle(request.projection_expression, request.expression_attribute_names,
                                 request.attributes_to_get);
}

Result<GetItemPlan> GetItem::Validate(const GetItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  GetItemPlan plan;
  GRAMME_TRY(plan.projection,
             ParseProjection(request.projection_expression, request.expression_attribute_names,
                             request.attributes_to_get));
  return plan;
}

std::vector<Access> GetItem::Resources(const GetItemRequest& request, const GetItemPlan& plan) {
  return {{.action = "GetItem",
           .resource = request.table_name,
           .attributes = AttributesOf(plan.projection)}};
}

Result<GetItemResponse> GetItem::Run(const GetItemRequest& request, const GetItemPlan& plan,
                                     OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  GRAMME_TRY(const Key key, KeyOfKey(*table, request.key));
  GRAMME_RETURN_IF_ERROR(CheckProjection(*table, plan.projection));
  GRAMME_TRY(ItemRead read, ReadItem(context.engine.store, context.tier, key));
  GetItemResponse response;
  // An item of which the projection finds nothing is there, and empty.
  if (read.item) {
    GRAMME_TRY(response.item, ItemProjector(plan.projection).Project(*std::move(read.item)));
  }
  Consumption consumption;
  const bool is_consistent = request.consistent_read.value_or(false);
  consumption.table_units = ReadUnits(read.size_bytes) / (is_consistent ? 1 : 2);
  response.consumed_capacity =
      DescribeConsumption(request.return_consumed_capacity, table->name(), consumption);
  return response;
}

}  // namespace gramme
