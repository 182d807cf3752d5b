// ListStreams names the streams of all tables, or of one, in the order of table names and of time:
// those that are enabled, and those whose records are still kept.

#ifndef GRAMME_API_STREAM_LIST_STREAMS_H_
#define GRAMME_API_STREAM_LIST_STREAMS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/shape.h"
#include "table/change_log/stream_record.h"

namespace gramme {

struct ListStreamsRequest {
  std::optional<std::string> table_name;
  std::optional<std::int64_t> limit;
  std::optional<std::string> exclusive_start_stream_arn;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListStreamsRequest& request) {
  visit.Member("TableName", request.table_name,
               {.length_min = 3, .length_max = 255, .pattern = kNamePattern});
  visit.Member("Limit", request.limit, {.value_min = 1});
  visit.Member("ExclusiveStartStreamArn", request.exclusive_start_stream_arn,
               {.length_min = 37, .length_max = 1024});
}

struct StreamShape {
  std::string stream_arn;
  std::string table_name;
  std::string stream_label;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, StreamShape& stream) {
  visit.Member("StreamArn", stream.stream_arn, {});
  visit.Member("TableName", stream.table_name, {});
  visit.Member("StreamLabel", stream.stream_label, {});
}

struct ListStreamsResponse {
  std::vector<StreamShape> streams;
  std::optional<std::string> last_evaluated_stream_arn;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, ListStreamsResponse& response) {
  visit.Member("Streams", response.streams, {});
  visit.Member("LastEvaluatedStreamArn", response.last_evaluated_stream_arn, {});
}

struct ListStreams {
  static constexpr std::string_view kTarget = kStreamsTarget;
  static constexpr std::string_view kName = "ListStreams";
  static constexpr Start kStart = Start::kPool;
  using Request = ListStreamsRequest;
  using Response = ListStreamsResponse;
  using Plan = StreamListing;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_STREAM_LIST_STREAMS_H_
