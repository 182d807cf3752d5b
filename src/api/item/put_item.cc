#include "api/item/put_item.h"

#include <set>
#include <utility>

#include "api/item/item_write.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/limits.h"

namespace gramme {

Result<WriteExpressions> PutItem::Validate(const PutItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  GRAMME_RETURN_IF_ERROR(ValidateOldReturnValue(request.return_values));
  if (ItemSizeBytes(request.item) > kItemSizeBytesMax) {
    return ValidationError("Item size has exceeded the maximum allowed size");
  }
  return ParseWriteExpressions(request.condition_expression, nullptr,
                               request.expression_attribute_names,
                               request.expression_attribute_values);
}

std::vector<Access> PutItem::Resources(const PutItemRequest& request,
                                       const WriteExpressions& plan) {
  std::set<std::string> attributes;
  plan.CollectAttributes(attributes);
  for (const auto& [name, value] : request.item) attributes.insert(name);
  return {{.action = "PutItem", .resource = request.table_name, .attributes = ListOf(attributes)}};
}

Result<PutItemResponse> PutItem::Run(const PutItemRequest& request, const WriteExpressions& plan,
                                     OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  WriteAction action = {
      .kind = WriteKind::kPut,
      .table = table,
      .item = &request.item,
      .condition = plan.condition,
      .return_item_on_failure = WantsItem(request.return_values_on_condition_check_failure),
      .return_old_item = request.return_values == ReturnValue::kAllOld};
  GRAMME_TRY(FinishedWrite write,
             FinishWrite(std::move(action),
                         {.consumed_capacity = request.return_consumed_capacity,
                          .item_collection_metrics = request.return_item_collection_metrics},
                         context));
  PutItemResponse response;
  if (request.return_values == ReturnValue::kAllOld) {
    response.attributes = std::move(write.change.old_item);
  }
  response.consumed_capacity = std::move(write.consumed_capacity);
  response.item_collection_metrics = std::move(write.item_collection_metrics);
  return response;
}

}  // namespace gramme
