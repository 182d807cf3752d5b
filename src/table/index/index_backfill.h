// The job that fills a new index from the items that are there already. The index of a time to live
// is filled in the same way; it has no counters.
//
// From the commit that added the index on, every write keeps its entries (the generation was raised
// in that commit). The backfill then walks the table, opened at a later position, and for each item
// writes the entry of its *current* value in an Update of its own, so it can neither miss an item
// nor bring back an old one. Last, the counters of the index are set right: writes since the start
// have counted as if the index were complete, so the difference between what one view counts and
// what the same view's counters say is a constant, and is added.

#ifndef GRAMME_TABLE_INDEX_INDEX_BACKFILL_H_
#define GRAMME_TABLE_INDEX_INDEX_BACKFILL_H_

#include <string_view>

#include "storage/store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"

namespace gramme {

inline constexpr std::string_view kIndexBackfillJob = "index-backfill";

// All outlive the jobs.
void RegisterIndexBackfill(Jobs& jobs, Store& store, Catalog& catalog);

// The job for an index that is being added, for the batch of that edit.
Job NewIndexBackfill(const TableDescription& table, const IndexDescription& index,
                     const Jobs& jobs);
// The same for a time to live that is being turned on. REQUIRES: the table has one.
Job NewTimeToLiveBackfill(const TableDescription& table, const Jobs& jobs);

}  // namespace gramme

#endif  // GRAMME_TABLE_INDEX_INDEX_BACKFILL_H_
