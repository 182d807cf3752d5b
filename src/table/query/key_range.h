// From what a Query or Scan asks for to a range of key bytes in one keyspace. Pure.

#ifndef GRAMME_TABLE_QUERY_KEY_RANGE_H_
#define GRAMME_TABLE_QUERY_KEY_RANGE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "expression/key_condition_expression.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/table_description.h"
#include "storage/key.h"
#include "storage/store.h"

namespace gramme {

// All keys of the partition, whatever their sort keys.
KeyRange PartitionRange(const KeyCondition& condition);
// The keys that satisfy the condition, in the table or in an index.
KeyRange ConditionRange(const KeyCondition& condition);
// One of `total` equal parts of all keys, by their hashes. REQUIRES: segment < total.
KeyRange SegmentRange(std::uint64_t segment, std::uint64_t total);

bool Contains(const KeyRange& range, std::string_view key);
// The part of the range that comes after `key` in the direction.
KeyRange After(KeyRange range, std::string_view key, Direction direction);

// The key bytes of an ExclusiveStartKey; the item need not exist. `index` is nullptr for the table.
// Errors: ValidationException where it is not exactly the key attributes, of the right types.
Result<std::string> StartKeyOf(const TableDescription& table, const IndexDescription* index,
                               const Item& start_key);

}  // namespace gramme

#endif  // GRAMME_TABLE_QUERY_KEY_RANGE_H_
