// SpaceReclaimer: gives back the space of removed ranges, in the background. A removed range is one
// small record; its keys go when RocksDB compacts the tables that hold them, which for a range that
// nobody writes to any more would be never.

#ifndef GRAMME_STORAGE_ROCKSDB_SPACE_RECLAIMER_H_
#define GRAMME_STORAGE_ROCKSDB_SPACE_RECLAIMER_H_

#include <rocksdb/db.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "storage/rocksdb/encoded_key.h"

namespace gramme {

// Less than this is left to the compactions that happen anyway.
inline constexpr std::uint64_t kReclaimedBytesMin = 4 << 20;

// Thread-safe.
class SpaceReclaimer {
 public:
  explicit SpaceReclaimer(std::shared_ptr<rocksdb::DB> db);
  // Stops as Stop() does.
  ~SpaceReclaimer() { Stop(); }
  SpaceReclaimer(const SpaceReclaimer&) = delete;
  SpaceReclaimer& operator=(const SpaceReclaimer&) = delete;

  // Soon compacts the tables of a range whose removal is committed. What is lost by a restart is
  // reclaimed by later compactions.
  void Reclaim(EncodedRange range);

  // Cancels what runs and forgets what waits. Idempotent.
  void Stop();
  // Forgets the database. REQUIRES: stopped.
  void LetGo() { db_.reset(); }

 private:
  void Run();
  void Compact(const EncodedRange& range);

  std::shared_ptr<rocksdb::DB> db_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<EncodedRange> waiting_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_SPACE_RECLAIMER_H_
