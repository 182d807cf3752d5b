// ExpirySweep: deletes the items whose time to live is over, table by table, in passes of small
// steps. It finds them in the index of the time to live (expiry_entry.h) and never reads a table.
//
// Each deletion is a write like any other: entries of indexes, counters and the change log follow.
// Its condition asks the item itself whether it is due, so an item that was renewed after the sweep
// had found it stays. Nobody is charged for it.
//
// A pass goes by the clock as each of its steps finds it. What it leaves behind, for whatever
// reason, the next pass finds again.
//
// Step is called by one thread at a time; deleted_count and Lag by any.

#ifndef GRAMME_TABLE_TIME_TO_LIVE_EXPIRY_SWEEP_H_
#define GRAMME_TABLE_TIME_TO_LIVE_EXPIRY_SWEEP_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "expression/condition_expression.h"
#include "storage/store.h"
#include "table/catalog.h"

namespace gramme {

class ExpirySweep {
 public:
  // So that writers hardly wait for a step.
  static constexpr std::size_t kItemCountPerStep = 100;

  // Keeps the references; all outlive it.
  ExpirySweep(Store& store, Catalog& catalog, Clock& clock)
      : store_(store), catalog_(catalog), clock_(clock) {}

  // Begins a pass, or goes on with one: looks at up to kItemCountPerStep entries. What it deleted
  // is durable when it returns. Waits for the disk.
  // Errors: the store's. Of a damaged item, which is passed over: kCorruption, and the pass goes
  // on. After any other one the pass is over.
  StoreResult<void> Step();
  // Whether the next step goes on with a pass.
  bool is_in_pass() const { return is_in_pass_; }

  // By all steps so far.
  std::uint64_t deleted_count() const { return deleted_count_; }
  // How long the oldest item that is due has been so, among those that the last pass found when it
  // began, and once it has ended: left behind. 0: there are none.
  Duration Lag() const;

 private:
  // What a pass has still to look at: the entries of one table in one group.
  struct Part {
    std::string table_name;
    std::uint64_t keyspace = 0;  // of the time to live
    GroupId group{};
    std::string cursor;  // the last entry that was looked at; empty: none
  };

  std::deque<Part> Parts() const;
  // The table, unless its items do not expire any more, or by another attribute.
  TableRef FindTable(const Part& part, const CatalogView& view) const;
  // Remembers when the oldest item was due.
  StoreResult<void> MeasureLag(WallTime now);
  // The first entries behind the cursor that may be due.
  StoreResult<std::vector<std::string>> ReadEntries(const Part& part, WallTime now,
                                                    std::size_t count_max) const;
  // False when nothing is left of the part. Of several errors the last one.
  StoreResult<bool> SweepSome(Part& part);
  // Nothing where the item is gone, or not due.
  StoreResult<std::optional<Position>> Delete(const Part& part, const std::string& entry_key,
                                              const ConditionExpression& is_due);

  Store& store_;
  Catalog& catalog_;
  Clock& clock_;
  bool is_in_pass_ = false;
  std::deque<Part> parts_;  // the first one is being swept
  std::atomic<std::uint64_t> deleted_count_ = 0;
  std::atomic<std::uint64_t> oldest_due_second_ = UINT64_MAX;  // UINT64_MAX: none
};

}  // namespace gramme

#endif  // GRAMME_TABLE_TIME_TO_LIVE_EXPIRY_SWEEP_H_
