// The rules for values that become keys of an index: DynamoDB refuses an item whose attribute could
// not be a key of one of the table's indexes. An absent attribute is no violation: the item is then
// not in that index.

#ifndef GRAMME_TABLE_INDEX_INDEX_KEYS_H_
#define GRAMME_TABLE_INDEX_INDEX_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/table_description.h"

namespace gramme {

// What is being written, for the words of the refusal.
enum class IndexKeySource { kPut, kUpdate };

// What an update says of an attribute before the item is read. Errors: ValidationException where it
// is a key attribute of an index, of another type.
Result<void> CheckIndexKeyType(const TableDescription& table, std::string_view attribute_name,
                               AttributeType type);

// Expressions may not look into the attributes of a key. `nested_attributes` are those that one
// looks into, in order. Errors: ValidationException for one that is a key of the table or an index.
Result<void> CheckKeyPaths(const TableDescription& table,
                           const std::vector<std::string>& nested_attributes);

// Errors: ValidationException for an index key attribute of the wrong type, empty or too large.
Result<void> CheckIndexKeys(const TableDescription& table, const Item& item, IndexKeySource source);

}  // namespace gramme

#endif  // GRAMME_TABLE_INDEX_INDEX_KEYS_H_
