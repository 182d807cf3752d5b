#include "storage/rocksdb/space_reclaimer.h"

#include <utility>

namespace gramme {

SpaceReclaimer::SpaceReclaimer(std::shared_ptr<rocksdb::DB> db) : db_(std::move(db)) {
  thread_ = std::thread([this] { Run(); });
}

void SpaceReclaimer::Reclaim(EncodedRange range) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  waiting_.push_back(std::move(range));
  wake_.notify_one();
}

void SpaceReclaimer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    waiting_.clear();
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void SpaceReclaimer::Run() {
  while (true) {
    EncodedRange range;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      range = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Compact(range);
  }
}

void SpaceReclaimer::Compact(const EncodedRange& range) {
  const rocksdb::Slice start(range.start);
  const rocksdb::Slice end(range.end);
  rocksdb::SizeApproximationOptions measured;
  measured.include_memtables = false;
  measured.include_files = true;
  const rocksdb::Range slices(start, end);
  std::uint64_t byte_count = 0;
  const rocksdb::Status status =
      db_->GetApproximateSizes(measured, db_->DefaultColumnFamily(), &slices, 1, &byte_count);
  if (!status.ok() || byte_count < kReclaimedBytesMin) return;
  rocksdb::CompactRangeOptions options;
  // Other compactions go on beside it; levels stay as they are (misorder next to writers
  // until 7.10).
  options.exclusive_manual_compaction = false;
  options.change_level = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.canceled = &stopping_;
  // A failure leaves the space for a later compaction; one that matters stops the writes as well.
  db_->CompactRange(options, &start, &end).PermitUncheckedError();
}

}  // namespace gramme
