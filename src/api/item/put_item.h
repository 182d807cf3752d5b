// PutItem stores a whole item, replacing the one with its key, if its condition holds.

#ifndef GRAMME_API_ITEM_PUT_ITEM_H_
#define GRAMME_API_ITEM_PUT_ITEM_H_

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

struct PutItemRequest : SingleWriteRequest {
  AttributeMap item;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PutItemRequest& request) {
  VisitTableName(visit, request);
  visit.Member("Item", request.item, {.required = true, .key_length_max = 65535});
  VisitExpected(visit, request);
  VisitReturns(visit, request);
  VisitConditionalOperator(visit, request);
  VisitCondition(visit, request);
}

struct PutItem {
  static constexpr std::string_view kName = "PutItem";
  static constexpr Start kStart = Start::kLoop;
  using Request = PutItemRequest;
  using Response = SingleWriteResponse;
  using Plan = WriteExpressions;
  static Result<void> ValidateParameters(const Request& request);
  static Result<void> ValidateBeforeValues(const Request& request, std::string_view member);
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_ITEM_PUT_ITEM_H_
