// What the RocksDB store counts, once, for /metrics.

#ifndef GRAMME_STORAGE_ROCKSDB_STORE_METRICS_H_
#define GRAMME_STORAGE_ROCKSDB_STORE_METRICS_H_

#include <memory>

#include "base/clock.h"
#include "metrics/registry.h"
#include "storage/rocksdb/commit_queue.h"
#include "storage/rocksdb/value_cache.h"

namespace gramme {

// Thread-safe. Counts nothing without a registry, which it does not own.
class StoreMetrics {
 public:
  StoreMetrics(Registry* registry, const std::weak_ptr<const ValueCache>& values) {
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
    cache_hits_ = &registry->AddCounter("gramme_store_value_cache_hits_total",
                                        "Reads of one key that the cache of values answered.");
    cache_misses_ = &registry->AddCounter("gramme_store_value_cache_misses_total",
                                          "Reads of one key that went to the database.");
    registry->AddGauge("gramme_store_value_cache_bytes", "Memory that cached values take.",
                       [values] {
                         const auto held = values.lock();
                         return held ? static_cast<double>(held->byte_count()) : 0.0;
                       });
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
  void NoteRead(bool from_cache) {
    Counter* const reads = from_cache ? cache_hits_ : cache_misses_;
    if (reads != nullptr) reads->Add();
  }

 private:
  Counter* commits_ = nullptr;
  Histogram* round_commits_ = nullptr;
  Histogram* round_seconds_ = nullptr;
  Counter* round_bytes_ = nullptr;
  Counter* out_of_space_ = nullptr;
  Counter* retries_ = nullptr;
  Counter* cache_hits_ = nullptr;
  Counter* cache_misses_ = nullptr;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_STORE_METRICS_H_
