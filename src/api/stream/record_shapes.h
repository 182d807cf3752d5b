// A stream's records in answers. Which images they have was decided where they were read from the
// log (table/change_log/log_reader.h).

#ifndef GRAMME_API_STREAM_RECORD_SHAPES_H_
#define GRAMME_API_STREAM_RECORD_SHAPES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "api/stream/shard_iterator.h"
#include "api/table/table_shapes.h"
#include "encoding/encoded_item.h"
#include "model/api_error.h"
#include "model/attribute_value.h"
#include "model/shape.h"
#include "table/change_log/change_record.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/stream_record.h"

namespace gramme {

template <>
struct EnumNames<ChangeKind> {
  static constexpr std::pair<ChangeKind, std::string_view> kNames[] = {
      {ChangeKind::kInsert, "INSERT"},
      {ChangeKind::kModify, "MODIFY"},
      {ChangeKind::kRemove, "REMOVE"}};
};

struct StreamRecordShape {
  WallTime approximate_creation_time{};  // in whole seconds
  Item keys;
  std::optional<EncodedItem> new_image;
  std::optional<EncodedItem> old_image;
  std::string sequence_number;
  std::int64_t size_bytes = 0;  // of keys and images, as items are sized
  StreamViewType stream_view_type = StreamViewType::kKeysOnly;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, StreamRecordShape& record) {
  visit.Member("ApproximateCreationDateTime", record.approximate_creation_time, {});
  visit.Member("Keys", record.keys, {});
  visit.Member("NewImage", record.new_image, {});
  visit.Member("OldImage", record.old_image, {});
  visit.Member("SequenceNumber", record.sequence_number, {});
  visit.Member("SizeBytes", record.size_bytes, {});
  visit.Member("StreamViewType", record.stream_view_type, {});
}

// Who made the change, where it was not a user.
struct IdentityShape {
  std::string principal_id;
  std::string type;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, IdentityShape& identity) {
  visit.Member("PrincipalId", identity.principal_id, {});
  visit.Member("Type", identity.type, {});
}

struct RecordShape {
  std::string event_id;  // 32 hexadecimal digits, the same each time the record is read
  ChangeKind event_name = ChangeKind::kInsert;
  std::string event_version;
  std::string event_source;
  std::string aws_region;
  StreamRecordShape dynamodb;
  std::optional<IdentityShape> user_identity;
};

template <typename Visitor>
void VisitMembers(Visitor& visit, RecordShape& record) {
  visit.Member("eventID", record.event_id, {});
  visit.Member("eventName", record.event_name, {});
  visit.Member("eventVersion", record.event_version, {});
  visit.Member("eventSource", record.event_source, {});
  visit.Member("awsRegion", record.aws_region, {});
  visit.Member("dynamodb", record.dynamodb, {});
  visit.Member("userIdentity", record.user_identity, {});
}

// The entry as `iterator`, which reads `stream`, comes across it. Errors: InternalServerError for
// damaged bytes.
Result<RecordShape> DescribeRecord(const StreamRecord& stream, const ShardIterator& iterator,
                                   const std::string& region, const LogEntry& entry);

}  // namespace gramme

#endif  // GRAMME_API_STREAM_RECORD_SHAPES_H_
