// BackgroundErrors: hears from RocksDB's own threads that the log or the manifest failed.

#ifndef GRAMME_STORAGE_ROCKSDB_BACKGROUND_ERRORS_H_
#define GRAMME_STORAGE_ROCKSDB_BACKGROUND_ERRORS_H_

#include <rocksdb/listener.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "base/status.h"
#include "storage/rocksdb/log_guard.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {

// Thread-safe.
class BackgroundErrors : public rocksdb::EventListener {
 public:
  explicit BackgroundErrors(std::shared_ptr<LogGuard> log_guard)
      : log_guard_(std::move(log_guard)) {}

  // `fail` is called for each error that the log cannot survive, until it is replaced.
  void Bind(std::function<void(const Status&)> fail) {
    const std::lock_guard lock(mutex_);
    fail_ = std::move(fail);
  }

  // RocksDB never goes on by itself: the committer says when.
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* auto_recovery) override {
    *auto_recovery = false;
  }

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    using Reason = rocksdb::BackgroundErrorReason;
    const bool of_log = reason == Reason::kWriteCallback || reason == Reason::kMemTable ||
                        reason == Reason::kManifestWrite || reason == Reason::kManifestWriteNoWAL;
    if (status->IsNoSpace()) log_guard_->NoteStandstill();
    // A full disk is waited out, unless it was a sync that met it. Errors of tables make the next
    // write fail, which says it in its own time.
    if (!log_guard_->sync_failed() && (!of_log || status->IsNoSpace())) return;
    const std::lock_guard lock(mutex_);
    if (fail_) fail_(FromRocksDb(*status, "writing the log or the manifest"));
  }

 private:
  std::shared_ptr<LogGuard> log_guard_;
  std::mutex mutex_;
  std::function<void(const Status&)> fail_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_BACKGROUND_ERRORS_H_
