// LogGuard: a FileSystem that tells a failed sync of the log or the manifest from a failed append.
// RocksDB reports both as one error, but only the second may be survived: after a failed sync the
// kernel may have dropped the pages, and the next sync would succeed without them.
//
// It also writes logs ahead, if asked to, and shows each log without the zeros that this leaves at
// its end: prewritten_log.h.

#ifndef GRAMME_STORAGE_ROCKSDB_LOG_GUARD_H_
#define GRAMME_STORAGE_ROCKSDB_LOG_GUARD_H_

#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace gramme {

// Thread-safe.
class LogGuard : public rocksdb::FileSystemWrapper {
 public:
  LogGuard(const std::shared_ptr<rocksdb::FileSystem>& target, bool prewrites_logs)
      : rocksdb::FileSystemWrapper(target), prewrites_logs_(prewrites_logs) {}

  // Whether a sync of a log or a manifest ever failed.
  bool sync_failed() const { return sync_failed_; }
  void NoteSyncFailed() { sync_failed_ = true; }

  const char* Name() const override { return "GrammeLogGuard"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions& options,
                                std::uint64_t* size, rocksdb::IODebugContext* debug) override;

 private:
  const bool prewrites_logs_;
  std::atomic<bool> sync_failed_ = false;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_LOG_GUARD_H_
