#include "storage/rocksdb/log_guard.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "storage/rocksdb/prewritten_log.h"

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

// Reads the first bytes of a file.
class BeginningOfFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  BeginningOfFile(std::unique_ptr<rocksdb::FSSequentialFile> file, std::uint64_t byte_count)
      : rocksdb::FSSequentialFileOwnerWrapper(std::move(file)), left_(byte_count) {}

  rocksdb::IOStatus Read(std::size_t count, const rocksdb::IOOptions& options,
                         rocksdb::Slice* result, char* scratch,
                         rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status =
        target()->Read(std::min<std::uint64_t>(count, left_), options, result, scratch, debug);
    if (status.ok()) left_ -= result->size();
    return status;
  }
  rocksdb::IOStatus Skip(std::uint64_t count) override {
    const std::uint64_t skipped = std::min(count, left_);
    left_ -= skipped;
    return target()->Skip(skipped);
  }

 private:
  std::uint64_t left_;
};

bool IsWriteAheadLog(std::string_view path) { return path.ends_with(".log"); }

bool IsManifest(std::string_view path) {
  return path.substr(path.rfind('/') + 1).starts_with("MANIFEST-");
}

}  // namespace

rocksdb::IOStatus LogGuard::NewWritableFile(const std::string& path,
                                            const rocksdb::FileOptions& options,
                                            std::unique_ptr<rocksdb::FSWritableFile>* result,
                                            rocksdb::IODebugContext* debug) {
  rocksdb::IOStatus status = target()->NewWritableFile(path, options, result, debug);
  if (!status.ok()) return status;
  if (IsWriteAheadLog(path) && prewrites_logs_) *result = PrewriteLog(std::move(*result));
  if (IsWriteAheadLog(path) || IsManifest(path)) {
    *result = std::make_unique<GuardedFile>(std::move(*result), *this);
  }
  return status;
}

rocksdb::IOStatus LogGuard::NewSequentialFile(const std::string& path,
                                              const rocksdb::FileOptions& options,
                                              std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                              rocksdb::IODebugContext* debug) {
  rocksdb::IOStatus status = target()->NewSequentialFile(path, options, result, debug);
  if (!status.ok() || !IsWriteAheadLog(path)) return status;
  std::uint64_t written = 0;
  status = WrittenLogSize(*target(), path, &written);
  if (status.ok()) *result = std::make_unique<BeginningOfFile>(std::move(*result), written);
  return status;
}

rocksdb::IOStatus LogGuard::GetFileSize(const std::string& path, const rocksdb::IOOptions& options,
                                        std::uint64_t* size, rocksdb::IODebugContext* debug) {
  if (IsWriteAheadLog(path)) return WrittenLogSize(*target(), path, size);
  return target()->GetFileSize(path, options, size, debug);
}

}  // namespace gramme
