// Compares what a view shows of a table's indexes, time to live, change log and counters with what
// they must be: a function of the items that the same view shows (table/scrub/).

#ifndef GRAMME_TESTS_CRASH_INDEX_TABLE_CHECK_H_
#define GRAMME_TESTS_CRASH_INDEX_TABLE_CHECK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "storage/store.h"

namespace gramme {

struct CheckedTable {
  std::vector<std::string> differences;  // in words
  std::uint64_t item_count = 0;
  std::uint64_t entry_count = 0;  // that were found right, of indexes and time to live
  bool is_filling = false;        // an index, or the time to live, is being filled
  bool is_removing = false;       // one is being removed
};

// The description of the table is that of the view too. `group` is the view's. Errors: the store's,
// kCorruption.
StoreResult<CheckedTable> CheckTable(const View& view, const Group& group,
                                     std::string_view table_name);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_INDEX_TABLE_CHECK_H_
