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

Result<void> UpdateItem::ValidateParameters(const UpdateItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return ValidateStyle(request, &request.attribute_updates, &request.update_expression);
}

Result<WriteExpressions> UpdateItem::Validate(const UpdateItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  return ParseSingleWrite(request, &request.attribute_updates, &request.update_expression);
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

Result<SingleWriteResponse> UpdateItem::Run(const UpdateItemRequest& request,
                                            const WriteExpressions& plan,
                                            OperationContext& context) {
  GRAMME_TRY(FinishedWrite write,
             RunWrite(WriteKind::kUpdate, request, request.key, plan, context));
  write.response.attributes =
      Returned(request.return_values.value_or(ReturnValue::kNone), std::move(write.change), plan);
  return std::move(write.response);
}

}  // namespace gramme
