// ItemCollectionMetrics: the size of the item collection that a write touches, for tables with
// local indexes.
//
// The size is the store's estimate of the bytes on disk before the write; the range is the whole
// gigabytes around it.

#ifndef GRAMME_API_ITEM_COLLECTION_METRICS_H_
#define GRAMME_API_ITEM_COLLECTION_METRICS_H_

#include <optional>
#include <vector>

#include "api/item/item_shapes.h"
#include "api/operation_context.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

// Nothing where the request did not ask or the table has no local index. Call it before the write:
// it may fail, and on a network loop it asks for the pool. `item` has a valid partition key.
Result<std::optional<ItemCollectionMetrics>> DescribeCollection(
    const std::optional<ReturnItemCollectionMetrics>& asked, const Table& table, const Item& item,
    OperationContext& context);

// Adds it to the collections of one table unless it is there: an answer tells of each once.
void AddCollection(ItemCollectionMetrics metrics, std::vector<ItemCollectionMetrics>& collections);

}  // namespace gramme

#endif  // GRAMME_API_ITEM_COLLECTION_METRICS_H_
