// What turning a stream or point-in-time recovery on and off, and splitting shards, changes in a
// table's description. Both read one log. An enabled stream has all open shards, and recovery reads
// them; without one, recovery has open shards of its own, which no stream shows. Each keeps the
// images that either needs. Pure: an edit depends on its arguments only, so that the catalog may
// run it again.
//
// Every edit of a table raises its generation, so a write decided before it is refused as stale and
// decided again: no change is recorded in a shard that was closed before, and none is missed from
// the moment on at which a shard is open.

#ifndef GRAMME_TABLE_CHANGE_LOG_STREAM_EDITS_H_
#define GRAMME_TABLE_CHANGE_LOG_STREAM_EDITS_H_

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "model/api_error.h"
#include "model/table_description.h"
#include "storage/store.h"

namespace gramme {

// A stream has at most as many open shards.
inline constexpr std::uint32_t kOpenShardCountMax = 256;

struct NewStream {
  StreamViewType view_type = StreamViewType::kKeysOnly;
  WallTime now{};
  // For a table that has no log yet.
  std::uint64_t log_keyspace = 0;
  // Of the log's keyspace. Each group has shards of its own.
  std::vector<Group> groups;
  // In each group, a power of two.
  std::uint32_t shard_count = 1;
};

bool HasEnabledStream(const TableDescription& table);

// Errors: ValidationException where one is enabled.
Result<void> EnableStream(const NewStream& stream, TableDescription& table);
// Errors: ValidationException where none is enabled.
Result<void> DisableStream(WallTime now, TableDescription& table);
// Splits every open shard of the stream until there are `shard_count` of them.
// Errors: ValidationException where that is not a power of two times as many as there are, or no
// stream is enabled; LimitExceededException.
Result<void> SplitStreamShards(std::uint32_t shard_count, WallTime now, TableDescription& table);

struct NewRecovery {
  WallTime now{};
  std::int64_t period_days = 35;
  // For a table that has no log yet, as those of NewStream.
  std::uint64_t log_keyspace = 0;
  std::vector<Group> groups;
};

// Turns point-in-time recovery on, or changes its period where it is on already; then nothing else
// of `recovery` is of use.
void EnableRecovery(const NewRecovery& recovery, TableDescription& table);
// No effect where it is off.
void DisableRecovery(WallTime now, TableDescription& table);

// The shards of the table's stream. REQUIRES: it has one.
std::vector<LogShard> StreamShards(const TableDescription& table);

}  // namespace gramme

#endif  // GRAMME_TABLE_CHANGE_LOG_STREAM_EDITS_H_
