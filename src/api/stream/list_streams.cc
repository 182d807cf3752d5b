#include "api/stream/list_streams.h"

#include "api/stream/stream_reader.h"
#include "base/result.h"
#include "table/store_error.h"

namespace gramme {
namespace {

constexpr std::int64_t kLimitMax = 100;

}  // namespace

Result<StreamListing> ListStreams::Validate(const ListStreamsRequest& request) {
  GRAMME_RETURN_IF_ERROR(CheckPageLimit(request.limit, kLimitMax));
  StreamListing listing;
  listing.table_name = request.table_name;
  // One more than is shown tells whether there is a next page.
  listing.count_max = static_cast<std::size_t>(request.limit.value_or(kLimitMax)) + 1;
  if (!request.exclusive_start_stream_arn) return listing;
  GRAMME_TRY(const ParsedArn start, ParseStreamArn(*request.exclusive_start_stream_arn));
  if (request.table_name && start.table_name != *request.table_name) {
    return InvalidParameters("ExclusiveStartStreamArn is not a stream of the table TableName");
  }
  listing.after = {.table_name = std::string(start.table_name), .label = std::string(start.id)};
  return listing;
}

std::vector<Access> ListStreams::Resources(const ListStreamsRequest& request,
                                           const StreamListing&) {
  return {{.action = "ListStreams", .resource = request.table_name.value_or("*")}};
}

Result<ListStreamsResponse> ListStreams::Run(const ListStreamsRequest&,
                                             const StreamListing& listing,
                                             OperationContext& context) {
  GRAMME_TRY(const std::vector<StreamRecord> streams,
             FromStore(ListStreamRecords(context.engine.store, listing)));
  const ArnLabels& labels = context.engine.settings.labels;
  ListStreamsResponse response;
  for (const StreamRecord& stream : streams) {
    if (response.streams.size() + 1 == listing.count_max) {
      response.last_evaluated_stream_arn = response.streams.back().stream_arn;
      break;
    }
    const std::string& label = stream.stream.label;
    response.streams.push_back({.stream_arn = StreamArn(labels, stream.table_name, label),
                                .table_name = stream.table_name,
                                .stream_label = label});
  }
  return response;
}

}  // namespace gramme
