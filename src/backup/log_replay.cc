#include "backup/log_replay.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/result.h"
#include "encoding/item_encoding.h"
#include "table/change_log/change_record.h"
#include "table/item/item_key.h"
#include "table/record_fields.h"

namespace gramme {
namespace {

// Of an overlay, held in memory at once.
constexpr std::size_t kOverlayPageBytes = std::size_t{1} << 20;

std::unexpected<Status> Damaged(const LogReplay& replay, std::uint32_t shard,
                                std::string_view why) {
  return StoreError(StatusCode::kCorruption, "the change log of table " + replay.source_table_name +
                                                 ", shard " + std::to_string(shard) + ": " +
                                                 std::string(why));
}

std::unexpected<Status> Damaged(const LogReplay& replay, std::uint32_t shard,
                                const LogPosition& position, const Status& status) {
  return Damaged(replay, shard, "the record " + SequenceNumber(position) + ": " + status.message());
}

}  // namespace

void WriteLogReplay(const LogReplay& replay, RecordWriter& out) {
  out.Bytes(replay.source_table_name);
  out.Unsigned(replay.source_table_number);
  out.Unsigned(replay.log_keyspace);
  out.Unsigned(replay.shards.size());
  for (const std::uint32_t shard : replay.shards) out.Unsigned(shard);
  out.Unsigned(Micros(replay.after));
  out.Unsigned(Micros(replay.until));
  out.Unsigned(replay.overlay_keyspace);
  out.Unsigned(replay.shard_index);
  out.Unsigned(replay.next.micros);
  out.Unsigned(replay.next.index);
}

LogReplay TakeLogReplay(RecordReader& in) {
  LogReplay replay;
  replay.source_table_name = TakeString(in);
  replay.source_table_number = in.Unsigned();
  replay.log_keyspace = in.Unsigned();
  TakeEach(in, [&] { replay.shards.push_back(static_cast<std::uint32_t>(in.Unsigned())); });
  replay.after = TakeTime(in);
  replay.until = TakeTime(in);
  replay.overlay_keyspace = in.Unsigned();
  replay.shard_index = in.Unsigned();
  replay.next.micros = in.Unsigned();
  replay.next.index = static_cast<std::uint32_t>(in.Unsigned());
  return replay;
}

StoreResult<bool> LogReplayer::Step(std::string_view image, std::uint64_t byte_count,
                                    LogReplay& replay) {
  LogReplay reached = replay;
  for (std::uint64_t left = byte_count; left > 0 && reached.shard_index < reached.shards.size();) {
    GRAMME_RETURN_IF_ERROR(ReadShard(image, left, reached));
  }
  GRAMME_RETURN_IF_ERROR(overlay_.Finish());
  replay = std::move(reached);
  return replay.shard_index >= replay.shards.size();
}

StoreResult<void> LogReplayer::ReadShard(std::string_view image, std::uint64_t& left,
                                         LogReplay& replay) {
  const std::uint32_t shard = replay.shards[replay.shard_index];
  const KeyspaceId keyspace{replay.log_keyspace};
  // The first place after every change of the base's last commit.
  const LogPosition begin{.micros = LogPosition::At(replay.after).micros + 1};
  KeyRange range = LogShardRange(shard, std::max(begin, replay.next));
  range.end = LogShardRange(shard, {.micros = LogPosition::At(replay.until).micros + 1}).start;
  bool is_over = true;
  for (const Group& group : store_.Groups(keyspace)) {
    GRAMME_TRY(const auto view, store_.OpenImage(image, group.id));
    if (view == nullptr) return Damaged(replay, shard, "its image is gone");
    // A shard belongs to one group; elsewhere it has neither records nor a trim point.
    GRAMME_TRY(const auto trimmed, view->Get(TrimPointKey(replay.log_keyspace,
                                                          {.number = shard,
                                                           .placement_first = group.placement_first,
                                                           .creation_time = {},
                                                           .closing_time = {}})));
    if (trimmed) {
      GRAMME_TRY(const LogPosition last, DecodeTrimPoint(*trimmed));
      if (last >= begin) return Damaged(replay, shard, "records that are needed are gone");
    }
    StoreResult<void> added;
    const auto visit = [&](std::string_view key, std::string_view record) {
      const auto position = PositionOfLogKey(key);
      if (!position) {
        added = Damaged(replay, shard, position.error().message());
        return ScanStep::kStop;
      }
      if (added = Add(replay, record); !added) {
        if (added.error().code() == StatusCode::kCorruption) {
          added = Damaged(replay, shard, *position, added.error());
        }
        return ScanStep::kStop;
      }
      replay.next = position->Next();
      left -= std::min<std::uint64_t>(left, key.size() + record.size());
      is_over = left > 0;
      return is_over ? ScanStep::kContinue : ScanStep::kStop;
    };
    const auto scanned = view->Scan(keyspace, range, Direction::kForward, visit);
    if (!scanned && scanned.error().code() == StatusCode::kCorruption) {
      return Damaged(replay, shard, scanned.error().message());
    }
    GRAMME_RETURN_IF_ERROR(scanned);
    GRAMME_RETURN_IF_ERROR(added);
  }
  if (is_over) {
    ++replay.shard_index;
    replay.next = {};
  }
  return {};
}

StoreResult<void> LogReplayer::Add(const LogReplay& replay, std::string_view record) {
  GRAMME_TRY(const ChangeRecord change, DecodeChangeRecord(record));
  std::string_view image = change.new_image;
  if (change.kind == ChangeKind::kRemove) image = change.old_image;
  Item item;
  if (!image.empty()) {
    GRAMME_TRY(item, DecodeItem(image));
  } else if (change.kind == ChangeKind::kRemove) {
    GRAMME_TRY(item, DecodeAttributes(change.keys));
  } else {
    return StoreError(StatusCode::kCorruption, "it has no new image");
  }
  auto key = KeyOfItem(table_, item);
  if (!key) return StoreError(StatusCode::kCorruption, key.error().message);
  key->keyspace = KeyspaceId{replay.overlay_keyspace};
  return overlay_.Append(*key, change.new_image);
}

StoreResult<const OverlayEntry*> OverlayCursor::Peek() {
  if (page_.empty() && !is_over_) GRAMME_RETURN_IF_ERROR(Fill());
  return page_.empty() ? nullptr : &page_.front();
}

StoreResult<void> OverlayCursor::Fill() {
  KeyRange range;
  if (!after_.empty()) range.start = after_ + '\0';
  std::size_t byte_count = 0;
  bool is_full = false;
  // In the order of their placements, so in key order.
  for (const Group& group : store_.Groups(keyspace_)) {
    if (is_full) break;
    GRAMME_TRY(const auto view, store_.OpenView(group.id, ReadTier::kDisk));
    GRAMME_RETURN_IF_ERROR(view->Scan(
        keyspace_, range, Direction::kForward, [&](std::string_view key, std::string_view value) {
          page_.push_back({.key = std::string(key), .value = std::string(value)});
          byte_count += key.size() + value.size();
          is_full = byte_count >= kOverlayPageBytes;
          return is_full ? ScanStep::kStop : ScanStep::kContinue;
        }));
  }
  is_over_ = !is_full;
  if (!page_.empty()) after_ = page_.back().key;
  return {};
}

}  // namespace gramme
