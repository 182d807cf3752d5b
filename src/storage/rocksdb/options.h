// The pinned options of RocksDB, each with its reason. One table; nothing else sets options.

#ifndef GRAMME_STORAGE_ROCKSDB_OPTIONS_H_
#define GRAMME_STORAGE_ROCKSDB_OPTIONS_H_

#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <memory>

#include "storage/rocksdb/memory_split.h"

namespace gramme {

// `env` outlives the database. `cache` is shared by the database and its images.
rocksdb::Options PinnedOptions(rocksdb::Env* env, const MemorySplit& memory,
                               std::shared_ptr<rocksdb::Cache> cache);

// The same for a look that changes no byte of the directory.
rocksdb::Options ReadOnlyOptions(rocksdb::Env* env, const MemorySplit& memory,
                                 std::shared_ptr<rocksdb::Cache> cache);

// The same for what is read once, from one end to the other: it drives from the cache nothing that
// requests need, does not wait for the cache's locks, and needs no filters.
rocksdb::Options OnceThroughOptions(const rocksdb::Options& options);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_OPTIONS_H_
