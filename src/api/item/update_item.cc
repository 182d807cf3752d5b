#include "api/item/update_item.h"

#include <set>
#include <utility>

#include "api/item/item_write.h"
#include "api/table/table_rules.h"
#include "base/result.h"

namespace gramme {
namespace {

std::optional<AttributeMap> Returned(ReturnValue wanted, ItemChange change,
                                     const WriteExpressions& plan) {
  switch (wanted) {
    case ReturnValue::kNone:
      return std::nullopt;
    case ReturnValue::kAllOld:
      return NonEmpty(std::move(change.old_item));
    case ReturnValue::kAllNew:
      return NonEmpty(std::move(change.updated_item));
    case ReturnValue::kUpdatedOld:
      if (!plan.update || !change.old_item) return std::nullopt;
      return NonEmpty(plan.update->UpdatedAttributes(*change.old_item));
    case ReturnValue::kUpdatedNew:
      if (!plan.update || !change.updated_item) return std::nullopt;
      return NonEmpty(plan.update->UpdatedAttributes(*change.updated_item));
  }
  return std::nullopt;
}

}  // namespace

Result<WriteExpressions> UpdateItem::Validate(const UpdateItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return ParseWriteExpressions(request.condition_expression, &request.update_expression,
                               request.expression_attribute_names,
                               request.expression_attribute_values);
}

std::vector<Access> UpdateItem::Resources(const UpdateItemRequest& request,
                                          const WriteExpressions& plan) {
  std::set<std::string> attributes;
  const ReturnValue returned = request.return_values.value_or(ReturnValue::kNone);
  // Whoever sees the whole item needs all of it.
  const bool reads_all = returned == ReturnValue::kAllOld || returned == ReturnValue::kAllNew;
  if (!reads_all) {
    plan.CollectAttributes(attributes);
    for (const auto& [name, value] : request.key) attributes.insert(name);
  }
  return {
      {.action = "UpdateItem", .resource = request.table_name, .attributes = ListOf(attributes)}};
}

Result<UpdateItemResponse> UpdateItem::Run(const UpdateItemRequest& request,
                                           const WriteExpressions& plan,
                                           OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  WriteAction action = {
      .kind = WriteKind::kUpdate,
      .table = table,
      .item = &request.key,
      .condition = plan.condition,
      .update = plan.update,
      .return_item_on_failure = WantsItem(request.return_values_on_condition_check_failure)};
  GRAMME_TRY(FinishedWrite write,
             FinishWrite(std::move(action),
                         {.consumed_capacity = request.return_consumed_capacity,
                          .item_collection_metrics = request.return_item_collection_metrics},
                         context));
  UpdateItemResponse response;
  response.attributes =
      Returned(request.return_values.value_or(ReturnValue::kNone), std::move(write.change), plan);
  response.consumed_capacity = std::move(write.consumed_capacity);
  response.item_collection_metrics = std::move(write.item_collection_metrics);
  return response;
}

}  // namespace gramme
