#include "table/item/item_collection.h"

#include <algorithm>

#include "base/result.h"
#include "encoding/key_encoding.h"
#include "table/item/item_key.h"
#include "table/store_error.h"

namespace gramme {

bool HasLocalIndexes(const TableDescription& table) {
  return std::ranges::any_of(table.indexes, [](const auto& index) { return !index.is_global; });
}

Result<std::uint64_t> EstimateCollectionBytes(Store& store, const TableDescription& table,
                                              const Item& key) {
  KeyRange range;
  range.start = PartitionPrefix(KeyValuesOf(table.key_schema, KeyType::kHash, key));
  if (std::string end = PrefixEnd(range.start); !end.empty()) range.end = std::move(end);
  GRAMME_TRY(std::uint64_t bytes,
             FromStore(store.ApproximateSize(KeyspaceId{table.keyspace}, range)));
  // A local index has the partition key of its table, so its entries lie in the same range.
  for (const IndexDescription& index : table.indexes) {
    if (index.is_global) continue;
    GRAMME_TRY(const std::uint64_t index_bytes,
               FromStore(store.ApproximateSize(KeyspaceId{index.keyspace}, range)));
    bytes += index_bytes;
  }
  return bytes;
}

}  // namespace gramme
