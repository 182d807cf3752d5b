// Recovery: whether a directory may be opened, decided by looking at it without changing a byte.
//
// No recovery mode of RocksDB is right alone: the default one opens in silence with acknowledged
// commits missing. So the state found is compared with the watermark, and a damaged end of the log
// is accepted only where a loss of power explains it.

#ifndef GRAMME_STORAGE_ROCKSDB_RECOVERY_H_
#define GRAMME_STORAGE_ROCKSDB_RECOVERY_H_

#include <rocksdb/file_system.h>
#include <rocksdb/options.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/status.h"
#include "storage/rocksdb/watermark.h"

namespace gramme {

struct RecoveryVerdict {
  // The mode to open with.
  rocksdb::WALRecoveryMode mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // The name and the whole part of a manifest whose torn end has to be cut off before opening.
  std::optional<std::pair<std::string, std::string>> trimmed_manifest;
  // What was accepted that an operator should know.
  std::optional<std::string> warning;
};

// Looks at the database in DIRECTORY/db. `boot_id` is this boot's. `options` are read-only ones, on
// `files`. Errors: kCorruption, naming the file and what is lost; kIoError.
StoreResult<RecoveryVerdict> InspectDirectory(const std::shared_ptr<rocksdb::FileSystem>& files,
                                              const std::string& directory,
                                              const rocksdb::Options& options,
                                              const Watermark& watermark,
                                              const std::string& boot_id);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_RECOVERY_H_
