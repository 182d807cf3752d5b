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

// Whose failures nobody need know.
class ForgivingFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using rocksdb::FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;

  rocksdb::IOStatus Append(const rocksdb::Slice& bytes, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    return Forgive(target()->Append(bytes, options, debug));
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& bytes, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& verification,
                           rocksdb::IODebugContext* debug) override {
    return Forgive(target()->Append(bytes, options, verification, debug));
  }
  rocksdb::IOStatus Flush(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Forgive(target()->Flush(options, debug));
  }
  rocksdb::IOStatus Close(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Forgive(target()->Close(options, debug));
  }

 private:
  static rocksdb::IOStatus Forgive(const rocksdb::IOStatus& status) {
    status.PermitUncheckedError();
    return rocksdb::IOStatus::OK();
  }
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

std::string_view NameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool IsManifest(std::string_view path) { return NameOf(path).starts_with("MANIFEST-"); }

// What RocksDB tells about itself.
bool IsInformation(std::string_view path) { return NameOf(path).starts_with("LOG"); }

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
  if (IsInformation(path)) *result = std::make_unique<ForgivingFile>(std::move(*result));
  return status;
}

rocksdb::IOStatus LogGuard::NewLogger(const std::string& path, const rocksdb::IOOptions& options,
                                      std::shared_ptr<rocksdb::Logger>* result,
                                      rocksdb::IODebugContext* debug) {
  return rocksdb::FileSystem::NewLogger(path, options, result, debug);
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
