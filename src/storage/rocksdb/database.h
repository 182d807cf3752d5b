// Database: the opened RocksDB of a data directory with everything that had to be true before it
// was opened: format known, lock held, nothing acknowledged missing.

#ifndef GRAMME_STORAGE_ROCKSDB_DATABASE_H_
#define GRAMME_STORAGE_ROCKSDB_DATABASE_H_

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include <cstddef>
#include <memory>
#include <string>

#include "base/status.h"
#include "storage/rocksdb/background_errors.h"
#include "storage/rocksdb/directory_lock.h"
#include "storage/rocksdb/log_guard.h"
#include "storage/rocksdb/memory_split.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/store_records.h"
#include "storage/rocksdb/watermark.h"

namespace gramme {

struct Database {
  StoreIdentity identity;
  std::string boot_id;
  MemorySplit memory;
  std::shared_ptr<LogGuard> files;
  std::shared_ptr<rocksdb::Env> env;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<BackgroundErrors> background_errors;
  std::size_t imported_table_bytes_min = 0;
  // Null where a test keeps the files in memory; then nobody else can reach them.
  std::unique_ptr<DirectoryLock> lock;
  std::unique_ptr<WatermarkFile> watermark;
  StoreState state;
  // Closes itself, before `env` goes, when nobody holds it any more.
  std::shared_ptr<rocksdb::DB> db;
};

// Waits for RocksDB's own threads. A function with a name, for testing/tsan_suppressions.txt.
void CloseRocksDb(rocksdb::DB* database);

// As RocksDbStore::Open.
StoreResult<Database> OpenDatabase(const RocksDbOptions& options);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_DATABASE_H_
