// A stream as the operations on streams see it: found by its ARN, with its shards and their ranges.
// Streams are read from their own records (table/change_log/stream_record.h), not from the catalog:
// they outlive their tables.

#ifndef GRAMME_API_STREAM_STREAM_READER_H_
#define GRAMME_API_STREAM_STREAM_READER_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/operation_context.h"
#include "api/stream/stream_shapes.h"
#include "base/clock.h"
#include "model/api_error.h"
#include "model/arn.h"
#include "table/change_log/log_position.h"
#include "table/change_log/stream_record.h"

namespace gramme {

// The parts of a stream's ARN, views into it. Errors: ValidationException.
Result<ParsedArn> ParseStreamArn(std::string_view stream_arn);
// `Requested resource not found: Stream: … not found`
std::unexpected<ApiError> StreamNotFound(std::string_view stream_arn);

// What was to be read from there on is not kept any more: TrimmedDataAccessException.
ApiError Trimmed();
// Errors: ValidationException where more is asked for than a page has.
Result<void> CheckPageLimit(const std::optional<std::int64_t>& limit, std::int64_t limit_max);

// The log of a table may be kept for longer than a stream shows it. What is older than the
// retention is as if it had been removed.
WallTime OldestShown(const Engine& engine);
// Longer than the retention.
bool IsClosedForLong(const LogShard& shard, const Engine& engine);

// With the shards that can be read. Errors: ValidationException; ResourceNotFoundException, also
// for the ARN of another region or account, and for a stream that was disabled longer ago than the
// retention; the store's.
Result<StreamRecord> FindStreamByArn(std::string_view stream_arn, const Engine& engine);

// Errors: ValidationException for what is no shard id; ResourceNotFoundException.
Result<LogShard> FindShardById(const StreamRecord& stream, std::string_view shard_id);

// Where a shard begins and ends.
struct ShardRange {
  LogPosition start;
  // The last position that it has or has had a record at; nothing: it never had one.
  std::optional<LogPosition> last;
  // The first position from which on all records are there to be read.
  LogPosition untrimmed;
};

// Errors: the store's.
Result<ShardRange> ReadShardRange(const StreamRecord& stream, const LogShard& shard,
                                  const Engine& engine);

// Errors: the store's.
Result<ShardShape> DescribeShard(const StreamRecord& stream, const LogShard& shard,
                                 const Engine& engine);

}  // namespace gramme

#endif  // GRAMME_API_STREAM_STREAM_READER_H_
