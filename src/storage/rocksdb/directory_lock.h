// DirectoryLock: one server per data directory. A lock of the operating system on DIRECTORY/LOCK,
// which also says who holds it; it goes with the process.

#ifndef GRAMME_STORAGE_ROCKSDB_DIRECTORY_LOCK_H_
#define GRAMME_STORAGE_ROCKSDB_DIRECTORY_LOCK_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace gramme {

inline constexpr std::string_view kLockFileName = "LOCK";

class DirectoryLock {
 public:
  // Takes the lock; the directory exists. Error: kUnavailable, naming the holder as it described
  // itself, where another process or another store of this one holds it; kIoError.
  static StoreResult<std::unique_ptr<DirectoryLock>> Acquire(const std::string& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

  // Writes who holds the lock: this process, at `endpoint`.
  StoreResult<void> Describe(std::string_view endpoint);

 private:
  DirectoryLock(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_DIRECTORY_LOCK_H_
