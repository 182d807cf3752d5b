#include "api/stream/stream_reader.h"

#include <string>
#include <utility>

#include "api/stream/shard_id.h"
#include "base/result.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/log_sweep.h"
#include "table/store_error.h"

namespace gramme {
namespace {

// A child begins after its parent's last record; where the parent never had one, where the parent
// began.
Result<LogPosition> ReadShardStart(const StreamRecord& stream, const LogShard& shard,
                                   Store& store) {
  const LogShard* first = &shard;
  while (first->parent) {
    const LogShard* const parent = stream.FindShard(*first->parent);
    if (parent == nullptr) break;
    GRAMME_TRY(const LogShardBounds bounds,
               FromStore(ReadLogShardBounds(store, stream.log_keyspace, *parent)));
    if (bounds.last) return bounds.last->Next();
    first = parent;
  }
  return LogPosition::At(first->creation_time);
}

}  // namespace

Result<ParsedArn> ParseStreamArn(std::string_view stream_arn) {
  const auto arn = ParseArn(stream_arn);
  if (!arn || arn->kind != "stream") return ValidationError("Invalid StreamArn");
  return *arn;
}

std::unexpected<ApiError> StreamNotFound(std::string_view stream_arn) {
  return Error(ErrorCode::kResourceNotFoundException,
               "Requested resource not found: Stream: " + std::string(stream_arn) + " not found");
}

ApiError Trimmed() {
  return Error(ErrorCode::kTrimmedDataAccessException,
               "The operation attempted to read past the oldest stream record in a shard.")
      .error();
}

Result<void> CheckPageLimit(const std::optional<std::int64_t>& limit, std::int64_t limit_max) {
  if (!limit || *limit <= limit_max) return {};
  return InvalidParameters("Limit should be less than or equal to " + std::to_string(limit_max));
}

WallTime OldestShown(const Engine& engine) { return engine.clock.WallNow() - kStreamRetention; }

bool IsClosedForLong(const LogShard& shard, const Engine& engine) {
  return shard.closing_time && *shard.closing_time < OldestShown(engine);
}

Result<StreamRecord> FindStreamByArn(std::string_view stream_arn, const Engine& engine) {
  GRAMME_TRY(const ParsedArn arn, ParseStreamArn(stream_arn));
  if (StreamArn(engine.settings.labels, arn.table_name, arn.id) != stream_arn) {
    return StreamNotFound(stream_arn);
  }
  GRAMME_TRY(std::optional<StreamRecord> stream,
             FromStore(FindStream(engine.store, arn.table_name, arn.id)));
  if (!stream) return StreamNotFound(stream_arn);
  // The sweep may be dropping its log, which must not look like its end.
  const auto& end = stream->stream.disabling_time;
  if (end && *end < OldestShown(engine)) return StreamNotFound(stream_arn);
  std::erase_if(stream->shards,
                [&](const LogShard& shard) { return IsClosedForLong(shard, engine); });
  return *std::move(stream);
}

Result<LogShard> FindShardById(const StreamRecord& stream, std::string_view shard_id) {
  const auto name = ParseShardId(shard_id);
  if (!name) return ValidationError("Invalid ShardId");
  const LogShard* const shard = stream.FindShard(name->number);
  if (shard == nullptr || ShardId(*shard) != shard_id) {
    return Error(ErrorCode::kResourceNotFoundException,
                 "Requested resource not found: Shard: " + std::string(shard_id) + " not found");
  }
  return *shard;
}

Result<ShardRange> ReadShardRange(const StreamRecord& stream, const LogShard& shard,
                                  const Engine& engine) {
  GRAMME_TRY(const LogPosition start, ReadShardStart(stream, shard, engine.store));
  GRAMME_TRY(
      const LogShardBounds bounds,
      FromStore(ReadLogShardBounds(engine.store, stream.log_keyspace, shard, OldestShown(engine))));
  return ShardRange{.start = start, .last = bounds.last, .untrimmed = bounds.first};
}

Result<ShardShape> DescribeShard(const StreamRecord& stream, const LogShard& shard,
                                 const Engine& engine) {
  GRAMME_TRY(const ShardRange range, ReadShardRange(stream, shard, engine));
  ShardShape shape = {
      .shard_id = ShardId(shard),
      .sequence_number_range = {.starting_sequence_number = SequenceNumber(range.start)}};
  if (shard.closing_time) {
    shape.sequence_number_range.ending_sequence_number =
        SequenceNumber(range.last.value_or(range.start));
  }
  if (shard.parent) {
    const LogShard* const parent = stream.FindShard(*shard.parent);
    if (parent != nullptr) shape.parent_shard_id = ShardId(*parent);
  }
  return shape;
}

}  // namespace gramme
