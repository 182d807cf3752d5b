// Where a node keeps its backups.

#ifndef GRAMME_SERVER_BACKUP_PLACE_H_
#define GRAMME_SERVER_BACKUP_PLACE_H_

#include <memory>

#include "backup/backup_storage.h"
#include "base/status.h"
#include "server/node_options.h"

namespace gramme {

// The chosen directory; without one, `backups` in the data directory; without either, memory, and
// the backups are gone with the process. Errors: kIoError, with the directory's name.
StoreResult<std::unique_ptr<BackupStorage>> OpenBackupPlace(const NodeOptions& options);

}  // namespace gramme

#endif  // GRAMME_SERVER_BACKUP_PLACE_H_
