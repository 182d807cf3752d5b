// Small files and directories through RocksDB's FileSystem, so that tests can lose their power too.

#ifndef GRAMME_STORAGE_ROCKSDB_FILES_H_
#define GRAMME_STORAGE_ROCKSDB_FILES_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace gramme {

// Turns what a FileSystem answers into ours; `path` goes into the message.
StoreResult<void> CheckIo(const rocksdb::IOStatus& status, std::string_view doing,
                          std::string_view path);

// The whole file, or nothing where there is none.
StoreResult<std::optional<std::string>> ReadWholeFile(rocksdb::FileSystem& files,
                                                      const std::string& path);
// Replaces DIRECTORY/NAME as one step that survives the loss of power once this returns.
StoreResult<void> ReplaceFile(rocksdb::FileSystem& files, const std::string& directory,
                              const std::string& name, std::string_view contents);
// Creates a directory, its parents too, durably; existing ones are fine.
StoreResult<void> MakeDirectory(rocksdb::FileSystem& files, const std::string& path);
StoreResult<void> SyncDirectory(rocksdb::FileSystem& files, const std::string& path);
// Names, without "." and "..", sorted. Nothing where the directory is absent.
StoreResult<std::vector<std::string>> ListDirectory(rocksdb::FileSystem& files,
                                                    const std::string& path);
StoreResult<bool> IsDirectory(rocksdb::FileSystem& files, const std::string& path);
// Removes a directory with everything in it. An absent one is fine.
StoreResult<void> RemoveTree(rocksdb::FileSystem& files, const std::string& path);
// The bytes of all files below a directory.
StoreResult<std::uint64_t> TreeByteCount(rocksdb::FileSystem& files, const std::string& path);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_FILES_H_
