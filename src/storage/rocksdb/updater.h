// Updater: runs one Update. Reads the keys before locking them, locks, makes sure that what it read
// is still the newest, decides, queues. The disk is never read under a lock.

#ifndef GRAMME_STORAGE_ROCKSDB_UPDATER_H_
#define GRAMME_STORAGE_ROCKSDB_UPDATER_H_

#include <rocksdb/db.h>

#include <span>

#include "base/clock.h"
#include "base/status.h"
#include "storage/rocksdb/commit_queue.h"
#include "storage/rocksdb/key_locks.h"
#include "storage/rocksdb/overlay.h"
#include "storage/rocksdb/store_metrics.h"
#include "storage/store.h"

namespace gramme {

// Thread-safe. Keeps references.
class Updater {
 public:
  Updater(rocksdb::DB& db, const Clock& clock, KeyLocks& locks, const Overlay& overlay,
          CommitQueue& queue, StoreMetrics& metrics)
      : db_(db),
        clock_(clock),
        locks_(locks),
        overlay_(overlay),
        queue_(queue),
        metrics_(metrics) {}

  // As Store::Update.
  StoreResult<UpdateOutcome> Run(std::span<const Key> keys, std::span<const Guard> guards,
                                 const UpdateOptions& options, Decide decide);

 private:
  struct Read;
  struct Scratch;
  class Attempt;

  rocksdb::DB& db_;
  const Clock& clock_;
  KeyLocks& locks_;
  const Overlay& overlay_;
  CommitQueue& queue_;
  StoreMetrics& metrics_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_UPDATER_H_
