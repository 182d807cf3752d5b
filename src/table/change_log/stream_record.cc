#include "table/change_log/stream_record.h"

#include <utility>

#include "base/result.h"
#include "encoding/record.h"
#include "table/catalog_record.h"
#include "table/change_log/stream_edits.h"
#include "table/record_fields.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format, see docs/internals/formats.md

StreamRecord RecordOf(const TableDescription& table) {
  return {.table_name = table.name,
          .table_id = table.id,
          .key_schema = table.key_schema,
          .log_keyspace = table.change_log->keyspace,
          .stream = *table.stream,
          .shards = StreamShards(table)};
}

StoreResult<std::unique_ptr<View>> OpenStreamView(Store& store) {
  return store.OpenView(store.GroupOf(StreamKey("", "")), ReadTier::kDisk);
}

}  // namespace

const LogShard* StreamRecord::FindShard(std::uint32_t number) const {
  for (const LogShard& shard : shards) {
    if (shard.number == number) return &shard;
  }
  return nullptr;
}

std::string EncodeStreamRecord(const StreamRecord& record) {
  RecordWriter out(kVersion);
  out.Bytes(record.table_name);
  out.Bytes(record.table_id);
  WriteKeySchema(record.key_schema, out);
  out.Unsigned(record.log_keyspace);
  WriteStream(record.stream, out);
  WriteLogShards(record.shards, out);
  return std::move(out).Finish();
}

StoreResult<StreamRecord> DecodeStreamRecord(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  StreamRecord record;
  record.table_name = TakeString(in);
  record.table_id = TakeString(in);
  record.key_schema = TakeKeySchema(in);
  record.log_keyspace = in.Unsigned();
  record.stream = TakeStream(in);
  record.shards = TakeLogShards(in);
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return record;
}

Key StreamKey(std::string_view table_name, std::string_view label) {
  std::string bytes(table_name);
  bytes += '/';
  bytes += label;
  return {.keyspace = kStreamKeyspace, .placement = 0, .bytes = std::move(bytes)};
}

KeyRange StreamRange() { return {}; }

KeyRange StreamRange(std::string_view table_name) {
  return {.start = std::string(table_name) + '/', .end = std::string(table_name) + '0'};
}

void AppendStreamRecord(const TableDescription* before, const TableDescription& after,
                        WriteBatch& batch) {
  if (!after.stream) return;
  if (before != nullptr && before->stream == after.stream &&
      before->change_log == after.change_log) {
    return;
  }
  batch.Put(StreamKey(after.name, after.stream->label), EncodeStreamRecord(RecordOf(after)));
}

StoreResult<void> ForEachStream(Store& store, StreamVisitor visit) {
  GRAMME_TRY(const auto view, OpenStreamView(store));
  return view->Scan(kStreamKeyspace, StreamRange(), Direction::kForward,
                    [&](std::string_view key, std::string_view value) {
                      auto record = DecodeStreamRecord(value);
                      if (!record) {
                        record = StoreError(record.error().code(), "the record of the stream " +
                                                                       std::string(key) + ": " +
                                                                       record.error().message());
                      }
                      visit(key.substr(0, key.find('/')), std::move(record));
                      return ScanStep::kContinue;
                    });
}

StoreResult<std::optional<StreamRecord>> FindStream(Store& store, std::string_view table_name,
                                                    std::string_view label) {
  GRAMME_TRY(const auto view, OpenStreamView(store));
  GRAMME_TRY(const std::optional<std::string> stored, view->Get(StreamKey(table_name, label)));
  if (!stored) return std::nullopt;
  GRAMME_TRY(StreamRecord record, DecodeStreamRecord(*stored));
  return record;
}

StoreResult<std::vector<StreamRecord>> ListStreamRecords(Store& store,
                                                         const StreamListing& listing) {
  GRAMME_TRY(const auto view, OpenStreamView(store));
  KeyRange range = listing.table_name ? StreamRange(*listing.table_name) : StreamRange();
  if (listing.after) {
    std::string start = StreamKey(listing.after->table_name, listing.after->label).bytes + '\0';
    if (start > range.start) range.start = std::move(start);
  }
  std::vector<StreamRecord> records;
  StoreResult<void> decoded;
  if (listing.count_max == 0) return records;
  GRAMME_RETURN_IF_ERROR(view->Scan(
      kStreamKeyspace, range, Direction::kForward, [&](std::string_view, std::string_view value) {
        auto record = DecodeStreamRecord(value);
        if (!record) {
          decoded = std::unexpected(record.error());
          return ScanStep::kStop;
        }
        records.push_back(*std::move(record));
        return records.size() < listing.count_max ? ScanStep::kContinue : ScanStep::kStop;
      }));
  GRAMME_RETURN_IF_ERROR(decoded);
  return records;
}

StoreResult<std::optional<StreamDescription>> FormerStream(Store& store,
                                                           const std::string& table_name,
                                                           WallTime now) {
  GRAMME_TRY(std::vector<StreamRecord> records,
             ListStreamRecords(store, {.table_name = table_name, .after = {}}));
  if (records.empty()) return std::nullopt;
  StreamDescription former = std::move(records.back().stream);
  if (!former.disabling_time) former.disabling_time = now;
  return former;
}

}  // namespace gramme
