// What a view shows of a table, held against itself: every item can be read and lies under its own
// key, the indexes and the time to live are what the items make of them, entry by entry, change
// records can be read, and what was counted is there.
//
// Pages are independent of each other. Everything that one page compares it reads from one view, so
// a difference is never a write that is under way.

#ifndef GRAMME_TABLE_SCRUB_TABLE_CHECK_H_
#define GRAMME_TABLE_SCRUB_TABLE_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "table/counters.h"
#include "table/scrub/scrub_finding.h"
#include "table/table.h"

namespace gramme {

// A keyspace of a table, or the records of one shard of its change log.
struct TablePart {
  enum class Kind { kItems, kIndex, kTimeToLive, kChangeLog };

  Kind kind = Kind::kItems;
  std::size_t number = 0;  // of the index, or the shard, in the description
  KeyspaceId keyspace{};
  KeyRange range;
  // Not each item has its entry yet.
  bool is_filling = false;
  std::string place;  // for findings

  // Of two versions of one table: the same part.
  bool IsSameAs(const TablePart& other) const {
    return keyspace == other.keyspace && range.start == other.range.start;
  }
};

// The items first. Indexes that are being deleted are none of it.
std::vector<TablePart> PartsOf(const TableDescription& table);

struct CheckLimits {
  std::size_t count_max = 4096;
  std::size_t bytes_max = std::size_t{4} << 20;
};

struct CheckTotals {
  std::uint64_t item_count = 0;
  std::uint64_t entry_count = 0;  // of indexes and time to live, that are right
  std::uint64_t record_count = 0;
  std::uint64_t byte_count = 0;  // read of all

  CheckTotals& operator+=(const CheckTotals& other) {
    item_count += other.item_count;
    entry_count += other.entry_count;
    record_count += other.record_count;
    byte_count += other.byte_count;
    return *this;
  }
};

class TableCheck {
 public:
  // Of the group that `view` is a view of. `table` is as the view has it. Borrows its arguments.
  TableCheck(const View& view, const Table& table) : view_(view), table_(table) {}

  // What the items of one group come to; nothing once one of them cannot be counted.
  struct Counted {
    explicit Counted(const TableDescription& table) : counts(table.indexes.size() + 1) {}

    std::vector<Counts> counts;  // of the table, then of each index
    bool is_known = true;
  };

  // Looks at one page of a part from the key `start` on; the start of the next one, or nothing
  // where it was the last. Items are added to `counted`. Errors: the store's; kCorruption and
  // kIoError where the part cannot be read.
  StoreResult<std::optional<std::string>> CheckPage(const TablePart& part, const std::string& start,
                                                    const CheckLimits& limits, Counted& counted,
                                                    FindingSink report);

  // Compares what the group has counted. REQUIRES: all items of the group, as the view shows them,
  // are in `counted`. Errors: the store's.
  StoreResult<void> CheckCounts(const Group& group, const Counted& counted, FindingSink report);

  // All of it, from this view.
  StoreResult<void> CheckAll(const Group& group, FindingSink report);

  const CheckTotals& totals() const { return totals_; }

 private:
  struct Entry {
    std::string key;
    std::string value;
  };
  struct Page {
    std::vector<Entry> entries;
    std::optional<std::string> next;
  };

  StoreResult<Page> ReadPage(const TablePart& part, const std::string& start,
                             const CheckLimits& limits);
  StoreResult<void> CheckItems(const Page& page, Counted& counted, FindingSink report);
  StoreResult<void> CheckIndex(const TablePart& part, const Page& page, FindingSink report);
  StoreResult<void> CheckExpiry(const TablePart& part, const Page& page, FindingSink report);
  void CheckLog(const TablePart& part, const Page& page, FindingSink report);

  const View& view_;
  const Table& table_;
  CheckTotals totals_;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_SCRUB_TABLE_CHECK_H_
