#include "api/query/scan.h"

#include <fmt/format.h>

#include <utility>

#include "api/item/item_rules.h"
#include "api/legacy/legacy_conditions.h"
#include "api/legacy/parameter_style.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "table/query/key_range.h"

namespace gramme {
namespace {

Result<void> ValidateSegment(const ScanRequest& request) {
  if (request.segment && !request.total_segments) {
    return ValidationError(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (request.total_segments && !request.segment) {
    return ValidationError(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (request.segment && *request.segment >= *request.total_segments) {
    return ValidationError(
        fmt::format("The Segment parameter is zero-based and must be less than parameter "
                    "TotalSegments: Segment: {} is not less than TotalSegments: {}",
                    *request.segment, *request.total_segments));
  }
  return {};
}

Result<KeyRange> StartAfter(const ScanRequest& request, const PageRange& source, KeyRange keys) {
  GRAMME_TRY(const std::string start,
             StartKeyOf(source.table->description(), source.index, *request.exclusive_start_key));
  if (!Contains(keys, start)) {
    return ValidationError(
        fmt::format("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                    "ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}",
                    *request.total_segments, *request.segment));
  }
  return After(std::move(keys), start, Direction::kForward);
}

}  // namespace

Result<void> Scan::ValidateParameters(const ScanRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  GRAMME_RETURN_IF_ERROR(
      CheckOneStyle({{"AttributesToGet", request.attributes_to_get.has_value()},
                     {"ScanFilter", request.scan_filter.has_value()},
                     {"ConditionalOperator", request.conditional_operator.has_value()}},
                    {{"ProjectionExpression", request.projection_expression.has_value()},
                     {"FilterExpression", request.filter_expression.has_value()}}));
  GRAMME_RETURN_IF_ERROR(
      CheckPlaceholders(request.expression_attribute_names, request.expression_attribute_values,
                        request.filter_expression || request.projection_expression,
                        request.filter_expression.has_value(), "FilterExpression is null"));
  return CheckConditionalOperator(request.conditional_operator,
                                  request.scan_filter ? request.scan_filter->size() : 0);
}

Result<void> Scan::ValidateBeforeValues(const ScanRequest& request, std::string_view member) {
  GRAMME_RETURN_IF_ERROR(TranslateAttributesToGet(request.attributes_to_get));
  if (member == "ScanFilter") return {};
  GRAMME_RETURN_IF_ERROR(TranslateFilter(request.scan_filter, request.conditional_operator));
  if (member == "ExclusiveStartKey") return {};
  GRAMME_RETURN_IF_ERROR(ValidateSegment(request));
  return Placeholders(request.expression_attribute_names, std::nullopt).Validate(true);
}

Result<PageChoice> Scan::Validate(const ScanRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  Placeholders placeholders(request.expression_attribute_names,
                            request.expression_attribute_values);
  PageChoice choice;
  choice.index_name = request.index_name;
  choice.consistent_read = request.consistent_read.value_or(false);
  GRAMME_TRY(choice.projection, TranslateAttributesToGet(request.attributes_to_get));
  GRAMME_TRY(choice.filter, TranslateFilter(request.scan_filter, request.conditional_operator));
  GRAMME_RETURN_IF_ERROR(ValidateSegment(request));
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(true));
  GRAMME_RETURN_IF_ERROR(ParseExpressions(request.filter_expression, request.projection_expression,
                                          placeholders, choice));
  GRAMME_RETURN_IF_ERROR(placeholders.CheckAllUsed());
  GRAMME_TRY(choice.select, ResolveSelect(request.select, request.index_name.has_value(),
                                          ProjectionParameter(request.attributes_to_get,
                                                              request.projection_expression)));
  return choice;
}

std::vector<Access> Scan::Resources(const ScanRequest& request, const PageChoice& plan) {
  return {{.action = "Scan",
           .resource = ResourceOf(request.table_name, request.index_name),
           .attributes = AttributesOf(plan)}};
}

Result<PageResponse> Scan::Run(const ScanRequest& request, const PageChoice& plan,
                               OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  GRAMME_TRY(PageRange range, SourceOf(table, plan));
  range.limit = request.limit;
  if (request.segment) {
    range.keys = SegmentRange(static_cast<std::uint64_t>(*request.segment),
                              static_cast<std::uint64_t>(*request.total_segments));
  }
  if (request.exclusive_start_key) {
    GRAMME_TRY(range.keys, StartAfter(request, range, std::move(range.keys)));
  }
  return AnswerPage(std::move(range), plan, request.return_consumed_capacity, context);
}

}  // namespace gramme
