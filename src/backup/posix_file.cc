#include "backup/posix_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/result.h"

namespace gramme {
namespace {

constexpr int kPermissions = 0640;  // a backup holds all of a table

}  // namespace

void FileDescriptor::Close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Status ErrnoStatus(std::string_view doing, const std::string& path) {
  const int error = errno;
  StatusCode code = StatusCode::kIoError;
  if (error == ENOSPC || error == EDQUOT) code = StatusCode::kOutOfSpace;
  if (error == ENOENT) code = StatusCode::kCorruption;
  return {code, fmt::format("{} {}: {}", doing, path, std::generic_category().message(error))};
}

StoreResult<FileDescriptor> OpenFile(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, kPermissions);
  if (fd < 0) return std::unexpected(ErrnoStatus("opening", path));
  return FileDescriptor(fd);
}

StoreResult<void> WriteAll(const FileDescriptor& file, std::string_view bytes,
                           const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(ErrnoStatus("writing", path));
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

StoreResult<std::uint64_t> SizeOf(const FileDescriptor& file, const std::string& path) {
  struct stat found = {};
  if (::fstat(file.get(), &found) != 0) return std::unexpected(ErrnoStatus("reading", path));
  return static_cast<std::uint64_t>(found.st_size);
}

StoreResult<void> ReadAt(const FileDescriptor& file, std::uint64_t offset, std::span<char> into,
                         const std::string& path) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got = ::pread(file.get(), into.data() + done, into.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(ErrnoStatus("reading", path));
    }
    if (got == 0) return StoreError(StatusCode::kCorruption, path + " is too short");
    done += static_cast<std::size_t>(got);
  }
  return {};
}

StoreResult<void> Sync(const FileDescriptor& file, const std::string& path) {
  if (::fsync(file.get()) != 0) return std::unexpected(ErrnoStatus("syncing", path));
  return {};
}

void StartWriting(const FileDescriptor& file, std::uint64_t offset, std::uint64_t byte_count) {
  static_cast<void>(::sync_file_range(file.get(), static_cast<off_t>(offset),
                                      static_cast<off_t>(byte_count), SYNC_FILE_RANGE_WRITE));
}

void LetGoOfCache(const FileDescriptor& file) {
  static_cast<void>(::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED));
}

void StartReading(const FileDescriptor& file, std::uint64_t offset, std::uint64_t byte_count) {
  static_cast<void>(::posix_fadvise(file.get(), static_cast<off_t>(offset),
                                    static_cast<off_t>(byte_count), POSIX_FADV_WILLNEED));
}

StoreResult<void> SyncDirectory(const std::string& path) {
  GRAMME_TRY(const FileDescriptor directory, OpenFile(path, O_RDONLY | O_DIRECTORY));
  return Sync(directory, path);
}

StoreResult<bool> TryLock(const FileDescriptor& file, const std::string& path) {
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK) return false;
    return std::unexpected(ErrnoStatus("locking", path));
  }
  return true;
}

}  // namespace gramme
