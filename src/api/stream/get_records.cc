#include "api/stream/get_records.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <utility>

#include "api/stream/stream_reader.h"
#include "base/result.h"
#include "table/change_log/log_reader.h"
#include "table/store_error.h"

namespace gramme {
namespace {

constexpr std::int64_t kLimitMax = 1000;

// `Thu Dec 10 01:59:39 UTC 2015`
std::string DateText(WallTime time) {
  return fmt::format("{:%a %b %d %H:%M:%S UTC %Y}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::system_clock::time_point(time.time_since_epoch()))));
}

Result<void> CheckAge(const ShardIterator& iterator, WallTime now) {
  if (now - iterator.issue_time <= kShardIteratorLifetime) return {};
  return Error(
      ErrorCode::kExpiredIteratorException,
      fmt::format("Iterator expired. The iterator was created at time {} while right now it is {} "
                  "which is further in the future than the tolerated delay of {} milliseconds.",
                  DateText(iterator.issue_time), DateText(now),
                  kShardIteratorLifetime / std::chrono::milliseconds(1)));
}

std::unexpected<ApiError> NoSuchShard() {
  return Error(ErrorCode::kResourceNotFoundException, "Invalid ShardId in ShardIterator");
}

std::size_t ByteCount(const LogPage& page) {
  std::size_t count = 0;
  for (const LogEntry& entry : page.entries) count += entry.size_bytes;
  return count;
}

// A page, as long as there are records for it; memory does not make it shorter.
Result<LogPage> ReadRecords(const StreamRecord& stream, const LogShard& shard,
                            const LogPosition& from, std::size_t count_max,
                            const OperationContext& context) {
  const std::size_t room = std::min(context.answer_bytes_max, kPageBytesMax);
  GRAMME_TRY(LogPage page,
             FromStore(ReadLogPage(context.engine.store, stream.log_keyspace, shard, from,
                                   {.count_max = count_max,
                                    .bytes_max = room,
                                    .since = OldestShown(context.engine),
                                    .stream = &stream})));
  if (page.is_trimmed) return std::unexpected(Trimmed());
  const bool is_short = !page.is_last && page.entries.size() < count_max;
  if (room < kPageBytesMax && (is_short || ByteCount(page) > room)) {
    return Error(ErrorCode::kRetryWithRoom, "");
  }
  return page;
}

}  // namespace

Result<ShardIterator> GetRecords::Validate(const GetRecordsRequest& request) {
  GRAMME_RETURN_IF_ERROR(CheckPageLimit(request.limit, kLimitMax));
  auto iterator = DecodeShardIterator(request.shard_iterator);
  if (!iterator) return ValidationError("Invalid ShardIterator");
  return *std::move(iterator);
}

std::vector<Access> GetRecords::Resources(const GetRecordsRequest&, const ShardIterator& iterator) {
  return {{.action = "GetRecords", .resource = iterator.stream_arn}};
}

Result<GetRecordsResponse> GetRecords::Run(const GetRecordsRequest& request,
                                           const ShardIterator& iterator,
                                           OperationContext& context) {
  const WallTime now = context.engine.clock.WallNow();
  GRAMME_RETURN_IF_ERROR(CheckAge(iterator, now));
  GRAMME_TRY(const StreamRecord stream, FindStreamByArn(iterator.stream_arn, context.engine));
  const LogShard* const shard = stream.FindShard(iterator.shard_number);
  if (shard == nullptr) return NoSuchShard();
  GRAMME_TRY(const LogPage page,
             ReadRecords(stream, *shard, iterator.position,
                         static_cast<std::size_t>(request.limit.value_or(kLimitMax)), context));
  // The sweep may have taken it away by now, which must not look like its end.
  if (IsClosedForLong(*shard, context.engine)) return NoSuchShard();
  GetRecordsResponse response;
  response.records.reserve(page.entries.size());
  for (const LogEntry& entry : page.entries) {
    GRAMME_TRY(RecordShape record,
               DescribeRecord(stream, iterator, context.engine.settings.labels.region, entry));
    response.records.push_back(std::move(record));
  }
  if (page.is_last && shard->closing_time) return response;
  response.next_shard_iterator = EncodeShardIterator({.stream_arn = iterator.stream_arn,
                                                      .shard_number = shard->number,
                                                      .position = page.next,
                                                      .issue_time = now});
  return response;
}

}  // namespace gramme
