// Compares what a view shows of a table's indexes, time to live and counters with what they must
// be: a function of the items that the same view shows.

#ifndef GRAMME_TESTS_CRASH_INDEX_TABLE_CHECK_H_
#define GRAMME_TESTS_CRASH_INDEX_TABLE_CHECK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "storage/store.h"

namespace gramme {

struct TableCheck {
  std::vector<std::string> differences;  // in words
  std::uint64_t item_count = 0;
  std::uint64_t entry_count = 0;  // that were found right, of indexes and time to live
  bool is_filling = false;        // an index, or the time to live, is being filled
  bool is_removing = false;       // one is being removed
};

// The description of the table is that of the view too. Of an index that is being filled, each
// entry must be that of an item, but not each item needs its entry yet, and its counters are not
// looked at; one that is being removed is not looked at. `group` is the view's. Errors: the
// store's, kCorruption.
StoreResult<TableCheck> CheckTable(const View& view, const Group& group,
                                   std::string_view table_name);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_INDEX_TABLE_CHECK_H_
