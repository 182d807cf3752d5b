// The job that ends a deleted table: it waits out the transition delay, removes the table's record
// where that is still there, and drops its keyspaces and counters.
//
// The record is marked DELETING in the commit that writes the job, so the table answers no item
// request from then on; with no transition delay the record goes in that commit already.

#ifndef GRAMME_TABLE_TABLE_DROP_H_
#define GRAMME_TABLE_TABLE_DROP_H_

#include <functional>

#include "base/clock.h"
#include "base/status.h"
#include "model/api_error.h"
#include "model/table_description.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

inline constexpr std::string_view kTableDropJob = "table-drop";

// Sees a removed table that had point-in-time recovery when it went, before anything of it is
// dropped: nobody writes to it any more. Until it succeeds nothing is dropped; it is called again
// after a failure, and perhaps after a success that a crash undid, but never once anything is gone.
using BeforeDrop =
    std::function<StoreResult<void>(const TableDescription& removed, WallTime deletion_time)>;

void RegisterTableDrop(Jobs& jobs, Store& store, Catalog& catalog,
                       BeforeDrop before_drop = nullptr);

// Begins deleting the table. `check` may refuse, as for Catalog::EditTable. The edit's table is as
// it was, in status DELETING.
Result<CatalogEdit> BeginTableDrop(std::string_view table_name, Catalog::Edit check,
                                   Catalog& catalog, Jobs& jobs, const Settings& settings);

}  // namespace gramme

#endif  // GRAMME_TABLE_TABLE_DROP_H_
