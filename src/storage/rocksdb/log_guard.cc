#include "storage/rocksdb/log_guard.h"

#include <string_view>
#include <utility>

namespace gramme {
namespace {

class GuardedFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GuardedFile(std::unique_ptr<rocksdb::FSWritableFile> file, LogGuard& guard)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), guard_(guard) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    return Note(rocksdb::FSWritableFileOwnerWrapper::Sync(options, debug));
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Note(rocksdb::FSWritableFileOwnerWrapper::Fsync(options, debug));
  }

 private:
  rocksdb::IOStatus Note(rocksdb::IOStatus status) {
    if (!status.ok()) guard_.NoteSyncFailed();
    return status;
  }

  LogGuard& guard_;
};

bool IsLog(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with(".log") || name.starts_with("MANIFEST-");
}

}  // namespace

rocksdb::IOStatus LogGuard::NewWritableFile(const std::string& path,
                                            const rocksdb::FileOptions& options,
                                            std::unique_ptr<rocksdb::FSWritableFile>* result,
                                            rocksdb::IODebugContext* debug) {
  rocksdb::IOStatus status =
      rocksdb::FileSystemWrapper::NewWritableFile(path, options, result, debug);
  if (status.ok() && IsLog(path)) {
    *result = std::make_unique<GuardedFile>(std::move(*result), *this);
  }
  return status;
}

}  // namespace gramme
