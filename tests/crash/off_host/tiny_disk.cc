#include "tests/crash/off_host/tiny_disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>

namespace gramme {

std::unique_ptr<TinyDisk> TinyDisk::Mount(const std::string& path, std::uint64_t size_mb) {
  ::mkdir(path.c_str(), 0755);
  const std::string options = fmt::format("size={}m", size_mb);
  if (::mount("none", path.c_str(), "tmpfs", 0, options.c_str()) != 0) {
    std::printf("not run: this process may not mount a small disk (it is root that may)\n");
    return nullptr;
  }
  // The constructor is private.
  return std::unique_ptr<TinyDisk>(new TinyDisk(path));
}

TinyDisk::~TinyDisk() { ::umount2(path_.c_str(), MNT_DETACH); }

std::uint64_t TinyDisk::FreeBytes() const {
  struct statvfs found = {};
  return ::statvfs(path_.c_str(), &found) == 0 ? found.f_bavail * found.f_frsize : 0;
}

bool TinyDisk::FillUpTo(std::uint64_t free_bytes) {
  const std::uint64_t there = FreeBytes();
  if (there <= free_bytes) return false;
  const int fd = ::open(FillingPath().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  const bool is_filled = ::posix_fallocate(fd, 0, static_cast<off_t>(there - free_bytes)) == 0;
  ::close(fd);
  return is_filled;
}

bool TinyDisk::MakeReadOnly() {
  return ::mount(nullptr, path_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

void TinyDisk::MakeRoom() { ::unlink(FillingPath().c_str()); }

}  // namespace gramme
