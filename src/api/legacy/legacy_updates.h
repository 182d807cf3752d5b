// AttributeUpdates as the update that an UpdateExpression gives: PUT is SET, DELETE without a value
// REMOVE. Besides, ADD appends to a list.

#ifndef GRAMME_API_LEGACY_LEGACY_UPDATES_H_
#define GRAMME_API_LEGACY_LEGACY_UPDATES_H_

#include <optional>

#include "api/legacy/legacy_shapes.h"
#include "expression/update_expression.h"
#include "model/api_error.h"

namespace gramme {

// Nothing where there are no updates. Errors: ValidationException.
Result<std::optional<UpdateExpression>> TranslateUpdates(const AttributeUpdates& updates);

}  // namespace gramme

#endif  // GRAMME_API_LEGACY_LEGACY_UPDATES_H_
