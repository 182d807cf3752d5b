#include "api/stream/get_shard_iterator.h"

#include <algorithm>

#include "api/stream/shard_id.h"
#include "api/stream/shard_iterator.h"
#include "api/stream/stream_reader.h"
#include "base/result.h"

namespace gramme {
namespace {

bool NeedsSequenceNumber(ShardIteratorType type) {
  return type == ShardIteratorType::kAtSequenceNumber ||
         type == ShardIteratorType::kAfterSequenceNumber;
}

// Where a reader begins that names a place in the shard.
Result<LogPosition> PositionFor(ShardIteratorType type, const LogPosition& named,
                                const ShardRange& range) {
  // Past all that was ever there: records would be left out that nobody knows of yet.
  if (named > std::max(range.start, range.last.value_or(range.start))) {
    return ValidationError("Invalid SequenceNumber");
  }
  LogPosition position = named;
  if (type == ShardIteratorType::kAfterSequenceNumber) {
    position = named.Next();
  } else if (named == range.start) {
    // Whatever the clock did since the shard was made: all of it.
    position = LogPosition();
  }
  if (position < range.untrimmed) return std::unexpected(Trimmed());
  return position;
}

}  // namespace

Result<LogPosition> GetShardIterator::Validate(const GetShardIteratorRequest& request) {
  GRAMME_RETURN_IF_ERROR(ParseStreamArn(request.stream_arn));
  const std::string_view type = NameOf(request.shard_iterator_type);
  if (NeedsSequenceNumber(request.shard_iterator_type) != request.sequence_number.has_value()) {
    return InvalidParameters(
        request.sequence_number
            ? "SequenceNumber cannot be specified for ShardIteratorType " + std::string(type)
            : "SequenceNumber must be specified for ShardIteratorType " + std::string(type));
  }
  if (!request.sequence_number) return LogPosition();
  const auto position = ParseSequenceNumber(*request.sequence_number);
  if (!position) return ValidationError("Invalid SequenceNumber");
  return *position;
}

std::vector<Access> GetShardIterator::Resources(const GetShardIteratorRequest& request,
                                                const LogPosition&) {
  return {{.action = "GetShardIterator", .resource = request.stream_arn}};
}

Result<GetShardIteratorResponse> GetShardIterator::Run(const GetShardIteratorRequest& request,
                                                       const LogPosition& named,
                                                       OperationContext& context) {
  GRAMME_TRY(const StreamRecord stream, FindStreamByArn(request.stream_arn, context.engine));
  GRAMME_TRY(const LogShard shard, FindShardById(stream, request.shard_id));
  GRAMME_TRY(const ShardRange range, ReadShardRange(stream, shard, context.engine));
  ShardIterator iterator = {.stream_arn = request.stream_arn,
                            .shard_number = shard.number,
                            .position = range.untrimmed,
                            .issue_time = context.engine.clock.WallNow()};
  if (request.shard_iterator_type == ShardIteratorType::kLatest) {
    if (range.last) iterator.position = range.last->Next();
  } else if (NeedsSequenceNumber(request.shard_iterator_type)) {
    GRAMME_TRY(iterator.position, PositionFor(request.shard_iterator_type, named, range));
  }
  return GetShardIteratorResponse{.shard_iterator = EncodeShardIterator(iterator)};
}

}  // namespace gramme
