// QueuedCommit: one Update, or one change of the store's own, on its way to the disk.

#ifndef GRAMME_STORAGE_ROCKSDB_QUEUED_COMMIT_H_
#define GRAMME_STORAGE_ROCKSDB_QUEUED_COMMIT_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "storage/key.h"
#include "storage/write_batch.h"

namespace gramme {

struct RangeRemoval {
  KeyspaceId keyspace{};
  KeyRange range;

  bool Covers(KeyspaceId in, std::string_view bytes) const {
    return in == keyspace && bytes >= range.start && (!range.end || bytes < *range.end);
  }
};

struct QueuedCommit;

// One write of a whole value of a queued commit, prepared once for the overlay and the committer.
// Borrows its bytes from the commit's batch.
struct QueuedWrite {
  KeyspaceId keyspace{};
  std::string_view bytes;
  std::optional<std::string_view> value;  // absent: the key is being removed
  const WriteBatch::Operation* operation = nullptr;
  const QueuedCommit* commit = nullptr;

  std::uint64_t hash = 0;  // HashKey()

  // The overlay's.
  QueuedWrite* next = nullptr;
  // The number of a later commit, or of this one, that writes the same key after this write; 0
  // where none is known.
  std::atomic<std::uint64_t> superseded_by = 0;
};

// Lies where it was made, since its writes borrow from it. Its content is fixed once it is queued;
// shared by the queue and whoever reads a value from it.
struct QueuedCommit : std::enable_shared_from_this<QueuedCommit> {
  QueuedCommit() = default;
  explicit QueuedCommit(WriteBatch changes) : batch(std::move(changes)) {}
  QueuedCommit(const QueuedCommit&) = delete;
  QueuedCommit& operator=(const QueuedCommit&) = delete;

  WriteBatch batch;
  std::optional<RangeRemoval> removal;  // then `batch` is empty
  bool imported = false;                // no Update reads it while it is queued
  bool raises_generations = false;
  std::uint64_t number = 0;
  WallTime time{};
  // Of the guards that the batch raises: what they are from this commit on.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> generations;

  std::size_t byte_count() const { return batch.byte_count() + kOverheadBytes; }

  // The writes of whole values, in the order of their operations.
  std::span<QueuedWrite> writes() {
    return {more_writes_ ? more_writes_.get() : few_writes_.data(), write_count_};
  }
  std::span<const QueuedWrite> writes() const {
    return {more_writes_ ? more_writes_.get() : few_writes_.data(), write_count_};
  }

  // Builds writes(), all but what depends on the time. Called once, before the commit is queued.
  void Prepare();
  // Gives the stamped keys their time. REQUIRES: prepared, `time` set, not yet shared.
  void Stamp();

 private:
  static constexpr std::size_t kOverheadBytes = 256;
  // An item; its index entry or log record.
  static constexpr std::size_t kFewWritesMax = 2;

  std::array<QueuedWrite, kFewWritesMax> few_writes_;
  std::unique_ptr<QueuedWrite[]> more_writes_;
  std::size_t write_count_ = 0;
  // The keys of the batch's stamped operations, in their order, each with room for the time.
  std::vector<std::string> stamped_keys_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_QUEUED_COMMIT_H_
