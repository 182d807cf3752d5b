// What the RocksDB store counts, once, for /metrics.

#ifndef GRAMME_STORAGE_ROCKSDB_STORE_METRICS_H_
#define GRAMME_STORAGE_ROCKSDB_STORE_METRICS_H_

#include "base/clock.h"
#include "metrics/registry.h"
#include "storage/rocksdb/commit_queue.h"

namespace gramme {

// Thread-safe. Counts nothing without a registry, which it does not own.
class StoreMetrics {
 public:
  explicit StoreMetrics(Registry* registry) {
    if (registry == nullptr) return;
    commits_ = &registry->AddCounter("gramme_store_commits_total",
                                     "Updates made durable, the store's own included.");
    round_commits_ = &registry->AddHistogram("gramme_store_round_commits",
                                             "Updates that shared one synced write.", 1);
    round_seconds_ = &registry->AddHistogram(
        "gramme_store_round_duration_seconds",
        "Time to make one round durable, from taking it to releasing its answers.", 1e-6);
    round_bytes_ = &registry->AddCounter("gramme_store_commit_bytes_total",
                                         "Bytes of the Updates made durable.");
    out_of_space_ = &registry->AddCounter("gramme_store_out_of_space_total",
                                          "Rounds that failed because the disk was full.");
    retries_ = &registry->AddCounter("gramme_store_update_retries_total",
                                     "Updates that read their keys again before deciding.");
  }

  void NoteRound(const Round& round, Duration took) {
    if (commits_ == nullptr) return;
    commits_->Add(round.commits.size());
    round_commits_->Record(round.commits.size());
    round_seconds_->Record(static_cast<std::uint64_t>(took.count()));
    round_bytes_->Add(round.byte_count);
  }
  void NoteOutOfSpace() {
    if (out_of_space_ != nullptr) out_of_space_->Add();
  }
  void NoteRetry() {
    if (retries_ != nullptr) retries_->Add();
  }

 private:
  Counter* commits_ = nullptr;
  Histogram* round_commits_ = nullptr;
  Histogram* round_seconds_ = nullptr;
  Counter* round_bytes_ = nullptr;
  Counter* out_of_space_ = nullptr;
  Counter* retries_ = nullptr;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_STORE_METRICS_H_
