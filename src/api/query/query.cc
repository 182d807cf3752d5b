#include "api/query/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/item/item_rules.h"
#include "api/legacy/legacy_conditions.h"
#include "api/legacy/parameter_style.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "expression/condition_node.h"
#include "table/item/item_key.h"
#include "table/query/key_range.h"

namespace gramme {
namespace {

// What the legacy parameters choose.
Result<PageChoice> TranslateChoice(const QueryRequest& request) {
  PageChoice choice;
  GRAMME_TRY(choice.filter, TranslateFilter(request.query_filter, request.conditional_operator));
  GRAMME_TRY(choice.projection, TranslateAttributesToGet(request.attributes_to_get));
  return choice;
}

Result<void> CheckFilterAttributes(const QueryRequest& request, const ConditionExpression& filter,
                                   const KeySchema& schema) {
  for (const KeySchemaElement& element : schema) {
    if (!std::ranges::binary_search(filter.attributes(), element.attribute_name)) continue;
    return ValidationError(fmt::format(
        "{} can only contain non-primary key attributes: Primary key attribute: {}",
        request.query_filter ? "QueryFilter" : "Filter Expression", element.attribute_name));
  }
  return {};
}

Result<void> CheckHasKeyCondition(const QueryRequest& request) {
  if (request.key_conditions || request.key_condition_expression) return {};
  return ValidationError(
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
      "request.");
}

// The key condition, and what the other expressions choose. All are read before it is asked whether
// the first can be searched for.
Result<std::optional<ConditionNode>> ParseAll(const QueryRequest& request,
                                              Placeholders& placeholders, PageChoice& choice) {
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(true));
  std::optional<ConditionNode> key_condition;
  if (request.key_condition_expression) {
    GRAMME_TRY(key_condition, ParseConditionNode("KeyConditionExpression",
                                                 *request.key_condition_expression, placeholders));
  }
  GRAMME_RETURN_IF_ERROR(ParseExpressions(request.filter_expression, request.projection_expression,
                                          placeholders, choice));
  GRAMME_RETURN_IF_ERROR(placeholders.CheckAllUsed());
  return key_condition;
}

// The part of the range behind the start key, which lies in the range.
Result<KeyRange> StartAfter(const QueryRequest& request, const PageRange& source,
                            const KeyCondition& condition, KeyRange keys) {
  GRAMME_TRY(const std::string start,
             StartKeyOf(source.table->description(), source.index, *request.exclusive_start_key));
  if (!Contains(PartitionRange(condition), start)) {
    return ValidationError(
        "The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!Contains(keys, start)) {
    return ValidationError("The provided starting key does not match the range key predicate");
  }
  return After(std::move(keys), start, source.direction);
}

}  // namespace

Result<void> Query::ValidateParameters(const QueryRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  // KeyConditions may stand beside the other expressions.
  const bool has_both_keys = request.key_conditions && request.key_condition_expression;
  GRAMME_RETURN_IF_ERROR(
      CheckOneStyle({{"AttributesToGet", request.attributes_to_get.has_value()},
                     {"QueryFilter", request.query_filter.has_value()},
                     {"ConditionalOperator", request.conditional_operator.has_value()},
                     {"KeyConditions", has_both_keys}},
                    {{"ProjectionExpression", request.projection_expression.has_value()},
                     {"FilterExpression", request.filter_expression.has_value()},
                     {"KeyConditionExpression", request.key_condition_expression.has_value()}}));
  const bool takes_values = request.filter_expression || request.key_condition_expression;
  GRAMME_RETURN_IF_ERROR(
      CheckPlaceholders(request.expression_attribute_names, request.expression_attribute_values,
                        takes_values || request.projection_expression, takes_values,
                        "FilterExpression and KeyConditionExpression are null"));
  return CheckConditionalOperator(request.conditional_operator,
                                  request.query_filter ? request.query_filter->size() : 0);
}

Result<void> Query::ValidateBeforeValues(const QueryRequest& request, std::string_view member) {
  if (member == "QueryFilter") return {};
  GRAMME_TRY(PageChoice choice, TranslateChoice(request));
  if (member == "ExclusiveStartKey") return {};
  GRAMME_RETURN_IF_ERROR(CheckHasKeyCondition(request));
  if (member == "ExpressionAttributeValues") {
    return Placeholders(request.expression_attribute_names, std::nullopt).Validate(true);
  }
  Placeholders placeholders(request.expression_attribute_names,
                            request.expression_attribute_values);
  GRAMME_RETURN_IF_ERROR(ParseAll(request, placeholders, choice));
  return {};
}

Result<QueryPlan> Query::Validate(const QueryRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateParameters(request));
  GRAMME_TRY(PageChoice choice, TranslateChoice(request));
  choice.index_name = request.index_name;
  choice.consistent_read = request.consistent_read.value_or(false);
  GRAMME_RETURN_IF_ERROR(CheckHasKeyCondition(request));
  Placeholders placeholders(request.expression_attribute_names,
                            request.expression_attribute_values);
  GRAMME_TRY(const auto key_condition, ParseAll(request, placeholders, choice));
  GRAMME_TRY(KeyConditionExpression keys, key_condition
                                              ? KeyConditionExpression::FromNode(*key_condition)
                                              : TranslateKeyConditions(request.key_conditions));
  GRAMME_TRY(choice.select, ResolveSelect(request.select, request.index_name.has_value(),
                                          ProjectionParameter(request.attributes_to_get,
                                                              request.projection_expression)));
  return QueryPlan{.choice = std::move(choice), .key_condition = std::move(keys)};
}

std::vector<Access> Query::Resources(const QueryRequest& request, const QueryPlan& plan) {
  return {{.action = "Query",
           .resource = ResourceOf(request.table_name, request.index_name),
           .attributes = AttributesOf(plan.choice)}};
}

Result<PageResponse> Query::Run(const QueryRequest& request, const QueryPlan& plan,
                                OperationContext& context) {
  GRAMME_TRY(const TableRef table, context.FindTable(request.table_name));
  GRAMME_TRY(PageRange range, SourceOf(table, plan.choice));
  const TableDescription& description = table->description();
  const KeySchema& schema =
      range.index == nullptr ? description.key_schema : range.index->key_schema;
  GRAMME_TRY(const KeyCondition condition,
             plan.key_condition.Resolve(schema, description.attribute_definitions));
  if (plan.choice.filter) {
    GRAMME_RETURN_IF_ERROR(CheckFilterAttributes(request, *plan.choice.filter, schema));
  }
  range.direction =
      request.scan_index_forward.value_or(true) ? Direction::kForward : Direction::kBackward;
  range.limit = request.limit;
  range.keys = ConditionRange(condition);
  if (request.exclusive_start_key) {
    GRAMME_TRY(range.keys, StartAfter(request, range, condition, std::move(range.keys)));
  }
  return AnswerPage(std::move(range), plan.choice, request.return_consumed_capacity, context);
}

}  // namespace gramme
