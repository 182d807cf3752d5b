// What CreateTable and restores share: from a definition to a description with keyspaces of its
// own.

#ifndef GRAMME_TABLE_TABLE_CREATION_H_
#define GRAMME_TABLE_TABLE_CREATION_H_

#include "base/clock.h"
#include "base/random.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

inline constexpr std::string_view kTableActivationJob = "table-activation";

void RegisterTableActivation(Jobs& jobs, Catalog& catalog);

// Gives `table` its identity: id, number, creation time, and a fresh keyspace for its items and for
// each index. Keyspaces of a table that is never added are left empty, which costs nothing.
StoreResult<void> GiveIdentity(TableDescription& table, Store& store, Clock& clock, Random& random);

// Adds the described table to the catalog: ACTIVE at once with no transition delay, otherwise
// CREATING until a job activates it after the delay.
Result<CatalogEdit> BeginTable(TableDescription table, Catalog& catalog, Jobs& jobs,
                               const Settings& settings);

}  // namespace gramme

#endif  // GRAMME_TABLE_TABLE_CREATION_H_
