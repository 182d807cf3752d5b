#include "storage/rocksdb/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gramme {
namespace {

std::string ReadHolder(int descriptor) {
  std::array<char, 512> text{};
  const ssize_t count = pread(descriptor, text.data(), text.size(), 0);
  if (count <= 0) return "a process that does not say which";
  std::string holder(text.data(), static_cast<std::size_t>(count));
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder;
}

std::unexpected<Status> LastError(std::string_view doing, const std::string& path) {
  return StoreError(StatusCode::kIoError,
                    fmt::format("{} {}: {}", doing, path, std::strerror(errno)));
}

}  // namespace

StoreResult<std::unique_ptr<DirectoryLock>> DirectoryLock::Acquire(const std::string& directory) {
  std::string path = fmt::format("{}/{}", directory, kLockFileName);
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return LastError("opening", path);
  // flock, not fcntl: its lock belongs to this descriptor, so a second store of this process is
  // refused too, and it follows the file through bind mounts and symbolic links.
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string holder = ReadHolder(descriptor);
    close(descriptor);
    if (error == EWOULDBLOCK) {
      return StoreError(StatusCode::kUnavailable,
                        fmt::format("{} is in use by {}", directory, holder));
    }
    errno = error;
    return LastError("locking", path);
  }
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(std::move(path), descriptor));
}

DirectoryLock::~DirectoryLock() { close(descriptor_); }

StoreResult<void> DirectoryLock::Describe(std::string_view endpoint) {
  const std::string text =
      fmt::format("pid {}{}{}\n", getpid(), endpoint.empty() ? "" : ", ", endpoint);
  if (ftruncate(descriptor_, 0) != 0 ||
      pwrite(descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    return LastError("writing", path_);
  }
  return {};
}

}  // namespace gramme
