// What can be done with a backup directory without a server: list, verify, restore. For the
// commands of `gramme backup`.

#ifndef GRAMME_BACKUP_OFFLINE_H_
#define GRAMME_BACKUP_OFFLINE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_description.h"
#include "backup/backup_storage.h"
#include "backup/restored_table.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"
#include "model/api_error.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/settings.h"

namespace gramme {

struct StoredBackup {
  std::string id;
  std::optional<BackupDescription> backup;  // nothing: it cannot be read
  std::string problem;                      // why not
};

// Whole backups, oldest first; drafts are left out. Errors: the storage's.
StoreResult<std::vector<StoredBackup>> ListStoredBackups(const BackupStorage& storage);

// Reads everything. What is wrong, one line for each damaged file; empty: nothing is. Errors: the
// storage's, where it could not be read at all.
StoreResult<std::vector<std::string>> VerifyStoredBackup(const BackupStorage& storage,
                                                         std::string_view id);

struct OfflineRestore {
  std::string backup_id;
  std::string target_table_name;
  RestoreOverrides overrides = {};
};

// Restores into an opened store that nobody else uses; the table is ACTIVE when it returns. The
// catalog is loaded. Errors: as Backups::BeginRestore; InternalServerError says why it failed
// later.
Result<TableDescription> RestoreOffline(Store& store, Catalog& catalog, BackupStorage& storage,
                                        Clock& clock, Random& random, const Settings& settings,
                                        const OfflineRestore& restore);

}  // namespace gramme

#endif  // GRAMME_BACKUP_OFFLINE_H_
