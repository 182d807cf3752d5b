// LogGuard: a FileSystem that tells a failed sync of the log or the manifest from a failed append.
// RocksDB reports both as one error, but only the second may be survived: after a failed sync the
// kernel may have dropped the pages, and the next sync would succeed without them.
//
// It also writes logs ahead, if asked to, and shows each log without the zeros that this leaves at
// its end: prewritten_log.h.
//
// And what RocksDB tells about itself (LOG) may get lost: a full disk must not end the process, as
// it does where Debian's build asserts that nothing is written after a failed write.

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
  // Whether RocksDB has met a full disk in a thread of its own, and stands still until it is told
  // to go on. TakeStandstill says so once.
  bool stands_still() const { return stands_still_; }
  bool TakeStandstill() { return stands_still_.exchange(false); }
  void NoteStandstill() {
    stands_still_ = true;
    has_stood_still_ = true;
  }
  bool has_stood_still() const { return has_stood_still_; }

  const char* Name() const override { return "GrammeLogGuard"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext* debug) override;
  // Writes through NewWritableFile.
  rocksdb::IOStatus NewLogger(const std::string& path, const rocksdb::IOOptions& options,
                              std::shared_ptr<rocksdb::Logger>* result,
                              rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions& options,
                                std::uint64_t* size, rocksdb::IODebugContext* debug) override;

 private:
  const bool prewrites_logs_;
  std::atomic<bool> sync_failed_ = false;
  std::atomic<bool> stands_still_ = false;
  std::atomic<bool> has_stood_still_ = false;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_LOG_GUARD_H_
