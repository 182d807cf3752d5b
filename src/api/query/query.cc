#include "api/query/query.h"

#include <utility>

#include "api/item/item_rules.h"
#include "api/table/table_rules.h"
#include "base/result.h"
#include "table/item/item_key.h"
#include "table/query/key_range.h"

namespace gramme {
namespace {

Result<PageChoice> ParseChoice(const QueryRequest& request, Placeholders& placeholders) {
  PageChoice choice;
  choice.index_name = request.index_name;
  choice.consistent_read = request.consistent_read.value_or(false);
  if (request.filter_expression) {
    GRAMME_TRY(choice.filter, ConditionExpression::Parse("FilterExpression",
                                                         *request.filter_expression, placeholders));
  }
  if (request.projection_expression) {
    GRAMME_TRY(choice.projection,
               ProjectionExpression::Parse(*request.projection_expression, placeholders));
  }
  GRAMME_TRY(choice.select, ResolveSelect(request.select, request.index_name.has_value(),
                                          request.projection_expression.has_value()));
  return choice;
}

Result<void> CheckFilterAttributes(const ConditionExpression& filter, const KeySchema& schema) {
  for (const std::string& name : filter.attributes()) {
    if (!IsInSchema(schema, name)) continue;
    return ValidationError(
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: " +
        name);
  }
  return {};
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

Result<QueryPlan> Query::Validate(const QueryRequest& request) {
  GRAMME_RETURN_IF_ERROR(ValidateTableNameOrArn(request.table_name));
  Placeholders placeholders(request.expression_attribute_names,
                            request.expression_attribute_values);
  const bool has_expression = request.key_condition_expression || request.filter_expression ||
                              request.projection_expression;
  GRAMME_RETURN_IF_ERROR(placeholders.Validate(
      has_expression, "FilterExpression and KeyConditionExpression are null"));
  if (!request.key_condition_expression) {
    return ValidationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
  GRAMME_TRY(PageChoice choice, ParseChoice(request, placeholders));
  GRAMME_TRY(KeyConditionExpression key_condition,
             KeyConditionExpression::Parse(*request.key_condition_expression, placeholders));
  GRAMME_RETURN_IF_ERROR(placeholders.CheckAllUsed());
  return QueryPlan{.choice = std::move(choice), .key_condition = std::move(key_condition)};
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
    GRAMME_RETURN_IF_ERROR(CheckFilterAttributes(*plan.choice.filter, schema));
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
