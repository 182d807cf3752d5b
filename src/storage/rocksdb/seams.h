// StorageSeams: what a test puts in the place of the machine below the RocksDB store.

#ifndef GRAMME_STORAGE_ROCKSDB_SEAMS_H_
#define GRAMME_STORAGE_ROCKSDB_SEAMS_H_

#include <rocksdb/file_system.h>

#include <memory>
#include <string>

namespace gramme {

struct StorageSeams {
  // Every file of the store, its own and RocksDB's, is reached through it. Null: the machine's.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // Changes when the machine restarts. Empty: the machine's own.
  std::string boot_id;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_SEAMS_H_
