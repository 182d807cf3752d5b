// Reading a shard of a change log: pages of records, and where the shard begins and ends. What is
// read is durable and in the order of the commits.

#ifndef GRAMME_TABLE_CHANGE_LOG_LOG_READER_H_
#define GRAMME_TABLE_CHANGE_LOG_LOG_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "table/change_log/log_position.h"
#include "table/change_log/stream_record.h"

namespace gramme {

struct LogEntry {
  LogPosition position;
  std::string record;      // DecodeChangeRecord
  std::size_t size_bytes;  // of what it shows: whole images, and a share for what is around them
};

struct LogPage {
  std::vector<LogEntry> entries;
  // Where the next page begins.
  LogPosition next;
  // Nothing is there after the page now. Of a closed shard: nothing ever will be.
  bool is_last = false;
  // Records at or after where the page was to begin have been trimmed; then the page is empty.
  bool is_trimmed = false;
};

struct LogPageLimits {
  std::size_t count_max = 1000;
  std::size_t bytes_max = 1 << 20;  // of what entries show; the first one is always there
  // Records of older commits are as if they had been trimmed.
  WallTime since = WallTime::min();
  // Entries show what this stream does, whatever else the log keeps; nullptr: all of it.
  const StreamRecord* stream = nullptr;
};

// Errors: the store's, kCorruption.
StoreResult<LogPage> ReadLogPage(Store& store, std::uint64_t log_keyspace, const LogShard& shard,
                                 const LogPosition& from, const LogPageLimits& limits);

struct LogShardBounds {
  // Of what is still there; where the shard lost records, the place after the last of them.
  LogPosition first;
  // The last position that the shard has or has had a record at; nothing: it never had one.
  std::optional<LogPosition> last;
};

// Bytes on disk, approximately, of the records from `since` on, of all shards. Errors: the store's.
StoreResult<std::uint64_t> LogByteCount(Store& store, const ChangeLogDescription& log,
                                        WallTime since);

// `since` as in LogPageLimits. Errors: as ReadLogPage.
StoreResult<LogShardBounds> ReadLogShardBounds(Store& store, std::uint64_t log_keyspace,
                                               const LogShard& shard,
                                               WallTime since = WallTime::min());

// Removes the records of a shard whose commit is older than `horizon`. First it records which was
// the last of them, so that a reader who comes too late is told. The number of trims that were
// needed: 0 or 1. Waits for the disk. Errors: the store's.
StoreResult<std::size_t> TrimLogShard(Store& store, std::uint64_t log_keyspace,
                                      const LogShard& shard, WallTime horizon);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_LOG_READER_H_
