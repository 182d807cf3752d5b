// Scan answers all items of a table or index, or of one segment of it, a page at a time.

#ifndef GRAMME_API_QUERY_SCAN_H_
#define GRAMME_API_QUERY_SCAN_H_

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
#include "expression/placeholders.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/limits.h"

namespace gramme {

struct ScanRequest {
  std::string table_name;
  std::optional<std::string> index_name;
  AttributesToGet attributes_to_get;
  std::optional<std::int64_t> limit;
  std::optional<Select> select;
  Conditions scan_filter;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<AttributeMap> exclusive_start_key;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<std::int64_t> total_segments;
  std::optional<std::int64_t> segment;
  std::optional<std::string> projection_expression;
  std::optional<std::string> filter_expression;
  ExpressionAttributeNames expression_attribute_names;
  ExpressionAttributeValues expression_attribute_values;
  std::optional<bool> consistent_read;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ScanRequest& request) {
  visit.Member("TableName", request.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
  visit.Member("IndexName", request.index_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("AttributesToGet", request.attributes_to_get,
               {.length_min = 1, .element_length_max = 65535});
  visit.Member("Limit", request.limit, {.value_min = 1});
  visit.Member("Select", request.select, {});
  visit.Member("ScanFilter", request.scan_filter, {.key_length_max = 65535});
  visit.Member("ConditionalOperator", request.conditional_operator, {});
  visit.Member("ExclusiveStartKey", request.exclusive_start_key, {.key_length_max = 65535});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("TotalSegments", request.total_segments, {.value_min = 1, .value_max = 1000000});
  visit.Member("Segment", request.segment, {.value_min = 0, .value_max = 999999});
  visit.Member("ProjectionExpression", request.projection_expression, {});
  visit.Member("FilterExpression", request.filter_expression, {});
  visit.Member("ExpressionAttributeNames", request.expression_attribute_names,
               {.element_length_max = 65535});
  visit.Member("ExpressionAttributeValues", request.expression_attribute_values, {});
  visit.Member("ConsistentRead", request.consistent_read, {});
}

struct Scan {
  static constexpr std::string_view kName = "Scan";
  static constexpr Start kStart = Start::kPool;
  static constexpr std::size_t kAnswerBytesMax = kPageBytesMax;
  using Request = ScanRequest;
  using Response = PageResponse;
  using Plan = PageChoice;
  static Result<void> ValidateParameters(const Request& request);
  static Result<void> ValidateBeforeValues(const Request& request, std::string_view member);
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_QUERY_SCAN_H_
