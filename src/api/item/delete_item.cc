#include "api/item/delete_item.h"

#include <set>
#include <utility>

#include "api/item/item_write.h"
#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {

Result<WriteExpressions> DeleteItem::Validate(const DeleteItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  GRAMME_RETURN_IF_ERROR(ValidateOldReturnValue(request.return_values));
  return ParseWriteExpressions(request.condition_expression, nullptr,
                               request.expression_attribute_names,
                               request.expression_attribute_values);
}

// Deletes whatever attributes the item has, so it names none.
std::vector<Access> DeleteItem::Resources(const DeleteItemRequest& request,
                                          const WriteExpressions&) {
  return {{.action = "DeleteItem", .resource = request.table_name}};
}

Result<DeleteItemResponse> DeleteItem::Run(const DeleteItemRequest& request,
                                           const WriteExpressions& plan,
                                           OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  WriteAction action = {
      .kind = WriteKind::kDelete,
      .table = table,
      .item = &request.key,
      .condition = plan.condition,
      .return_item_on_failure = WantsItem(request.return_values_on_condition_check_failure),
      .return_old_item = request.return_values == ReturnValue::kAllOld};
  GRAMME_TRY(FinishedWrite write,
             FinishWrite(std::move(action),
                         {.consumed_capacity = request.return_consumed_capacity,
                          .item_collection_metrics = request.return_item_collection_metrics},
                         context));
  DeleteItemResponse response;
  if (request.return_values == ReturnValue::kAllOld) {
    response.attributes = std::move(write.change.old_item);
  }
  response.consumed_capacity = std::move(write.consumed_capacity);
  response.item_collection_metrics = std::move(write.item_collection_metrics);
  return response;
}

}  // namespace gramme
