#include "api/item/delete_item.h"

#include <utility>

#include "api/item/item_write.h"
#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {

Result<void> DeleteItem::ValidateParameters(const DeleteItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return ValidateStyle(request);
}

Result<WriteExpressions> DeleteItem::Validate(const DeleteItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  GRAMME_RETURN_IF_ERROR(ValidateOldReturnValue(request.return_values));
  return ParseSingleWrite(request);
}

// Deletes whatever attributes the item has, so it names none.
std::vector<Access> DeleteItem::Resources(const DeleteItemRequest& request,
                                          const WriteExpressions&) {
  return {{.action = "DeleteItem", .resource = request.table_name}};
}

Result<SingleWriteResponse> DeleteItem::Run(const DeleteItemRequest& request,
                                            const WriteExpressions& plan,
                                            OperationContext& context) {
  GRAMME_TRY(FinishedWrite write,
             RunWrite(WriteKind::kDelete, request, request.key, plan, context));
  if (request.return_values == ReturnValue::kAllOld) {
    write.response.attributes = std::move(write.change.old_item);
  }
  return std::move(write.response);
}

}  // namespace gramme
