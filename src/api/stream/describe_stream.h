// DescribeStream answers what a stream is and, page by page, its shards: where each begins and
// ends, and whose place it took.

#ifndef GRAMME_API_STREAM_DESCRIBE_STREAM_H_
#define GRAMME_API_STREAM_DESCRIBE_STREAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/stream/shard_id.h"
#include "api/stream/stream_shapes.h"
#include "api/table/table_shapes.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"

namespace gramme {

enum class ShardFilterType { kChildShards };
enum class StreamStatus { kEnabled, kDisabled };

template <>
struct EnumNames<ShardFilterType> {
  static constexpr std::pair<ShardFilterType, std::string_view> kNames[] = {
      {ShardFilterType::kChildShards, "CHILD_SHARDS"}};
};

// Enabling and disabling take no time, so nothing is ENABLING or DISABLING.
template <>
struct EnumNames<StreamStatus> {
  static constexpr std::pair<StreamStatus, std::string_view> kNames[] = {
      {StreamStatus::kEnabled, "ENABLED"}, {StreamStatus::kDisabled, "DISABLED"}};
};

// Only the shards that took the place of one.
struct ShardFilter {
  std::optional<ShardFilterType> type;
  std::optional<std::string> shard_id;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ShardFilter& filter) {
  visit.Member("Type", filter.type, {});
  visit.Member("ShardId", filter.shard_id, {.length_min = 28, .length_max = 65});
}

struct DescribeStreamRequest {
  std::string stream_arn;
  std::optional<std::int64_t> limit;
  std::optional<std::string> exclusive_start_shard_id;
  std::optional<ShardFilter> shard_filter;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeStreamRequest& request) {
  visit.Member("StreamArn", request.stream_arn, kStreamArnConstraints);
  visit.Member("Limit", request.limit, {.value_min = 1});
  visit.Member("ExclusiveStartShardId", request.exclusive_start_shard_id,
               {.length_min = 28, .length_max = 65});
  visit.Member("ShardFilter", request.shard_filter, {});
}

struct StreamDescriptionShape {
  std::string stream_arn;
  std::string stream_label;
  StreamStatus stream_status = StreamStatus::kEnabled;
  StreamViewType stream_view_type = StreamViewType::kKeysOnly;
  WallTime creation_request_time{};
  std::string table_name;
  KeySchema key_schema;
  std::vector<ShardShape> shards;
  std::optional<std::string> last_evaluated_shard_id;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, StreamDescriptionShape& stream) {
  visit.Member("StreamArn", stream.stream_arn, {});
  visit.Member("StreamLabel", stream.stream_label, {});
  visit.Member("StreamStatus", stream.stream_status, {});
  visit.Member("StreamViewType", stream.stream_view_type, {});
  visit.Member("CreationRequestDateTime", stream.creation_request_time, {});
  visit.Member("TableName", stream.table_name, {});
  visit.Member("KeySchema", stream.key_schema, {});
  visit.Member("Shards", stream.shards, {});
  visit.Member("LastEvaluatedShardId", stream.last_evaluated_shard_id, {});
}

struct DescribeStreamResponse {
  StreamDescriptionShape stream_description;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, DescribeStreamResponse& response) {
  visit.Member("StreamDescription", response.stream_description, {});
}

struct DescribeStreamPlan {
  std::optional<ShardName> after;   // shards come in the order of their numbers
  std::optional<ShardName> parent;  // only its children
  std::size_t count_max = 0;
};

struct DescribeStream {
  static constexpr std::string_view kTarget = kStreamsTarget;
  static constexpr std::string_view kName = "DescribeStream";
  static constexpr Start kStart = Start::kPool;
  using Request = DescribeStreamRequest;
  using Response = DescribeStreamResponse;
  using Plan = DescribeStreamPlan;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_STREAM_DESCRIBE_STREAM_H_
