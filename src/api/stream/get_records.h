// GetRecords answers the records of a shard from an iterator on, and the iterator to go on with.

#ifndef GRAMME_API_STREAM_GET_RECORDS_H_
#define GRAMME_API_STREAM_GET_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/operation_context.h"
#include "api/stream/record_shapes.h"
#include "api/stream/shard_iterator.h"
#include "model/access.h"
#include "model/api_error.h"
#include "model/limits.h"
#include "model/shape.h"

namespace gramme {

struct GetRecordsRequest {
  std::string shard_iterator;
  std::optional<std::int64_t> limit;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetRecordsRequest& request) {
  visit.Member("ShardIterator", request.shard_iterator,
               {.required = true, .length_min = 1, .length_max = 2048});
  visit.Member("Limit", request.limit, {.value_min = 1});
}

struct GetRecordsResponse {
  std::vector<RecordShape> records;
  // Absent once a closed shard has been read to its end.
  std::optional<std::string> next_shard_iterator;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, GetRecordsResponse& response) {
  visit.Member("Records", response.records, {});
  visit.Member("NextShardIterator", response.next_shard_iterator, {});
}

struct GetRecords {
  static constexpr std::string_view kTarget = kStreamsTarget;
  static constexpr std::string_view kName = "GetRecords";
  static constexpr Start kStart = Start::kPool;
  static constexpr std::size_t kAnswerBytesMax = kPageBytesMax;
  using Request = GetRecordsRequest;
  using Response = GetRecordsResponse;
  using Plan = ShardIterator;
  static Result<Plan> Validate(const Request& request);
  static std::vector<Access> Resources(const Request& request, const Plan& plan);
  static Result<Response> Run(const Request& request, const Plan& plan, OperationContext& context);
};

}  // namespace gramme

#endif  // GRAMME_API_STREAM_GET_RECORDS_H_
