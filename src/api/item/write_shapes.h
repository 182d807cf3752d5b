// What the requests and answers of single-item writes share, and what they share with the actions
// of transactions.

#ifndef GRAMME_API_ITEM_WRITE_SHAPES_H_
#define GRAMME_API_ITEM_WRITE_SHAPES_H_

#include <optional>
#include <string>

#include "api/item/item_shapes.h"
#include "api/legacy/legacy_shapes.h"
#include "expression/placeholders.h"
#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

// Every write under a condition, in a transaction or alone.
struct ConditionalWrite {
  std::string table_name;
  std::optional<std::string> condition_expression;
  ExpressionAttributeNames expression_attribute_names;
  ExpressionAttributeValues expression_attribute_values;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
};

// The members stand in an order of their own in each shape of the service model, so there is a
// function for each group of them that is always together.

template <typename Visitor>
void VisitTableName(Visitor& visit, ConditionalWrite& write) {
  visit.Member("TableName", write.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
}

template <typename Visitor>
void VisitCondition(Visitor& visit, ConditionalWrite& write, bool is_required = false) {
  visit.Member("ConditionExpression", write.condition_expression, {.required = is_required});
  visit.Member("ExpressionAttributeNames", write.expression_attribute_names,
               {.element_length_max = 65535});
  visit.Member("ExpressionAttributeValues", write.expression_attribute_values, {});
  visit.Member("ReturnValuesOnConditionCheckFailure",
               write.return_values_on_condition_check_failure, {});
}

// PutItem, UpdateItem and DeleteItem.
struct SingleWriteRequest : ConditionalWrite {
  ExpectedAttributes expected;
  std::optional<ConditionalOperator> conditional_operator;
  std::optional<ReturnValue> return_values;
  std::optional<ReturnConsumedCapacity> return_consumed_capacity;
  std::optional<ReturnItemCollectionMetrics> return_item_collection_metrics;
};

template <typename Visitor>
void VisitExpected(Visitor& visit, SingleWriteRequest& request) {
  visit.Member("Expected", request.expected, {.key_length_max = 65535});
}

template <typename Visitor>
void VisitConditionalOperator(Visitor& visit, SingleWriteRequest& request) {
  visit.Member("ConditionalOperator", request.conditional_operator, {});
}

template <typename Visitor>
void VisitReturns(Visitor& visit, SingleWriteRequest& request) {
  visit.Member("ReturnValues", request.return_values, {});
  visit.Member("ReturnConsumedCapacity", request.return_consumed_capacity, {});
  visit.Member("ReturnItemCollectionMetrics", request.return_item_collection_metrics, {});
}

struct SingleWriteResponse {
  std::optional<AttributeMap> attributes;
  std::optional<ConsumedCapacity> consumed_capacity;
  std::optional<ItemCollectionMetrics> item_collection_metrics;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, SingleWriteResponse& response) {
  visit.Member("Attributes", response.attributes, {});
  visit.Member("ConsumedCapacity", response.consumed_capacity, {});
  visit.Member("ItemCollectionMetrics", response.item_collection_metrics, {});
}

}  // namespace gramme

#endif  // GRAMME_API_ITEM_WRITE_SHAPES_H_
