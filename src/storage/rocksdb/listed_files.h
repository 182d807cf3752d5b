// Listed files: the small files of an image, with what was in them when it was made. Only with them
// whole does RocksDB's manifest say which tables the image has: one whose end is damaged would be
// read as a shorter one.

#ifndef GRAMME_STORAGE_ROCKSDB_LISTED_FILES_H_
#define GRAMME_STORAGE_ROCKSDB_LISTED_FILES_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace gramme {

// Part of the format, see docs/internals/formats.md.
struct ListedFile {
  std::string name;
  std::uint64_t byte_count = 0;
  std::uint64_t checksum = 0;  // XXH3-64
};

// Every file of a directory but the tables, by name. Errors: kIoError.
StoreResult<std::vector<ListedFile>> ListSmallFiles(rocksdb::FileSystem& files,
                                                    const std::string& directory);

// Whether each is as it was. Reads from the disk. Errors: kCorruption, naming the file; kIoError.
StoreResult<void> CheckListedFiles(rocksdb::FileSystem& files, const std::string& directory,
                                   const std::vector<ListedFile>& listed);

// As one line of a text record, and back. Errors: kCorruption; `path` goes into the message.
std::string EncodeListedFile(const ListedFile& file);
StoreResult<ListedFile> DecodeListedFile(std::string_view text, std::string_view path);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_LISTED_FILES_H_
