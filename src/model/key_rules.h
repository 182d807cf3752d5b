// What a value may be as a key of a table or an index, with DynamoDB's words: not empty, not too
// large.

#ifndef GRAMME_MODEL_KEY_RULES_H_
#define GRAMME_MODEL_KEY_RULES_H_

#include <cstddef>
#include <string_view>

#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/table_description.h"

namespace gramme {

// Why the value is too short to be a key, as messages put it; or nothing.
std::string_view EmptyKeyProblem(const AttributeValue& value);

// Errors: ValidationException for an empty value of a key attribute of a table.
Result<void> CheckKeyNotEmpty(std::string_view attribute_name, const AttributeValue& value);

// `bytes` is what all values of one kind have together; the index is named where it is one's key.
// Errors: ValidationException for more than kPartitionKeyBytesMax or kSortKeyBytesMax.
Result<void> CheckKeySize(KeyType key_type, std::size_t bytes, std::string_view index_name = {});

}  // namespace gramme

#endif  // GRAMME_MODEL_KEY_RULES_H_
