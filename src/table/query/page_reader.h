// One page of a Query or Scan: items, or index entries, of a key range in order, from one view per
// group. Knows no filters and projections: it hands out each item that it evaluates.

#ifndef GRAMME_TABLE_QUERY_PAGE_READER_H_
#define GRAMME_TABLE_QUERY_PAGE_READER_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/function_ref.h"
#include "encoding/item_encoding.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "storage/store.h"
#include "table/table.h"

namespace gramme {

struct PageRange {
  TableRef table;
  const IndexDescription* index = nullptr;  // one of the table's; nullptr: the table itself
  KeyRange keys = {};
  Direction direction = Direction::kForward;
  std::optional<std::int64_t> limit = std::nullopt;  // of evaluated items
  // Hand out the items that the entries of a local index stand for instead of the entries.
  bool fetches_items = false;
  // There is memory for so much.
  std::size_t bytes_max = std::numeric_limits<std::size_t>::max();
};

struct PageEnd {
  std::int64_t evaluated_count = 0;
  std::size_t evaluated_bytes = 0;  // of items; of entries for an index
  double fetch_units = 0;           // strongly consistent, each item alone
  // The key attributes of the last evaluated item, where the page ended before the range did: at
  // the limit, even where nothing follows; or before more than kPageBytesMax, fetched items
  // counted.
  std::optional<Item> last_evaluated_key;
};

// Valid during the call. What it refuses ends the page.
using PageVisitor = FunctionRef<Result<void>(const ItemView& item)>;

// Calls `visit` for each evaluated item in key order or against it. The page is read when it is
// called first, so no view is held meanwhile beyond this call. Errors: the store's, the visitor's;
// kRetryOnPool on a network loop for more than kLoopBytesMax; kRetryWithRoom where it reads more
// than `range.bytes_max`.
Result<PageEnd> ReadPage(Store& store, ReadTier tier, const PageRange& range, PageVisitor visit);

}  // namespace gramme

#endif  // GRAMME_TABLE_QUERY_PAGE_READER_H_
