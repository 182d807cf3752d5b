// DynamoDB's rules for tags.

#ifndef GRAMME_API_TAG_TAG_RULES_H_
#define GRAMME_API_TAG_TAG_RULES_H_

#include <cstddef>
#include <vector>

#include "api/table/table_shapes.h"
#include "model/api_error.h"

namespace gramme {

// No `aws:` prefix, no key twice, at most 50. Errors: ValidationException.
Result<void> ValidateTags(const std::vector<Tag>& tags);

// Of a resource, once new tags are merged into those it has.
Result<void> ValidateTagCount(std::size_t count);

}  // namespace gramme

#endif  // GRAMME_API_TAG_TAG_RULES_H_
