// GetShardIterator answers where to begin reading a shard, for GetRecords.

#ifndef GRAMME_API_STREAM_GET_SHARD_ITERATOR_H_
#define GRAMME_API_STREAM_GET_SHARD_ITERATOR_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/stream/stream_shapes.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"
#include "table/change_log/log_position.h"

namespace gramme {

enum class ShardIteratorType { kTrimHorizon, kLatest, kAtSequenceNumber, kAfterSequenceNumber };

template <>
struct EnumNames<ShardIteratorType> {
  static constexpr std::pair<ShardIteratorType, std::string_view> kNames[] = {
      {ShardIteratorType::kTrimHorizon, "TRIM_HORIZON"},
      {ShardIteratorType::kLatest, "LATEST"},
      {ShardIteratorType::kAtSequenceNumber, "AT_SEQUENCE_NUMBER"},
      {ShardIteratorType::kAfterSequenceNumber, "AFTER_SEQUENCE_NUMBER"}};
};

struct GetShardIteratorRequest {
  std::string stream_arn;
  std::string shard_id;
  ShardIteratorType shard_iterator_type = ShardIteratorType::kTrimHorizon;
  std::optional<std::string> sequence_number;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetShardIteratorRequest& request) {
  visit.Member("StreamArn", request.stream_arn, kStreamArnConstraints);
  visit.Member("ShardId", request.shard_id, {.required = true, .length_min = 28, .length_max = 65});
  visit.Member("ShardIteratorType", request.shard_iterator_type, {.required = true});
  visit.Member("SequenceNumber", request.sequence_number, {.length_min = 21, .length_max = 40});
}

struct GetShardIteratorResponse {
  std::string shard_iterator;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetShardIteratorResponse& response) {
  visit.Member("ShardIterator", response.shard_iterator, {});
}

struct GetShardIterator {
  static constexpr std::string_view kTarget = kStreamsTarget;
  static constexpr std::string_view kName = "GetShardIterator";
  static constexpr Start kStart = Start::kPool;
  using Request = GetShardIteratorRequest;
  using Response = GetShardIteratorResponse;
  using Plan = LogPosition;  // the sequence number, for the types that need one
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_STREAM_GET_SHARD_ITERATOR_H_
