// What the operations on items share: rules of requests, and expressions out of them.

#ifndef GRAMME_API_ITEM_ITEM_RULES_H_
#define GRAMME_API_ITEM_ITEM_RULES_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/write_shapes.h"
#include "expression/condition_expression.h"
#include "expression/placeholders.h"
#include "expression/projection_expression.h"
#include "expression/update_expression.h"
#include "model/api_error.h"

namespace gramme {

// The expressions of a write, parsed. Absent: nothing.
struct WriteExpressions {
  std::optional<ConditionExpression> condition;
  std::optional<UpdateExpression> update;

  // Adds the attributes that they read or write.
  void CollectAttributes(std::set<std::string>& attributes) const;
};

// `update` is nullptr for operations that have no UpdateExpression. Errors: ValidationException,
// also for placeholders without expressions and unused ones.
Result<WriteExpressions> ParseWriteExpressions(const ConditionalWrite& write,
                                               const std::optional<std::string>* update);

// The same of a read.
Result<std::optional<ProjectionExpression>> ParseProjection(
    const std::optional<std::string>& projection, const ExpressionAttributeNames& names);

// PutItem and DeleteItem.
Result<void> ValidateOldReturnValue(const std::optional<ReturnValue>& return_values);

bool WantsItem(const std::optional<ReturnValuesOnConditionCheckFailure>& asked);

std::vector<std::string> ListOf(const std::set<std::string>& attributes);
// The top-level attributes that a read of the projection needs; empty: all.
std::vector<std::string> AttributesOf(const std::optional<ProjectionExpression>& projection);

// An item for an answer: nothing where it is absent or empty.
std::optional<AttributeMap> NonEmpty(std::optional<Item> item);

// `table/T/index/I` or the table.
std::string ResourceOf(const std::string& table_name, const std::optional<std::string>& index_name);

}  // namespace gramme

#endif  // GRAMME_API_ITEM_ITEM_RULES_H_
