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
  log.keeps_old_images = log.keeps_new_images = false;
  if (!HasEnabledStream(table)) return;
  const StreamViewType type = table.stream->view_type;
  const bool is_both = type == StreamViewType::kNewAndOldImages;
  log.keeps_old_images = is_both || type == StreamViewType::kOldImage;
  log.keeps_new_images = is_both || type == StreamViewType::kNewImage;
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
  std::vector<LogShard> open;
  const auto is_open = [](const LogShard& shard) { return !shard.closing_time; };
  std::ranges::copy_if(log.shards, std::back_inserter(open), is_open);
  CloseShards(now, log);
  for (LogShard& parent : open) {
    parent.parent = parent.number;
    parent.creation_time = now;
    OpenShards(parent, 2, log);
  }
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
                                   .first_shard = log.next_shard};
  for (const Group& group : stream.groups) {
    OpenShards({.placement_first = group.placement_first,
                .placement_last = group.placement_last,
                .creation_time = stream.now,
                .closing_time = {}},
               stream.shard_count, log);
  }
  SetImages(table);
  return {};
}

Result<void> DisableStream(WallTime now, TableDescription& table) {
  if (!HasEnabledStream(table)) {
    return ValidationError("Table has no stream to disable: TableName: " + table.name);
  }
  table.stream->disabling_time = now;
  CloseShards(now, *table.change_log);
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
    return static_cast<std::uint32_t>(std::ranges::count_if(
        table.change_log->shards, [](const LogShard& shard) { return !shard.closing_time; }));
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

std::vector<LogShard> StreamShards(const TableDescription& table) {
  GRAMME_CHECK(table.stream && table.change_log, "a stream without a log");
  std::vector<LogShard> shards;
  std::ranges::copy_if(
      table.change_log->shards, std::back_inserter(shards),
      [&](const LogShard& shard) { return shard.number >= table.stream->first_shard; });
  return shards;
}

}  // namespace gramme
