// TinyDisk: a file system of its own of some megabytes, in memory, that can be full. Making one
// takes the right to mount.

#ifndef GRAMME_TESTS_CRASH_OFF_HOST_TINY_DISK_H_
#define GRAMME_TESTS_CRASH_OFF_HOST_TINY_DISK_H_

#include <cstdint>
#include <memory>
#include <string>

namespace gramme {

// Unmounted when destroyed. Not thread-safe.
class TinyDisk {
 public:
  // Mounted at `path`, which it makes. Null where this process may not mount: says so, too.
  static std::unique_ptr<TinyDisk> Mount(const std::string& path, std::uint64_t size_mb);
  ~TinyDisk();
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;

  const std::string& path() const { return path_; }
  std::uint64_t FreeBytes() const;
  // Leaves about so much room; false where that cannot be done.
  bool FillUpTo(std::uint64_t free_bytes);
  // Takes the filling out again.
  void MakeRoom();
  // For good; false where that cannot be done.
  bool MakeReadOnly();

 private:
  explicit TinyDisk(std::string path) : path_(std::move(path)) {}
  std::string FillingPath() const { return path_ + "/filling"; }

  const std::string path_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_OFF_HOST_TINY_DISK_H_
