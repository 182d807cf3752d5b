// File checks: what a RocksDB database keeps on disk, read again.
//
// A table is compared, in steps, with the checksum of the whole file that the manifest keeps; one
// that was written before manifests kept any has the checksums of its blocks verified instead,
// which no step divides. The rest is small: the manifest, which has checksums of its own, and the
// text records.

#ifndef GRAMME_STORAGE_ROCKSDB_FILE_CHECK_H_
#define GRAMME_STORAGE_ROCKSDB_FILE_CHECK_H_

#include <rocksdb/db.h>

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"
#include "storage/store.h"

namespace gramme {

// Of the database in DIRECTORY/db that is open for writing: FORMAT, CURRENT, the manifest and the
// tables that are part of it now. Keeps `db` open.
std::unique_ptr<StoreFileCheck> CheckLiveFiles(std::shared_ptr<rocksdb::DB> db);

// The tables of a database that nobody writes, those that may hold keys of `keyspaces`. `is_there`:
// whether it still is; a table that went with it is not missing.
std::unique_ptr<StoreFileCheck> CheckImageTables(std::shared_ptr<rocksdb::DB> db,
                                                 std::span<const KeyspaceId> keyspaces,
                                                 std::function<StoreResult<bool>()> is_there);

// Lets the system's cache go of a file, so that what is read next comes from the disk.
void ForgetCached(rocksdb::FileSystem& files, const std::string& path);

// Why a database in `directory` could not be opened, from what RocksDB said. Of a table whose end
// is damaged, RocksDB 7.8 names the manifest: here it is the table.
Status ExplainOpening(const rocksdb::Status& status, rocksdb::FileSystem& files,
                      const rocksdb::Options& options, const std::string& directory);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_FILE_CHECK_H_
