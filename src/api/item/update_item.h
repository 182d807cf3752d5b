// UpdateItem changes attributes of the item with a key, or makes the item, if its condition holds.

#ifndef GRAMME_API_ITEM_UPDATE_ITEM_H_
#define GRAMME_API_ITEM_UPDATE_ITEM_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_rules.h"
#include "api/item/write_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct UpdateItemRequest : SingleWriteRequest {
  AttributeMap key;
  AttributeUpdates attribute_updates;
  std::optional<std::string> update_expression;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateItemRequest& request) {
  VisitTableName(visit, request);
  visit.Member("Key", request.key, {.required = true, .key_length_max = 65535});
  visit.Member("AttributeUpdates", request.attribute_updates, {.key_length_max = 65535});
  VisitExpected(visit, request);
  VisitConditionalOperator(visit, request);
  VisitReturns(visit, request);
  visit.Member("UpdateExpression", request.update_expression, {});
  VisitCondition(visit, request);
}

struct UpdateItem {
  static constexpr std::string_view kName = "UpdateItem";
  static constexpr Start kStart = Start::kLoop;
  using Request = UpdateItemRequest;
  using Response = SingleWriteResponse;
  using Plan = WriteExpressions;
  static Result<void> ValidateParameters(const Request& request);
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_ITEM_UPDATE_ITEM_H_
