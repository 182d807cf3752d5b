// Committer: the one thread that writes. It takes rounds from the queue, makes each durable with
// one synced write, publishes the state after it for views, and lets the queue release the answers.

#ifndef GRAMME_STORAGE_ROCKSDB_COMMITTER_H_
#define GRAMME_STORAGE_ROCKSDB_COMMITTER_H_

#include <rocksdb/db.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/status.h"
#include "storage/rocksdb/commit_queue.h"
#include "storage/rocksdb/log_guard.h"
#include "storage/rocksdb/published_view.h"
#include "storage/rocksdb/release_gate.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/round_builder.h"
#include "storage/rocksdb/store_metrics.h"
#include "storage/rocksdb/value_cache.h"
#include "storage/rocksdb/watermark.h"

namespace gramme {

struct CommitterParts {
  std::shared_ptr<rocksdb::DB> db;
  std::shared_ptr<LogGuard> log_guard;
  std::unique_ptr<WatermarkFile> watermark;
  CommitQueue& queue;
  ReleaseGate& gate;
  ValueCache& values;
  StoreMetrics& metrics;
  StoreState state;
  std::string boot_id;
  Durability durability;
  Duration flush_interval;
  std::function<void(const Status&)> on_fatal;
};

// Thread-safe.
class Committer {
 public:
  explicit Committer(CommitterParts parts);
  // Stops as Stop() does, if that was not called.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Starts the thread. Called once.
  void Start();

  // The state after the newest round that is durable; null once stopped.
  std::shared_ptr<const PublishedView> Published() const;

  // The log has failed: `on_fatal` is called, then everybody who waits is told kUnknown.
  void Fail(const Status& status);

  // Whether a full disk keeps nothing from being written, any more. For tasks between rounds.
  bool TryToResume();

  // Commits what is queued, ends the thread, flushes, marks the stop as clean unless the log
  // failed. REQUIRES: the queue is closed.
  StoreResult<void> Stop();
  // Forgets the database and the watermark. REQUIRES: stopped.
  void LetGo();

 private:
  void Run();
  void Commit(const Round& round);
  void NoteCommitted(const Round& round, bool synced);
  // What the round has written is no longer what the cache holds.
  void NoteWrites(const Round& round);
  // What is due by time: syncing the watermark, the relaxed flush, a try to resume after a full
  // disk.
  void DoDueWork();
  bool ResumeInFreshLog();
  // The record of the last commit.
  std::string LastCommit() const;
  StoreResult<void> SyncRelaxed();
  StoreResult<void> WriteWatermark(bool clean_stop);
  void Publish();
  Duration Patience() const;

  CommitterParts parts_;
  RoundBuilder builder_;
  std::thread thread_;
  std::atomic<bool> failed_ = false;

  // The committer's thread alone.
  std::uint64_t commit_number_;
  WallTime commit_time_;
  bool log_failed_ = false;       // a write to it has found the disk full
  bool unsynced_ = false;         // the log holds what was written without a sync
  bool watermark_dirty_ = false;  // WATERMARK is ahead of its last sync
  MonotonicTime watermark_synced_at_{};
  MonotonicTime log_synced_at_{};

  mutable std::mutex published_mutex_;
  std::shared_ptr<const PublishedView> published_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_COMMITTER_H_
