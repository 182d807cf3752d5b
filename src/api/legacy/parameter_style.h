// Expressions and the legacy parameters: a request uses the one or the other.

#ifndef GRAMME_API_LEGACY_PARAMETER_STYLE_H_
#define GRAMME_API_LEGACY_PARAMETER_STYLE_H_

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "api/legacy/legacy_shapes.h"
#include "expression/projection_expression.h"
#include "model/api_error.h"

namespace gramme {

// A parameter of a request, and whether it was sent. An empty map was sent.
struct SentParameter {
  std::string_view name;
  bool is_sent = false;
};
using SentParameters = std::initializer_list<SentParameter>;

// `Can not use both expression and non-expression parameters in the same request: …`, each side in
// the order given, which is DynamoDB's of the operation. Errors: ValidationException.
Result<void> CheckOneStyle(SentParameters legacy, SentParameters expressions);

// ConditionalOperator joins two conditions or more. Errors: ValidationException.
Result<void> CheckConditionalOperator(const std::optional<ConditionalOperator>& joined_by,
                                      std::size_t condition_count);

// The name of an attribute in a legacy parameter has a byte at least. Errors: ValidationException.
Result<void> CheckLegacyName(std::string_view name);

// AttributesToGet: top-level names, whatever is in them. Nothing where it is absent. Errors:
// ValidationException for a name that is empty or occurs twice.
Result<std::optional<ProjectionExpression>> TranslateAttributesToGet(const AttributesToGet& names);

}  // namespace gramme

#endif  // GRAMME_API_LEGACY_PARAMETER_STYLE_H_
