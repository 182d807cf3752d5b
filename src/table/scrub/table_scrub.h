// TableScrub: looks through one table for damage, in steps, while it is used.
//
// Each step opens a view of its own and looks at one page with it (table_check.h). What is there
// from the first step to the last is looked at, and so is all that belongs to it; of what comes,
// goes or moves meanwhile some is, and the rest is left to the next scrub. Nothing is reported that
// is not damage: a page is compared with itself at one instant.
//
// What was counted is compared where that can be decided: when all items of a group were read at
// one commit, in one page or because nothing was written meanwhile.
//
// A table that is being created, restored or deleted is left out.

#ifndef GRAMME_TABLE_SCRUB_TABLE_SCRUB_H_
#define GRAMME_TABLE_SCRUB_TABLE_SCRUB_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "storage/store.h"
#include "table/scrub/scrub_finding.h"
#include "table/scrub/table_check.h"

namespace gramme {

// Used by one thread at a time.
class TableScrub {
 public:
  // The store outlives it.
  TableScrub(Store& store, std::string table_name, const CheckLimits& limits = {})
      : store_(store), table_name_(std::move(table_name)), limits_(limits) {}

  // True: the scrub is at its end, or the table has gone. Damage, also of what lies under the
  // table, is a finding and not an error. Errors: the store's; the step can be tried again, and may
  // repeat findings.
  StoreResult<bool> Step(FindingSink report);

  const CheckTotals& totals() const { return totals_; }
  // Of how many groups the counters could be compared.
  std::uint64_t counted_group_count() const { return counted_group_count_; }

 private:
  // A view, and the table as it shows it; nothing where there is nothing to look at.
  struct Look {
    std::unique_ptr<View> view;
    TableRef table;
  };

  StoreResult<std::optional<std::string>> ReadRecord(const View& view) const;
  StoreResult<Look> TakeLook(GroupId group);
  // The part to go on with; nothing: all of the group has been looked at.
  std::optional<TablePart> NextPart(const TableDescription& table);
  StoreResult<void> LookAtPage(const Look& look, const Group& group, const TablePart& part,
                               FindingSink report);
  void BeginGroup();

  Store& store_;
  const std::string table_name_;
  const CheckLimits limits_;
  std::optional<std::uint64_t> table_number_;  // of the table that the scrub began with
  std::optional<std::vector<Group>> groups_;   // those not done with, the next one last

  // Of the group that is being looked at.
  std::vector<TablePart> finished_;
  std::optional<TablePart> part_;
  std::string cursor_;
  std::optional<TableCheck::Counted> counted_;
  Position counted_at_;  // of the view that saw its first items

  CheckTotals totals_;
  std::uint64_t counted_group_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_SCRUB_TABLE_SCRUB_H_
