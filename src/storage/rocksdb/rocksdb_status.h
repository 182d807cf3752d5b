// RocksDB's statuses in our words.

#ifndef GRAMME_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_
#define GRAMME_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_

#include <rocksdb/status.h>

#include <string_view>

#include "base/status.h"

namespace gramme {

// `doing` says what failed, for the log: "reading a key". REQUIRES: !status.ok().
Status FromRocksDb(const rocksdb::Status& status, std::string_view doing);

// Nothing, or the error.
StoreResult<void> CheckRocksDb(const rocksdb::Status& status, std::string_view doing);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_ROCKSDB_STATUS_H_
