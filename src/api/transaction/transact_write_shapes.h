// The actions of TransactWriteItems as they are sent.

#ifndef GRAMME_API_TRANSACTION_TRANSACT_WRITE_SHAPES_H_
#define GRAMME_API_TRANSACTION_TRANSACT_WRITE_SHAPES_H_

#include <optional>
#include <string>

#include "api/item/write_shapes.h"
#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

struct ConditionCheckShape : ConditionalWrite {
  AttributeMap key;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ConditionCheckShape& check) {
  visit.Member("Key", check.key, {.required = true, .key_length_max = 65535});
  VisitTableName(visit, check);
  VisitCondition(visit, check, true);
}

struct PutShape : ConditionalWrite {
  AttributeMap item;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, PutShape& put) {
  visit.Member("Item", put.item, {.required = true, .key_length_max = 65535});
  VisitTableName(visit, put);
  VisitCondition(visit, put);
}

struct DeleteShape : ConditionalWrite {
  AttributeMap key;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DeleteShape& deletion) {
  visit.Member("Key", deletion.key, {.required = true, .key_length_max = 65535});
  VisitTableName(visit, deletion);
  VisitCondition(visit, deletion);
}

struct UpdateShape : ConditionalWrite {
  AttributeMap key;
  std::optional<std::string> update_expression;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateShape& update) {
  visit.Member("Key", update.key, {.required = true, .key_length_max = 65535});
  visit.Member("UpdateExpression", update.update_expression, {.required = true});
  VisitTableName(visit, update);
  VisitCondition(visit, update);
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
