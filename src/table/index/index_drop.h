// The job that ends a deleted index: after the transition delay it takes the index out of the
// table's description, then drops its keyspace and counters. A time to live that was turned off
// ends in the same way.

#ifndef GRAMME_TABLE_INDEX_INDEX_DROP_H_
#define GRAMME_TABLE_INDEX_INDEX_DROP_H_

#include <string_view>

#include "storage/store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"

namespace gramme {

inline constexpr std::string_view kIndexDropJob = "index-drop";

// All outlive the jobs.
void RegisterIndexDrop(Jobs& jobs, Store& store, Catalog& catalog);

// The job for an index that is being deleted, for the batch of that edit.
Job NewIndexDrop(const TableDescription& table, const IndexDescription& index, const Jobs& jobs);
// The same for a time to live that is being turned off. REQUIRES: the table has one.
Job NewTimeToLiveDrop(const TableDescription& table, const Jobs& jobs);

}  // namespace gramme

#endif  // GRAMME_TABLE_INDEX_INDEX_DROP_H_
