// QueuedCommit: one Update, or one change of the store's own, on its way to the disk.

#ifndef GRAMME_STORAGE_ROCKSDB_QUEUED_COMMIT_H_
#define GRAMME_STORAGE_ROCKSDB_QUEUED_COMMIT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "storage/key.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/write_batch.h"

namespace gramme {

struct RangeRemoval {
  KeyspaceId keyspace{};
  KeyRange range;

  bool Covers(KeyspaceId in, std::string_view bytes) const {
    return in == keyspace && bytes >= range.start && (!range.end || bytes < *range.end);
  }
};

// Immutable once queued; shared by the queue and the overlay.
struct QueuedCommit {
  WriteBatch batch;
  std::optional<RangeRemoval> removal;  // then `batch` is empty
  bool imported = false;                // no Update reads it while it is queued
  std::uint64_t number = 0;
  WallTime time{};
  // The keys of the batch's stamped operations, in their order.
  std::vector<std::string> stamped_keys;
  // Of the guards that the batch raises: what they are from this commit on.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> generations;

  std::size_t byte_count() const { return batch.byte_count() + kOverheadBytes; }

  // Builds `stamped_keys` from `number`.
  void Stamp() {
    for (const WriteBatch::Operation& operation : batch.operations()) {
      if (const auto* stamped = std::get_if<PutStampedOperation>(&operation)) {
        std::string key = stamped->prefix;
        AppendBigEndian64(key, number);
        stamped_keys.push_back(std::move(key.append(stamped->suffix)));
      }
    }
  }

  // Calls visit(keyspace, key bytes, value or nullopt) for each write of a whole value.
  template <typename Visitor>
  void ForEachWrite(Visitor visit) const {
    std::size_t stamped_index = 0;
    for (const WriteBatch::Operation& operation : batch.operations()) {
      if (const auto* put = std::get_if<PutOperation>(&operation)) {
        visit(put->key.keyspace, std::string_view(put->key.bytes),
              std::optional<std::string_view>(put->value));
      } else if (const auto* removed = std::get_if<DeleteOperation>(&operation)) {
        visit(removed->key.keyspace, std::string_view(removed->key.bytes),
              std::optional<std::string_view>());
      } else if (const auto* stamped = std::get_if<PutStampedOperation>(&operation)) {
        visit(stamped->keyspace, std::string_view(stamped_keys[stamped_index++]),
              std::optional<std::string_view>(stamped->value));
      }
    }
  }

 private:
  static constexpr std::size_t kOverheadBytes = 128;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_QUEUED_COMMIT_H_
