// UpdateStreamShardCount splits the open shards of a stream until there are as many as asked for.
// An operation of ours (GrammeAdmin): DynamoDB decides by itself how many shards a stream has.

#ifndef GRAMME_API_STREAM_UPDATE_STREAM_SHARD_COUNT_H_
#define GRAMME_API_STREAM_UPDATE_STREAM_SHARD_COUNT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/stream/stream_shapes.h"
#include "model/access.h"
#include "model/api_error.h"

namespace gramme {

struct UpdateStreamShardCountRequest {
  std::string stream_arn;
  std::int64_t shard_count = 0;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateStreamShardCountRequest& request) {
  visit.Member("StreamArn", request.stream_arn, kStreamArnConstraints);
  visit.Member("ShardCount", request.shard_count, {.required = true, .value_min = 1});
}

struct UpdateStreamShardCountResponse {
  std::string stream_arn;
  std::vector<ShardShape> open_shards;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, UpdateStreamShardCountResponse& response) {
  visit.Member("StreamArn", response.stream_arn, {});
  visit.Member("OpenShards", response.open_shards, {});
}

struct UpdateStreamShardCount {
  static constexpr std::string_view kTarget = kAdminTarget;
  static constexpr std::string_view kName = "UpdateStreamShardCount";
  static constexpr Start kStart = Start::kPool;
  using Request = UpdateStreamShardCountRequest;
  using Response = UpdateStreamShardCountResponse;
  using Plan = NoPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_STREAM_UPDATE_STREAM_SHARD_COUNT_H_
