#include "api/stream/describe_stream.h"

#include "api/stream/stream_reader.h"
#include "base/result.h"

namespace gramme {
namespace {

constexpr std::int64_t kLimitMax = 100;

Result<ShardName> ParseName(std::string_view shard_id) {
  const auto name = ParseShardId(shard_id);
  if (!name) return ValidationError("Invalid ShardId");
  return *name;
}

}  // namespace

Result<DescribeStreamPlan> DescribeStream::Validate(const DescribeStreamRequest& request) {
  GRAMME_RETURN_IF_ERROR(ParseStreamArn(request.stream_arn));
  GRAMME_RETURN_IF_ERROR(CheckPageLimit(request.limit, kLimitMax));
  DescribeStreamPlan plan;
  plan.count_max = static_cast<std::size_t>(request.limit.value_or(kLimitMax));
  if (request.exclusive_start_shard_id) {
    GRAMME_TRY(plan.after, ParseName(*request.exclusive_start_shard_id));
  }
  if (!request.shard_filter) return plan;
  if (!request.shard_filter->type || !request.shard_filter->shard_id) {
    return InvalidParameters("ShardFilter needs both Type and ShardId");
  }
  GRAMME_TRY(plan.parent, ParseName(*request.shard_filter->shard_id));
  return plan;
}

std::vector<Access> DescribeStream::Resources(const DescribeStreamRequest& request,
                                              const DescribeStreamPlan&) {
  return {{.action = "DescribeStream", .resource = request.stream_arn}};
}

Result<DescribeStreamResponse> DescribeStream::Run(const DescribeStreamRequest& request,
                                                   const DescribeStreamPlan& plan,
                                                   OperationContext& context) {
  GRAMME_TRY(const StreamRecord stream, FindStreamByArn(request.stream_arn, context.engine));
  StreamDescriptionShape shape = {.stream_arn = request.stream_arn,
                                  .stream_label = stream.stream.label,
                                  .stream_status = stream.stream.disabling_time
                                                       ? StreamStatus::kDisabled
                                                       : StreamStatus::kEnabled,
                                  .stream_view_type = stream.stream.view_type,
                                  .creation_request_time = stream.stream.creation_time,
                                  .table_name = stream.table_name,
                                  .key_schema = stream.key_schema,
                                  .shards = {},
                                  .last_evaluated_shard_id = {}};
  for (const LogShard& shard : stream.shards) {
    if (plan.after && shard.number <= plan.after->number) continue;
    if (plan.parent && shard.parent != plan.parent->number) continue;
    if (shape.shards.size() == plan.count_max) {
      shape.last_evaluated_shard_id = shape.shards.back().shard_id;
      break;
    }
    GRAMME_TRY(ShardShape described, DescribeShard(stream, shard, context.engine));
    shape.shards.push_back(std::move(described));
  }
  return DescribeStreamResponse{.stream_description = std::move(shape)};
}

}  // namespace gramme
