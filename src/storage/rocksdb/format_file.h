// DIRECTORY/FORMAT: what kind of directory this is, and what a binary must know to touch it.

#ifndef GRAMME_STORAGE_ROCKSDB_FORMAT_FILE_H_
#define GRAMME_STORAGE_ROCKSDB_FORMAT_FILE_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "storage/rocksdb/rocksdb_store.h"

namespace gramme {

inline constexpr std::string_view kFormatFileName = "FORMAT";
inline constexpr std::uint64_t kFormatNumber = 1;

struct FormatFile {
  std::uint64_t format_number = kFormatNumber;
  // A binary that does not know one of the required features refuses the directory; the optional
  // ones tell what may also be there.
  std::vector<std::string> required_features;
  std::vector<std::string> optional_features;
  StoreIdentity identity;
};

// Reads without changing anything. Nothing where the file is absent. Errors: kCorruption (damaged);
// kUnavailable (a newer format, or a required feature that this binary does not know); kIoError.
StoreResult<std::optional<FormatFile>> ReadFormatFile(rocksdb::FileSystem& files,
                                                      const std::string& directory);

// Writes it durably.
StoreResult<void> WriteFormatFile(rocksdb::FileSystem& files, const std::string& directory,
                                  const FormatFile& format);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_FORMAT_FILE_H_
