// What the operations on items share: rules of requests, and expressions out of them.

#ifndef GRAMME_API_ITEM_ITEM_RULES_H_
#define GRAMME_API_ITEM_ITEM_RULES_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/item/write_shapes.h"
#include "api/legacy/legacy_shapes.h"
#include "expression/condition_expression.h"
#include "expression/placeholders.h"
#include "expression/projection_expression.h"
#include "expression/update_expression.h"
#include "model/api_error.h"
#include "table/table.h"

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

// Whether a single write keeps to expressions or to legacy parameters, and its ConditionalOperator;
// DynamoDB looks at these first. The pointers are nullptr for operations that have no such member.
// Errors: ValidationException.
Result<void> ValidateStyle(const SingleWriteRequest& request,
                           const AttributeUpdates* attribute_updates = nullptr,
                           const std::optional<std::string>* update = nullptr);

// Its expressions, out of what was sent. Errors: as ParseWriteExpressions. REQUIRES: ValidateStyle
// passed.
Result<WriteExpressions> ParseSingleWrite(const SingleWriteRequest& request,
                                          const AttributeUpdates* attribute_updates = nullptr,
                                          const std::optional<std::string>* update = nullptr);

// Whether a read has its projection in one style, and names only beside an expression. Errors:
// ValidationException.
Result<void> ValidateProjectionStyle(const std::optional<std::string>& projection,
                                     const ExpressionAttributeNames& names,
                                     const AttributesToGet& attributes_to_get);

// The projection of a read, out of what was sent. Errors: ValidationException. REQUIRES:
// ValidateProjectionStyle passed, where there may be AttributesToGet.
Result<std::optional<ProjectionExpression>> ParseProjection(
    const std::optional<std::string>& projection, const ExpressionAttributeNames& names,
    const AttributesToGet& attributes_to_get = std::nullopt);

// A projection may not look into key attributes. Errors: ValidationException.
Result<void> CheckProjection(const Table& table,
                             const std::optional<ProjectionExpression>& projection);

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
