// The rules for values that become keys of an index: DynamoDB refuses an item whose attribute could
// not be a key of one of the table's indexes. An absent attribute is no violation: the item is then
// not in that index.

#ifndef GRAMME_TABLE_INDEX_INDEX_KEYS_H_
#define GRAMME_TABLE_INDEX_INDEX_KEYS_H_

#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/table_description.h"

namespace gramme {

// What is being written, for the words of the refusal.
enum class IndexKeySource { kPut, kUpdate };

// Errors: ValidationException for an index key attribute of the wrong type, empty or too large.
Result<void> CheckIndexKeys(const TableDescription& table, const Item& item, IndexKeySource source);

}  // namespace gramme

#endif  // GRAMME_TABLE_INDEX_INDEX_KEYS_H_
