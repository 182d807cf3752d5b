#include "api/stream/record_shapes.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "table/store_error.h"

namespace gramme {
namespace {

std::string EventId(const ShardIterator& iterator, std::string_view sequence_number) {
  const std::string name =
      fmt::format("{}/{}/{}", iterator.stream_arn, iterator.shard_number, sequence_number);
  const XXH128_hash_t hash = XXH3_128bits(name.data(), name.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

StoreResult<Item> KeysOf(const KeySchema& schema, const ChangeRecord& record) {
  const std::string_view image = record.new_image.empty() ? record.old_image : record.new_image;
  if (image.empty()) return DecodeAttributes(record.keys);
  std::vector<std::string> names = AttributeNames(schema);
  std::ranges::sort(names);
  GRAMME_TRY(const ItemView view, ItemView::Open(image));
  return view.Decode(names);
}

// Adds an image that is there to the record and to its size.
StoreResult<void> TakeImage(std::string_view image, std::optional<EncodedItem>& taken,
                            std::int64_t& size_bytes) {
  if (image.empty()) return {};
  GRAMME_TRY(taken, EncodedItem::Open(std::string(image)));
  size_bytes += static_cast<std::int64_t>(taken->view().size_bytes());
  return {};
}

StoreResult<StreamRecordShape> DescribeChange(const StreamRecord& stream,
                                              const ChangeRecord& change,
                                              const LogPosition& position) {
  StreamRecordShape shape = {
      .approximate_creation_time = std::chrono::floor<std::chrono::seconds>(position.time()),
      .keys = {},
      .new_image = {},
      .old_image = {},
      .sequence_number = SequenceNumber(position),
      .stream_view_type = stream.stream.view_type};
  GRAMME_TRY(shape.keys, KeysOf(stream.key_schema, change));
  shape.size_bytes = static_cast<std::int64_t>(ItemSizeBytes(shape.keys));
  GRAMME_RETURN_IF_ERROR(TakeImage(change.new_image, shape.new_image, shape.size_bytes));
  GRAMME_RETURN_IF_ERROR(TakeImage(change.old_image, shape.old_image, shape.size_bytes));
  return shape;
}

}  // namespace

Result<RecordShape> DescribeRecord(const StreamRecord& stream, const ShardIterator& iterator,
                                   const std::string& region, const LogEntry& entry) {
  GRAMME_TRY(const ChangeRecord change, FromStore(DecodeChangeRecord(entry.record)));
  GRAMME_TRY(StreamRecordShape shape, FromStore(DescribeChange(stream, change, entry.position)));
  RecordShape record = {.event_id = EventId(iterator, shape.sequence_number),
                        .event_name = change.kind,
                        .event_version = "1.1",
                        .event_source = "aws:dynamodb",
                        .aws_region = region,
                        .dynamodb = std::move(shape),
                        .user_identity = {}};
  if (change.cause == ChangeCause::kTimeToLive) {
    record.user_identity = {.principal_id = "dynamodb.amazonaws.com", .type = "Service"};
  }
  return record;
}

}  // namespace gramme
