// Expected, QueryFilter, ScanFilter and KeyConditions as the conditions that expressions give.
//
// Where DynamoDB's rules differ from those of expressions, they are here: the number and the types
// of arguments, which are looked at before the item, and NOT_CONTAINS, which is false where the
// attribute is absent. Everything else is the same evaluator.

#ifndef GRAMME_API_LEGACY_LEGACY_CONDITIONS_H_
#define GRAMME_API_LEGACY_LEGACY_CONDITIONS_H_

#include <optional>

#include "api/legacy/legacy_shapes.h"
#include "expression/condition_expression.h"
#include "expression/key_condition_expression.h"
#include "model/api_error.h"

namespace gramme {

// Nothing where there are no conditions; joined with AND unless `joined_by` says otherwise. Errors:
// ValidationException, also for more than kExpressionOperatorCountMax conditions.
Result<std::optional<ConditionExpression>> TranslateFilter(
    const Conditions& filter, const std::optional<ConditionalOperator>& joined_by);

// The same of Expected. Errors: ValidationException.
Result<std::optional<ConditionExpression>> TranslateExpected(
    const ExpectedAttributes& expected, const std::optional<ConditionalOperator>& joined_by);

// What goes with the key schema is for KeyConditionExpression::Resolve to say. Errors:
// ValidationException. REQUIRES: they are present.
Result<KeyConditionExpression> TranslateKeyConditions(const Conditions& conditions);

}  // namespace gramme

#endif  // GRAMME_API_LEGACY_LEGACY_CONDITIONS_H_
