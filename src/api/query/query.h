// Query answers the items of one partition of a table or index, in the order of their sort keys, a
// page at a time.

#ifndef GRAMME_API_QUERY_QUERY_H_
#define GRAMME_API_QUERY_QUERY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/item_shapes.h"
#include "api/legacy/legacy_shapes.h"
#include "api/operation.h"
#include "api/operation_context.h"
#include "api/query/page_read.h"
#include "api/query/page_shapes.h"
#include "expression/key_condition_expression.h"
#include "expression/placeholders.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/limits.h"

namespace gramme {

struct QueryRequest {
  std::string table_name;
  std::optional<std::string> index_name;
  std::optional<Select> select;
  AttributesToGet attributes_to_get;
  std::optional<std::int64_t> limit;
  std::optional<bool> consistent_read;
  Conditions key_conditions;
  Conditions query_filter;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<bool> scan_index_forward;
  std::optional<AttributeMap> exclusive_start_key;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<std::string> projection_expression;
  std::optional<std::string> filter_expression;
  std::optional<std::string> key_condition_expression;
  ExpressionAttributeNames expression_attribute_names;
  ExpressionAttributeValues expression_attribute_values;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, QueryRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("IndexName", request.index_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("Select", request.select, {});
  visit.Member("AttributesToGet", request.attributes_to_get,
               {.length_min = 1, .element_length_max = 65535});
  visit.Member("Limit", request.limit, {.value_min = 1});
  visit.Member("ConsistentRead", request.consistent_read, {});
  visit.Member("KeyConditions", request.key_conditions, {.key_length_max = 65535});
  visit.Member("QueryFilter", request.query_filter, {.key_length_max = 65535});
  visit.Member("ConditionalOperator", request.conditional_operator, {});
  visit.Member("ScanIndexForward", request.scan_index_forward, {});
  visit.Member("ExclusiveStartKey", request.exclusive_start_key, {.key_length_max = 65535});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("ProjectionExpression", request.projection_expression, {});
  visit.Member("FilterExpression", request.filter_expression, {});
  visit.Member("KeyConditionExpression", request.key_condition_expression, {});
  visit.Member("ExpressionAttributeNames", request.expression_attribute_names,
               {.element_length_max = 65535});
  visit.Member("ExpressionAttributeValues", request.expression_attribute_values, {});
}

struct QueryPlan {
  PageChoice choice;
  KeyConditionExpression key_condition;
};

struct Query {
  static constexpr std::string_view kName = "Query";
  static constexpr Start kStart = Start::kLoop;
  static constexpr std::size_t kAnswerBytesMax = kPageBytesMax;
  static constexpr std::string_view kLastValues = "KeyConditions";
  using Request = QueryRequest;
  using Response = PageResponse;
  using Plan = QueryPlan;
  static Result<void> ValidateParameters(const Request& request);
  static Result<void> ValidateBeforeValues(const Request& request, std::string_view member);
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_QUERY_QUERY_H_
