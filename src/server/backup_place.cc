#include "server/backup_place.h"

#include <string>

#include "backup/directory_backup_storage.h"
#include "backup/memory_backup_storage.h"
#include "base/result.h"

namespace gramme {

StoreResult<std::unique_ptr<BackupStorage>> OpenBackupPlace(const NodeOptions& options) {
  if (!options.backup_directory && !options.data_directory) {
    return std::make_unique<MemoryBackupStorage>();
  }
  std::string path =
      options.backup_directory ? *options.backup_directory : *options.data_directory + "/backups";
  GRAMME_TRY(auto storage, DirectoryBackupStorage::Make(std::move(path),
                                                        DirectoryBackupStorage::Open::kCreate));
  return storage;
}

}  // namespace gramme
