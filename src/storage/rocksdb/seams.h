// StorageSeams: what a test puts in the place of the machine below the RocksDB store.

#ifndef GRAMME_STORAGE_ROCKSDB_SEAMS_H_
#define GRAMME_STORAGE_ROCKSDB_SEAMS_H_

#include <rocksdb/file_system.h>

#include <cstddef>
#include <memory>
#include <string>

namespace gramme {

struct StorageSeams {
  // Every file of the store, its own and RocksDB's, is reached through it. Null: the machine's.
  std::shared_ptr<rocksdb::FileSystem> file_system;
  // Changes when the machine restarts. Empty: the machine's own.
  std::string boot_id;
  // Fewer imported bytes go through the queue; more, in the order of their keys, become a table.
  std::size_t imported_table_bytes_min = std::size_t{4} << 20;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_SEAMS_H_
