// The few calls of the operating system that backups need, with errors as Status. Knows no backups.

#ifndef GRAMME_BACKUP_POSIX_FILE_H_
#define GRAMME_BACKUP_POSIX_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.h"

namespace gramme {

// An open file or directory; closed with it. Moved, not copied.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() { Close(); }
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  void Close();

  int fd_ = -1;
};

// What `errno` means: kOutOfSpace, kCorruption where the path is absent, kIoError.
Status ErrnoStatus(std::string_view doing, const std::string& path);

// `flags` are open(2)'s; O_CLOEXEC is added.
StoreResult<FileDescriptor> OpenFile(const std::string& path, int flags);
StoreResult<void> WriteAll(const FileDescriptor& file, std::string_view bytes,
                           const std::string& path);
StoreResult<std::uint64_t> SizeOf(const FileDescriptor& file, const std::string& path);
// Exactly as many bytes as `into` has; kCorruption where there are fewer.
StoreResult<void> ReadAt(const FileDescriptor& file, std::uint64_t offset, std::span<char> into,
                         const std::string& path);
StoreResult<void> Sync(const FileDescriptor& file, const std::string& path);
// Hints, which may do nothing. The disk begins to write a range; the memory that holds a synced
// file is given back; the disk begins to read a range.
void StartWriting(const FileDescriptor& file, std::uint64_t offset, std::uint64_t byte_count);
void LetGoOfCache(const FileDescriptor& file);
void StartReading(const FileDescriptor& file, std::uint64_t offset, std::uint64_t byte_count);
StoreResult<void> SyncDirectory(const std::string& path);
// False where another process holds the lock.
StoreResult<bool> TryLock(const FileDescriptor& file, const std::string& path);

}  // namespace gramme

#endif  // GRAMME_BACKUP_POSIX_FILE_H_
