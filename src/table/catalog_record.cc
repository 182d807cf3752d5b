#include "table/catalog_record.h"

#include <optional>
#include <utility>

#include "base/result.h"
#include "encoding/record.h"
#include "table/record_fields.h"

namespace gramme {
namespace {

// Part of the format, as are the numbers of the enumerations. Version 2 added the change log, the
// stream and the time to live; version 3 the end of the stream and point-in-time recovery.
constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kVersionBeforeChangeLogs = 1;
constexpr std::uint8_t kVersionBeforeRecovery = 2;
constexpr std::string_view kTablePrefix = "table/";
constexpr std::string_view kTablePrefixEnd = "table0";  // '0' follows '/'

void WriteThroughput(const ProvisionedThroughput& throughput, const ThroughputHistory& history,
                     RecordWriter& out) {
  out.Signed(throughput.read_capacity_units);
  out.Signed(throughput.write_capacity_units);
  WriteTime(history.last_increase, out);
  WriteTime(history.last_decrease, out);
  out.Signed(history.decreases_today);
}

void TakeThroughput(RecordReader& in, ProvisionedThroughput& throughput,
                    ThroughputHistory& history) {
  throughput.read_capacity_units = in.Signed();
  throughput.write_capacity_units = in.Signed();
  history.last_increase = TakeOptionalTime(in);
  history.last_decrease = TakeOptionalTime(in);
  history.decreases_today = in.Signed();
}

void WriteMaximum(const std::optional<std::int64_t>& units, RecordWriter& out) {
  out.Bool(units.has_value());
  if (units) out.Signed(*units);
}

std::optional<std::int64_t> TakeMaximum(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  return in.Signed();
}

void WriteOnDemand(const std::optional<OnDemandThroughput>& throughput, RecordWriter& out) {
  out.Bool(throughput.has_value());
  if (!throughput) return;
  WriteMaximum(throughput->max_read_request_units, out);
  WriteMaximum(throughput->max_write_request_units, out);
}

std::optional<OnDemandThroughput> TakeOnDemand(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  OnDemandThroughput throughput;
  throughput.max_read_request_units = TakeMaximum(in);
  throughput.max_write_request_units = TakeMaximum(in);
  return throughput;
}

void WriteIndex(const IndexDescription& index, RecordWriter& out) {
  out.Bytes(index.name);
  WriteKeySchema(index.key_schema, out);
  WriteEnum(index.projection.type, out);
  out.Unsigned(index.projection.non_key_attributes.size());
  for (const std::string& name : index.projection.non_key_attributes) out.Bytes(name);
  out.Bool(index.is_global);
  WriteEnum(index.status, out);
  out.Bool(index.backfilling);
  WriteThroughput(index.provisioned_throughput, index.throughput_history, out);
  WriteOnDemand(index.on_demand_throughput, out);
  out.Unsigned(index.keyspace);
}

IndexDescription TakeIndex(RecordReader& in) {
  IndexDescription index;
  index.name = TakeString(in);
  index.key_schema = TakeKeySchema(in);
  index.projection.type = TakeEnum(in, ProjectionType::kInclude);
  TakeEach(in, [&] { index.projection.non_key_attributes.push_back(TakeString(in)); });
  index.is_global = in.Bool();
  index.status = TakeEnum(in, IndexStatus::kActive);
  index.backfilling = in.Bool();
  TakeThroughput(in, index.provisioned_throughput, index.throughput_history);
  index.on_demand_throughput = TakeOnDemand(in);
  index.keyspace = in.Unsigned();
  return index;
}

void WriteRestore(const std::optional<RestoreSummary>& summary, RecordWriter& out) {
  out.Bool(summary.has_value());
  if (!summary) return;
  out.Bytes(summary->source_backup_arn);
  out.Bytes(summary->source_table_arn);
  out.Unsigned(Micros(summary->restore_time));
  out.Bool(summary->restore_in_progress);
}

std::optional<RestoreSummary> TakeRestore(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  RestoreSummary summary;
  summary.source_backup_arn = TakeString(in);
  summary.source_table_arn = TakeString(in);
  summary.restore_time = TakeTime(in);
  summary.restore_in_progress = in.Bool();
  return summary;
}

void WriteChangeLog(const std::optional<ChangeLogDescription>& log, RecordWriter& out) {
  out.Bool(log.has_value());
  if (!log) return;
  out.Unsigned(log->keyspace);
  out.Unsigned(log->next_shard);
  WriteLogShards(log->shards, out);
  out.Bool(log->keeps_old_images);
  out.Bool(log->keeps_new_images);
}

std::optional<ChangeLogDescription> TakeChangeLog(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  ChangeLogDescription log;
  log.keyspace = in.Unsigned();
  log.next_shard = static_cast<std::uint32_t>(in.Unsigned());
  log.shards = TakeLogShards(in);
  log.keeps_old_images = in.Bool();
  log.keeps_new_images = in.Bool();
  return log;
}

void WriteTimeToLive(const std::optional<TimeToLiveDescription>& time_to_live, RecordWriter& out) {
  out.Bool(time_to_live.has_value());
  if (!time_to_live) return;
  out.Bytes(time_to_live->attribute_name);
  WriteEnum(time_to_live->status, out);
  out.Unsigned(time_to_live->keyspace);
  out.Unsigned(Micros(time_to_live->last_change_time));
}

std::optional<TimeToLiveDescription> TakeTimeToLive(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  TimeToLiveDescription time_to_live;
  time_to_live.attribute_name = TakeString(in);
  time_to_live.status = TakeEnum(in, TimeToLiveStatus::kDisabled);
  time_to_live.keyspace = in.Unsigned();
  time_to_live.last_change_time = TakeTime(in);
  return time_to_live;
}

// Beside the stream, whose other fields a record of its own has too.
void WriteEndShard(const StreamDescription& stream, RecordWriter& out) {
  out.Bool(stream.end_shard.has_value());
  if (stream.end_shard) out.Unsigned(*stream.end_shard);
}

void TakeEndShard(RecordReader& in, StreamDescription& stream) {
  if (in.Bool()) stream.end_shard = static_cast<std::uint32_t>(in.Unsigned());
}

void WriteRecovery(const std::optional<PointInTimeRecovery>& recovery, RecordWriter& out) {
  out.Bool(recovery.has_value());
  if (!recovery) return;
  out.Signed(recovery->period_days);
  out.Unsigned(Micros(recovery->enabling_time));
  out.Unsigned(Micros(recovery->log_start));
}

std::optional<PointInTimeRecovery> TakeRecovery(RecordReader& in) {
  if (!in.Bool()) return std::nullopt;
  PointInTimeRecovery recovery;
  recovery.period_days = in.Signed();
  recovery.enabling_time = TakeTime(in);
  recovery.log_start = TakeTime(in);
  return recovery;
}

}  // namespace

void WriteKeySchema(const KeySchema& schema, RecordWriter& out) {
  out.Unsigned(schema.size());
  for (const KeySchemaElement& element : schema) {
    out.Bytes(element.attribute_name);
    WriteEnum(element.key_type, out);
  }
}

KeySchema TakeKeySchema(RecordReader& in) {
  KeySchema schema;
  TakeEach(in, [&] {
    std::string name = TakeString(in);
    const KeyType type = TakeEnum(in, KeyType::kRange);
    schema.push_back({.attribute_name = std::move(name), .key_type = type});
  });
  return schema;
}

void WriteLogShards(const std::vector<LogShard>& shards, RecordWriter& out) {
  out.Unsigned(shards.size());
  for (const LogShard& shard : shards) {
    out.Unsigned(shard.number);
    out.Bool(shard.parent.has_value());
    if (shard.parent) out.Unsigned(*shard.parent);
    out.Unsigned(shard.placement_first);
    out.Unsigned(shard.placement_last);
    out.Unsigned(Micros(shard.creation_time));
    WriteTime(shard.closing_time, out);
  }
}

std::vector<LogShard> TakeLogShards(RecordReader& in) {
  std::vector<LogShard> shards;
  TakeEach(in, [&] {
    LogShard shard;
    shard.number = static_cast<std::uint32_t>(in.Unsigned());
    if (in.Bool()) shard.parent = static_cast<std::uint32_t>(in.Unsigned());
    shard.placement_first = in.Unsigned();
    shard.placement_last = in.Unsigned();
    shard.creation_time = TakeTime(in);
    shard.closing_time = TakeOptionalTime(in);
    shards.push_back(shard);
  });
  return shards;
}

void WriteStream(const StreamDescription& stream, RecordWriter& out) {
  out.Bytes(stream.label);
  WriteEnum(stream.view_type, out);
  out.Unsigned(Micros(stream.creation_time));
  WriteTime(stream.disabling_time, out);
  out.Unsigned(stream.first_shard);
}

StreamDescription TakeStream(RecordReader& in) {
  StreamDescription stream;
  stream.label = TakeString(in);
  stream.view_type = TakeEnum(in, StreamViewType::kNewAndOldImages);
  stream.creation_time = TakeTime(in);
  stream.disabling_time = TakeOptionalTime(in);
  stream.first_shard = static_cast<std::uint32_t>(in.Unsigned());
  return stream;
}

std::string EncodeTableDescription(const TableDescription& table) {
  RecordWriter out(kVersion);
  out.Bytes(table.name);
  out.Bytes(table.id);
  out.Unsigned(table.number);
  out.Unsigned(table.generation);
  WriteEnum(table.status, out);
  out.Unsigned(Micros(table.creation_time));
  WriteKeySchema(table.key_schema, out);
  out.Unsigned(table.attribute_definitions.size());
  for (const AttributeDefinition& definition : table.attribute_definitions) {
    out.Bytes(definition.attribute_name);
    WriteEnum(definition.attribute_type, out);
  }
  out.Unsigned(table.indexes.size());
  for (const IndexDescription& index : table.indexes) WriteIndex(index, out);
  WriteEnum(table.billing_mode, out);
  WriteTime(table.last_update_to_pay_per_request, out);
  out.Bool(table.billing_mode_given);
  WriteThroughput(table.provisioned_throughput, table.throughput_history, out);
  WriteOnDemand(table.on_demand_throughput, out);
  out.Bool(table.deletion_protection_enabled);
  out.Unsigned(table.tags.size());
  for (const auto& [key, value] : table.tags) {
    out.Bytes(key);
    out.Bytes(value);
  }
  WriteRestore(table.restore_summary, out);
  out.Unsigned(table.keyspace);
  WriteChangeLog(table.change_log, out);
  out.Bool(table.stream.has_value());
  if (table.stream) WriteStream(*table.stream, out);
  WriteTimeToLive(table.time_to_live, out);
  if (table.stream) WriteEndShard(*table.stream, out);
  WriteRecovery(table.point_in_time_recovery, out);
  return std::move(out).Finish();
}

StoreResult<TableDescription> DecodeTableDescription(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  TableDescription table;
  table.name = TakeString(in);
  table.id = TakeString(in);
  table.number = in.Unsigned();
  table.generation = in.Unsigned();
  table.status = TakeEnum(in, TableStatus::kActive);
  table.creation_time = TakeTime(in);
  table.key_schema = TakeKeySchema(in);
  TakeEach(in, [&] {
    std::string name = TakeString(in);
    const AttributeType type = TakeEnum(in, AttributeType::kBinary);
    table.attribute_definitions.push_back(
        {.attribute_name = std::move(name), .attribute_type = type});
  });
  TakeEach(in, [&] { table.indexes.push_back(TakeIndex(in)); });
  table.billing_mode = TakeEnum(in, BillingMode::kPayPerRequest);
  table.last_update_to_pay_per_request = TakeOptionalTime(in);
  table.billing_mode_given = in.Bool();
  TakeThroughput(in, table.provisioned_throughput, table.throughput_history);
  table.on_demand_throughput = TakeOnDemand(in);
  table.deletion_protection_enabled = in.Bool();
  TakeEach(in, [&] {
    std::string key = TakeString(in);
    table.tags[std::move(key)] = TakeString(in);
  });
  table.restore_summary = TakeRestore(in);
  table.keyspace = in.Unsigned();
  if (in.version() > kVersionBeforeChangeLogs) {
    table.change_log = TakeChangeLog(in);
    if (in.Bool()) table.stream = TakeStream(in);
    table.time_to_live = TakeTimeToLive(in);
  }
  if (in.version() > kVersionBeforeRecovery) {
    if (table.stream) TakeEndShard(in, *table.stream);
    table.point_in_time_recovery = TakeRecovery(in);
  }
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return table;
}

Key CatalogKey(std::string_view table_name) {
  return {.keyspace = kCatalogKeyspace,
          .placement = 0,
          .bytes = std::string(kTablePrefix) + std::string(table_name)};
}

KeyRange CatalogRange() {
  return {.start = std::string(kTablePrefix), .end = std::string(kTablePrefixEnd)};
}

}  // namespace gramme
