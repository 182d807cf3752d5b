#include "api/stream/update_stream_shard_count.h"

#include <algorithm>
#include <utility>

#include "api/stream/stream_reader.h"
#include "base/result.h"
#include "table/change_log/stream_edits.h"

namespace gramme {

Result<NoPlan> UpdateStreamShardCount::Validate(const UpdateStreamShardCountRequest& request) {
  GRAMME_RETURN_IF_ERROR(ParseStreamArn(request.stream_arn));
  return NoPlan{};
}

std::vector<Access> UpdateStreamShardCount::Resources(const UpdateStreamShardCountRequest& request,
                                                      const NoPlan&) {
  return {{.action = "UpdateStreamShardCount", .resource = request.stream_arn}};
}

Result<UpdateStreamShardCountResponse> UpdateStreamShardCount::Run(
    const UpdateStreamShardCountRequest& request, const NoPlan&, OperationContext& context) {
  Engine& engine = context.engine;
  GRAMME_TRY(const StreamRecord stream, FindStreamByArn(request.stream_arn, engine));
  const WallTime now = engine.clock.WallNow();
  const auto count =
      static_cast<std::uint32_t>(std::min<std::int64_t>(request.shard_count, UINT32_MAX));
  const auto edit = [&](TableDescription& table) -> Result<void> {
    const bool is_latest =
        table.id == stream.table_id && table.stream && table.stream->label == stream.stream.label;
    if (!is_latest) {
      return ValidationError("The stream is not enabled: " + request.stream_arn);
    }
    return SplitStreamShards(count, now, table);
  };
  const auto edited = engine.catalog.EditTable(stream.table_name, edit, [](WriteBatch&) {});
  context.DependOn(engine.catalog.view()->position);
  GRAMME_RETURN_IF_ERROR(edited);
  GRAMME_TRY(const StreamRecord split, FindStreamByArn(request.stream_arn, engine));
  UpdateStreamShardCountResponse response;
  response.stream_arn = request.stream_arn;
  for (const LogShard& shard : split.shards) {
    if (shard.closing_time) continue;
    GRAMME_TRY(ShardShape described, DescribeShard(split, shard, engine));
    response.open_shards.push_back(std::move(described));
  }
  return response;
}

}  // namespace gramme
