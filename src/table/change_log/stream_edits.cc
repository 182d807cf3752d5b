#include "table/change_log/stream_edits.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/check.h"

namespace gramme {
namespace {

constexpr std::size_t kLabelMillisecondEnd = 23;  // of `2026-11-20T11:02:31.123Z`

// Unique for a table: a later one comes after the one before.
std::string LabelFor(const std::optional<StreamDescription>& last, WallTime now) {
  WallTime time = now;
  std::string label = FormatIso8601(time).substr(0, kLabelMillisecondEnd);
  while (last && label <= last->label) {
    time = std::max(time, last->creation_time) + std::chrono::milliseconds(1);
    label = FormatIso8601(time).substr(0, kLabelMillisecondEnd);
    if (label <= last->label) return last->label + "0";
  }
  return label;
}

void SetImages(TableDescription& table) {
  ChangeLogDescription& log = *table.change_log;
  const bool has_stream = HasEnabledStream(table);
  log.keeps_old_images = has_stream && ShowsOldImages(table.stream->view_type);
  log.keeps_new_images = table.point_in_time_recovery.has_value() ||
                         (has_stream && ShowsNewImages(table.stream->view_type));
}

void OpenShard(const LogShard& shard, ChangeLogDescription& log) {
  log.shards.push_back(shard);
  log.shards.back().number = log.next_shard++;
}

void CloseShards(WallTime now, ChangeLogDescription& log) {
  for (LogShard& shard : log.shards) {
    if (!shard.closing_time) shard.closing_time = now;
  }
}

// The middle of the range stays with the second half.
std::uint64_t MiddleOf(const LogShard& shard) {
  return shard.placement_first + (shard.placement_last - shard.placement_first) / 2;
}

// Those that are open.
std::vector<LogShard> OpenShardsOf(const ChangeLogDescription& log) {
  std::vector<LogShard> open;
  std::ranges::copy_if(log.shards, std::back_inserter(open),
                       [](const LogShard& shard) { return !shard.closing_time; });
  return open;
}

// `count`, a power of two, equal parts of a range.
void OpenShards(LogShard shard, std::uint32_t count, ChangeLogDescription& log) {
  if (count == 1) {
    OpenShard(shard, log);
    return;
  }
  LogShard low = shard;
  low.placement_last = MiddleOf(shard);
  LogShard high = shard;
  high.placement_first = low.placement_last + 1;
  OpenShards(low, count / 2, log);
  OpenShards(high, count / 2, log);
}

void SplitOpenShards(WallTime now, ChangeLogDescription& log) {
  std::vector<LogShard> open = OpenShardsOf(log);
  CloseShards(now, log);
  for (LogShard& parent : open) {
    parent.parent = parent.number;
    parent.creation_time = now;
    OpenShards(parent, 2, log);
  }
}

// One for each group, or `count` equal ones.
void OpenShardsOfGroups(const std::vector<Group>& groups, std::uint32_t count, WallTime now,
                        ChangeLogDescription& log) {
  for (const Group& group : groups) {
    OpenShards({.placement_first = group.placement_first,
                .placement_last = group.placement_last,
                .creation_time = now,
                .closing_time = {}},
               count, log);
  }
}

// Shards that are opened from now on are not the stream's.
void EndShards(StreamDescription& stream, const ChangeLogDescription& log) {
  if (!stream.end_shard) stream.end_shard = log.next_shard;
}

}  // namespace

bool HasEnabledStream(const TableDescription& table) {
  return table.stream && !table.stream->disabling_time;
}

Result<void> EnableStream(const NewStream& stream, TableDescription& table) {
  if (HasEnabledStream(table)) {
    return ValidationError("Table already has an enabled stream: TableName: " + table.name);
  }
  if (!table.change_log) table.change_log = {.keyspace = stream.log_keyspace};
  ChangeLogDescription& log = *table.change_log;
  CloseShards(stream.now, log);
  table.stream = StreamDescription{.label = LabelFor(table.stream, stream.now),
                                   .view_type = stream.view_type,
                                   .creation_time = stream.now,
                                   .disabling_time = {},
                                   .first_shard = log.next_shard,
                                   .end_shard = {}};
  OpenShardsOfGroups(stream.groups, stream.shard_count, stream.now, log);
  SetImages(table);
  return {};
}

Result<void> DisableStream(WallTime now, TableDescription& table) {
  if (!HasEnabledStream(table)) {
    return ValidationError("Table has no stream to disable: TableName: " + table.name);
  }
  ChangeLogDescription& log = *table.change_log;
  table.stream->disabling_time = now;
  EndShards(*table.stream, log);
  const std::vector<LogShard> open = OpenShardsOf(log);
  CloseShards(now, log);
  if (table.point_in_time_recovery) {
    for (LogShard shard : open) {
      shard.parent.reset();
      shard.creation_time = now;
      OpenShard(shard, log);
    }
  }
  SetImages(table);
  return {};
}

Result<void> SplitStreamShards(std::uint32_t shard_count, WallTime now, TableDescription& table) {
  if (!HasEnabledStream(table)) {
    return ValidationError("Table has no enabled stream: TableName: " + table.name);
  }
  if (shard_count > kOpenShardCountMax) {
    return Error(ErrorCode::kLimitExceededException,
                 "A stream has at most " + std::to_string(kOpenShardCountMax) + " open shards");
  }
  const auto open_count = [&] {
    return static_cast<std::uint32_t>(OpenShardsOf(*table.change_log).size());
  };
  std::uint32_t reached = open_count();
  while (reached < shard_count) reached *= 2;
  if (reached != shard_count) {
    return ValidationError(
        "The number of open shards of a stream can only be doubled, once or several times; there "
        "are " +
        std::to_string(open_count()));
  }
  while (open_count() < shard_count) SplitOpenShards(now, *table.change_log);
  return {};
}

void EnableRecovery(const NewRecovery& recovery, TableDescription& table) {
  if (table.point_in_time_recovery) {
    table.point_in_time_recovery->period_days = recovery.period_days;
    return;
  }
  table.point_in_time_recovery = PointInTimeRecovery{.period_days = recovery.period_days,
                                                     .enabling_time = recovery.now,
                                                     .log_start = recovery.now};
  if (!table.change_log) table.change_log = {.keyspace = recovery.log_keyspace};
  if (!HasEnabledStream(table)) {
    // The record of a stream that was disabled before there was recovery has no end.
    if (table.stream) EndShards(*table.stream, *table.change_log);
    OpenShardsOfGroups(recovery.groups, 1, recovery.now, *table.change_log);
  }
  SetImages(table);
}

void DisableRecovery(WallTime now, TableDescription& table) {
  if (!table.point_in_time_recovery) return;
  table.point_in_time_recovery.reset();
  if (!HasEnabledStream(table)) CloseShards(now, *table.change_log);
  SetImages(table);
}

std::vector<LogShard> StreamShards(const TableDescription& table) {
  GRAMME_CHECK(table.stream && table.change_log, "a stream without a log");
  std::vector<LogShard> shards;
  const std::uint32_t end = table.stream->end_shard.value_or(UINT32_MAX);
  std::ranges::copy_if(table.change_log->shards, std::back_inserter(shards),
                       [&](const LogShard& shard) {
                         return shard.number >= table.stream->first_shard && shard.number < end;
                       });
  return shards;
}

}  // namespace gramme
