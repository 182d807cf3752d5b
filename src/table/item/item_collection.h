// The size of an item collection: all items of one partition key value and their entries in the
// local indexes.

#ifndef GRAMME_TABLE_ITEM_ITEM_COLLECTION_H_
#define GRAMME_TABLE_ITEM_ITEM_COLLECTION_H_

#include <cstdint>

#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/table_description.h"
#include "storage/store.h"

namespace gramme {

bool HasLocalIndexes(const TableDescription& table);

// Bytes on disk, as the store estimates them: compression makes it less than the sum of the item
// sizes, overwritten versions make it more. May wait for the disk. `key` holds the partition key.
// Errors: the store's.
Result<std::uint64_t> EstimateCollectionBytes(Store& store, const TableDescription& table,
                                              const Item& key);

}  // namespace gramme

#endif  // GRAMME_TABLE_ITEM_ITEM_COLLECTION_H_
