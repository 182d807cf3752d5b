#include "table/index/index_entry.h"

#include <algorithm>
#include <utility>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/key_encoding.h"
#include "model/key_rules.h"
#include "model/limits.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

// Whether all attributes are there and can be keys.
bool CanBeKeys(const TableDescription& table, const KeySchema& schema, KeyType key_type,
               std::size_t bytes_max, const Item& item) {
  KeyValues values;
  for (const KeySchemaElement& element : schema) {
    if (element.key_type != key_type) continue;
    const AttributeValue* value = FindAttribute(item, element.attribute_name);
    if (value == nullptr || !value->is(table.TypeOf(element.attribute_name))) return false;
    if (!EmptyKeyProblem(*value).empty()) return false;
    values.push_back(value);
  }
  return KeyValuesBytes(values) <= bytes_max;
}

Item ProjectedAttributes(const TableDescription& table, const IndexDescription& index,
                         const Item& item) {
  Item projected = KeyAttributesOf(table, index, item);
  for (const std::string& name : index.projection.non_key_attributes) {
    const AttributeValue* value = FindAttribute(item, name);
    if (value != nullptr) projected.insert_or_assign(name, *value);
  }
  return projected;
}

}  // namespace

std::optional<IndexEntry> EntryOf(const TableDescription& table, const IndexDescription& index,
                                  std::uint64_t base_placement, const Item& item) {
  const KeySchema& schema = index.key_schema;
  if (!CanBeKeys(table, schema, KeyType::kHash, kPartitionKeyBytesMax, item)) return std::nullopt;
  if (!CanBeKeys(table, schema, KeyType::kRange, kSortKeyBytesMax, item)) return std::nullopt;
  IndexEntry entry;
  entry.key.keyspace = KeyspaceId{index.keyspace};
  entry.key.placement = base_placement;
  entry.key.bytes = IndexKeyOf(table, index, item);
  AppendBigEndian64(base_placement, entry.value);
  if (index.projection.type == ProjectionType::kAll) {
    entry.size_bytes = ItemSizeBytes(item);
    entry.value += EncodeItem(item, entry.size_bytes);
  } else {
    const Item projected = ProjectedAttributes(table, index, item);
    entry.size_bytes = ItemSizeBytes(projected);
    entry.value += EncodeItem(projected, entry.size_bytes);
  }
  return entry;
}

std::string IndexKeyOf(const TableDescription& table, const IndexDescription& index,
                       const Item& item) {
  std::string bytes = PartitionPrefix(KeyValuesOf(index.key_schema, KeyType::kHash, item));
  AppendKeyTuple(KeyValuesOf(index.key_schema, KeyType::kRange, item), bytes);
  AppendKeyTuple(KeyValuesOf(table.key_schema, KeyType::kHash, item), bytes);
  AppendKeyTuple(KeyValuesOf(table.key_schema, KeyType::kRange, item), bytes);
  return bytes;
}

StoreResult<StoredIndexEntry> OpenIndexEntry(std::string_view value) {
  if (value.size() < kHashBytes) {
    return StoreError(StatusCode::kCorruption, "an index entry is too short");
  }
  const std::uint64_t base_placement = ReadBigEndian64(value);
  GRAMME_TRY(const ItemView attributes, ItemView::Open(value.substr(kHashBytes)));
  return StoredIndexEntry{.base_placement = base_placement, .attributes = attributes};
}

bool IsMaintained(const IndexDescription& index) { return index.status != IndexStatus::kDeleting; }

bool IsProjected(const TableDescription& table, const IndexDescription& index,
                 std::string_view attribute_name) {
  return index.projection.type == ProjectionType::kAll ||
         IsInSchema(table.key_schema, attribute_name) ||
         IsInSchema(index.key_schema, attribute_name) ||
         std::ranges::find(index.projection.non_key_attributes, attribute_name) !=
             index.projection.non_key_attributes.end();
}

void AppendEntriesOf(const TableDescription& table, const Key& base_key, const Item& item,
                     std::size_t item_size_bytes, std::vector<KeyValue>& entries,
                     std::vector<Counts>& counts) {
  counts[0].items += 1;
  counts[0].bytes += static_cast<std::int64_t>(item_size_bytes);
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    if (!IsMaintained(table.indexes[i])) continue;
    std::optional<IndexEntry> entry = EntryOf(table, table.indexes[i], base_key.placement, item);
    if (!entry) continue;
    counts[i + 1].items += 1;
    counts[i + 1].bytes += static_cast<std::int64_t>(entry->size_bytes);
    entries.push_back({.key = std::move(entry->key), .value = std::move(entry->value)});
  }
}

}  // namespace gramme
