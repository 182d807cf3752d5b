// Where an item lives: from the attributes of its key to its key in the store, and back to the
// rules for key attributes that DynamoDB has. Pure.

#ifndef GRAMME_TABLE_ITEM_ITEM_KEY_H_
#define GRAMME_TABLE_ITEM_ITEM_KEY_H_

#include <boost/container/small_vector.hpp>
#include <span>
#include <string>
#include <string_view>

#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/table_description.h"
#include "storage/key.h"
#include "table/table.h"

namespace gramme {

// Values of a key in schema order; borrowed.
using KeyValues = boost::container::small_vector<const AttributeValue*, 4>;

// The store key of a whole item. Errors: ValidationException where a key attribute is missing, has
// another type than the schema says, is empty or too large.
Result<Key> KeyOfItem(const Table& table, const Item& item);
// The store key for the `Key` of a request, which has the key attributes and nothing else. Errors:
// ValidationException `The provided key element does not match the schema`; empty, too large.
Result<Key> KeyOfKey(const Table& table, const Item& key);
// The same for attributes known to be valid. REQUIRES: each key attribute is there with its type.
Key KeyOfValidItem(const TableDescription& table, const Item& item);

// Only the key attributes of the table; of the table and the index.
Item KeyAttributesOf(const TableDescription& table, const Item& item);
Item KeyAttributesOf(const TableDescription& table, const IndexDescription& index,
                     const Item& item);

bool IsInSchema(const KeySchema& schema, std::string_view attribute_name);

// The item's values for the schema's attributes of one kind; nullptr for those it does not have.
KeyValues KeyValuesOf(const KeySchema& schema, KeyType key_type, const Item& item);

// `hash | partition`: what all keys of one partition begin with.
std::string PartitionPrefix(std::span<const AttributeValue* const> partition);

// The bytes that count towards the limits of keys. REQUIRES: none is nullptr.
std::size_t KeyValuesBytes(const KeyValues& values);

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_ITEM_KEY_H_
