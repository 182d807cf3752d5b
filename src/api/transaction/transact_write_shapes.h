// The actions of TransactWriteItems as they are sent.

#ifndef GRAMME_API_TRANSACTION_TRANSACT_WRITE_SHAPES_H_
#define GRAMME_API_TRANSACTION_TRANSACT_WRITE_SHAPES_H_

#include <optional>
#include <string>

#include "api/item/item_shapes.h"
#include "expression/placeholders.h"
#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

// What every kind of action has.
struct TransactActionMembers {
  std::string table_name;
  std::optional<std::string> condition_expression;
  ExpressionAttributeNames expression_attribute_names;
  ExpressionAttributeValues expression_attribute_values;
  std::optional<ReturnValuesOnConditionCheckFailure> return_values_on_condition_check_failure;
};

template <typename Visitor>
void VisitTableName(Visitor& visit, TransactActionMembers& action) {
  visit.Member("TableName", action.table_name,
               {.required = true, .length_min = 1, .length_max = 1024});
}

template <typename Visitor>
void VisitCondition(Visitor& visit, TransactActionMembers& action, bool is_required) {
  visit.Member("ConditionExpression", action.condition_expression, {.required = is_required});
  visit.Member("ExpressionAttributeNames", action.expression_attribute_names,
               {.element_length_max = 65535});
  visit.Member("ExpressionAttributeValues", action.expression_attribute_values, {});
  visit.Member("ReturnValuesOnConditionCheckFailure",
               action.return_values_on_condition_check_failure, {});
}

struct ConditionCheckShape : TransactActionMembers {
  AttributeMap key;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ConditionCheckShape& check) {
  visit.Member("Key", check.key, {.required = true, .key_length_max = 65535});
  VisitTableName(visit, check);
  VisitCondition(visit, check, true);
}

struct PutShape : TransactActionMembers {
  AttributeMap item;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PutShape& put) {
  visit.Member("Item", put.item, {.required = true, .key_length_max = 65535});
  VisitTableName(visit, put);
  VisitCondition(visit, put, false);
}

struct DeleteShape : TransactActionMembers {
  AttributeMap key;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteShape& deletion) {
  visit.Member("Key", deletion.key, {.required = true, .key_length_max = 65535});
  VisitTableName(visit, deletion);
  VisitCondition(visit, deletion, false);
}

struct UpdateShape : TransactActionMembers {
  AttributeMap key;
  std::optional<std::string> update_expression;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateShape& update) {
  visit.Member("Key", update.key, {.required = true, .key_length_max = 65535});
  visit.Member("UpdateExpression", update.update_expression, {.required = true});
  VisitTableName(visit, update);
  VisitCondition(visit, update, false);
}

// Exactly one of its members is there.
struct TransactWriteItem {
  std::optional<ConditionCheckShape> condition_check;
  std::optional<PutShape> put;
  std::optional<DeleteShape> deletion;
  std::optional<UpdateShape> update;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, TransactWriteItem& item) {
  visit.Member("ConditionCheck", item.condition_check, {});
  visit.Member("Put", item.put, {});
  visit.Member("Delete", item.deletion, {});
  visit.Member("Update", item.update, {});
}

}  // namespace gramme

#endif  // GRAMME_API_TRANSACTION_TRANSACT_WRITE_SHAPES_H_
