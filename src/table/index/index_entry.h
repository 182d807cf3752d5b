// IndexEntry: what one item is in one index. An entry is a pure function of the item and the
// description, so an index always equals f(its table) where both are written in one batch.
//
// An entry's key is `hash | index partition | index sort | base partition | base sort`; its value
// is the placement hash of the base item, then the projected attributes as an item. Part of the
// format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_INDEX_INDEX_ENTRY_H_
#define GRAMME_TABLE_INDEX_INDEX_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "encoding/item_encoding.h"
#include "model/attribute_value.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "table/counters.h"

namespace gramme {

struct IndexEntry {
  Key key;  // placed by the base item
  std::string value;
  std::size_t size_bytes = 0;  // base key + index key + projected attributes

  friend bool operator==(const IndexEntry&, const IndexEntry&) = default;
};

// Nothing where the item has not all key attributes of the index, or one that cannot be a key of it
// (wrong type, empty, too large): items may be older than the index. REQUIRES: the item's own key
// is valid, and `base_placement` is its placement.
std::optional<IndexEntry> EntryOf(const TableDescription& table, const IndexDescription& index,
                                  std::uint64_t base_placement, const Item& item);

// The key bytes of an entry. REQUIRES: `item` has every key attribute of the table and the index,
// each with its type.
std::string IndexKeyOf(const TableDescription& table, const IndexDescription& index,
                       const Item& item);

// The parts of an entry's value. Borrows the bytes.
struct StoredIndexEntry {
  std::uint64_t base_placement = 0;
  ItemView attributes;
};
// Errors: kCorruption.
StoreResult<StoredIndexEntry> OpenIndexEntry(std::string_view value);

// Whether writes keep the index up to date: all but those that are being deleted. An index that is
// being built is written from its first moment on.
bool IsMaintained(const IndexDescription& index);

// Whether the index has the attribute in its entries.
bool IsProjected(const TableDescription& table, const IndexDescription& index,
                 std::string_view attribute_name);

// What a restore imports for one item besides the item: its entries in every maintained index,
// appended to `entries`. `counts` has one element for the table and one for each of its indexes, in
// their order; the item and its entries are added. `base_key` and `item_size_bytes` are the item's.
void AppendEntriesOf(const TableDescription& table, const Key& base_key, const Item& item,
                     std::size_t item_size_bytes, std::vector<KeyValue>& entries,
                     std::vector<Counts>& counts);

}  // namespace gramme

#endif  // GRAMME_TABLE_INDEX_INDEX_ENTRY_H_
