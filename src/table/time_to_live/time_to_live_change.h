// Turning a table's time to live on and off. On: writes keep its index from that commit on, and a
// job fills in the items that were there before (table/index/index_backfill.h). Off: a job drops
// the index (table/index/index_drop.h). Either lasts for the transition delay at least.

#ifndef GRAMME_TABLE_TIME_TO_LIVE_TIME_TO_LIVE_CHANGE_H_
#define GRAMME_TABLE_TIME_TO_LIVE_TIME_TO_LIVE_CHANGE_H_

#include <string>

#include "model/api_error.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

// What UpdateTimeToLive asks for.
struct TimeToLiveChange {
  std::string attribute_name;
  bool is_enabled = false;
};

// Begins the change. Waits for the disk. Errors: ValidationException where the table has what is
// asked for, expires by another attribute, or is in the middle of another such change;
// ResourceInUseException where it is being created or deleted; ResourceNotFoundException; the
// store's.
Result<CatalogEdit> BeginTimeToLiveChange(const TableRef& table, const TimeToLiveChange& change,
                                          Store& store, Catalog& catalog, Jobs& jobs,
                                          const Settings& settings);

}  // namespace gramme

#endif  // GRAMME_TABLE_TIME_TO_LIVE_TIME_TO_LIVE_CHANGE_H_
