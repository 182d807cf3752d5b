#include "api/item/put_item.h"

#include <set>
#include <utility>

#include "api/item/item_write.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "model/limits.h"

namespace gramme {
namespace {

Result<void> ValidateReturnAndSize(const PutItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateOldReturnValue(request.return_values));
  if (ItemSizeBytes(request.item) <= kItemSizeBytesMax) return {};
  return ValidationError("Item size has exceeded the maximum allowed size");
}

}  // namespace

Result<void> PutItem::ValidateParameters(const PutItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  return ValidateStyle(request);
}

Result<void> PutItem::ValidateBeforeValues(const PutItemRequest& request, std::string_view member) {
  return member == "Item" ? Result<void>() : ValidateReturnAndSize(request);
}

Result<WriteExpressions> PutItem::Validate(const PutItemRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  GRAMME_RETURN_IF_ERROR(ValidateReturnAndSize(request));
  return ParseSingleWrite(request);
}

std::vector<Access> PutItem::Resources(const PutItemRequest& request,
                                       const WriteExpressions& plan) {
  std::set<std::string> attributes;
  plan.CollectAttributes(attributes);
  for (const auto& [name, value] : request.item) attributes.insert(name);
  return {{.action = "PutItem", .resource = request.table_name, .attributes = ListOf(attributes)}};
}

Result<SingleWriteResponse> PutItem::Run(const PutItemRequest& request,
                                         const WriteExpressions& plan, OperationContext& context) {
  GRAMME_TRY(FinishedWrite write, RunWrite(WriteKind::kPut, request, request.item, plan, context));
  if (request.return_values == ReturnValue::kAllOld) {
    write.response.attributes = std::move(write.change.old_item);
  }
  return std::move(write.response);
}

}  // namespace gramme
