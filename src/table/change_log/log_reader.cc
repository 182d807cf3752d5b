#include "table/change_log/log_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/result.h"
#include "table/change_log/change_record.h"

namespace gramme {
namespace {

// Names, numbers and ids of a record, as it is answered.
constexpr std::size_t kBesideImagesBytes = 512;

StoreResult<std::unique_ptr<View>> OpenShardView(Store& store, std::uint64_t log_keyspace,
                                                 const LogShard& shard) {
  return store.OpenView(store.GroupOf(TrimPointKey(log_keyspace, shard)), ReadTier::kDisk);
}

// The last position that the shard has lost.
StoreResult<std::optional<LogPosition>> ReadTrimPoint(const View& view, std::uint64_t log_keyspace,
                                                      const LogShard& shard) {
  GRAMME_TRY(const std::optional<std::string> stored, view.Get(TrimPointKey(log_keyspace, shard)));
  if (!stored) return std::nullopt;
  GRAMME_TRY(const LogPosition position, DecodeTrimPoint(*stored));
  return position;
}

// The last position in the range that has a record.
StoreResult<std::optional<LogPosition>> ReadLastPosition(const View& view,
                                                         std::uint64_t log_keyspace,
                                                         const KeyRange& range) {
  std::optional<StoreResult<LogPosition>> last;
  GRAMME_RETURN_IF_ERROR(view.Scan(KeyspaceId{log_keyspace}, range, Direction::kBackward,
                                   [&](std::string_view key, std::string_view) {
                                     last = PositionOfLogKey(key);
                                     return ScanStep::kStop;
                                   }));
  if (!last) return std::nullopt;
  GRAMME_RETURN_IF_ERROR(*last);
  return **last;
}

}  // namespace

StoreResult<LogPage> ReadLogPage(Store& store, std::uint64_t log_keyspace, const LogShard& shard,
                                 const LogPosition& from, const LogPageLimits& limits) {
  GRAMME_TRY(const auto view, OpenShardView(store, log_keyspace, shard));
  GRAMME_TRY(const auto lost, ReadTrimPoint(*view, log_keyspace, shard));
  LogPage page = {.entries = {}, .next = from, .is_last = true};
  if (lost && from <= *lost) {
    page.is_trimmed = true;
    return page;
  }
  StoreResult<void> read;
  std::size_t byte_count = 0;
  GRAMME_RETURN_IF_ERROR(
      view->Scan(KeyspaceId{log_keyspace}, LogShardRange(shard.number, from), Direction::kForward,
                 [&](std::string_view key, std::string_view value) {
                   const auto size = ChangeRecordSize(value);
                   if (!size) {
                     read = std::unexpected(size.error());
                     return ScanStep::kStop;
                   }
                   byte_count += *size + kBesideImagesBytes;
                   const bool is_full = page.entries.size() >= limits.count_max ||
                                        (!page.entries.empty() && byte_count > limits.bytes_max);
                   if (is_full) {
                     page.is_last = false;
                     return ScanStep::kStop;
                   }
                   const auto position = PositionOfLogKey(key);
                   if (!position) {
                     read = std::unexpected(position.error());
                     return ScanStep::kStop;
                   }
                   page.entries.push_back({.position = *position,
                                           .record = std::string(value),
                                           .size_bytes = *size + kBesideImagesBytes});
                   page.next = position->Next();
                   return ScanStep::kContinue;
                 }));
  GRAMME_RETURN_IF_ERROR(read);
  return page;
}

StoreResult<LogShardBounds> ReadLogShardBounds(Store& store, std::uint64_t log_keyspace,
                                               const LogShard& shard) {
  GRAMME_TRY(const auto view, OpenShardView(store, log_keyspace, shard));
  GRAMME_TRY(const auto lost, ReadTrimPoint(*view, log_keyspace, shard));
  LogShardBounds bounds;
  if (lost) bounds.first = lost->Next();
  GRAMME_TRY(bounds.last, ReadLastPosition(*view, log_keyspace, LogShardRange(shard.number)));
  if (!bounds.last) bounds.last = lost;
  return bounds;
}

StoreResult<std::uint64_t> LogByteCount(Store& store, const ChangeLogDescription& log,
                                        WallTime since) {
  std::uint64_t total = 0;
  for (const LogShard& shard : log.shards) {
    GRAMME_TRY(const std::uint64_t bytes,
               store.ApproximateSize(KeyspaceId{log.keyspace},
                                     LogShardRange(shard.number, LogPosition::At(since))));
    total += bytes;
  }
  return total;
}

StoreResult<std::size_t> TrimLogShard(Store& store, std::uint64_t log_keyspace,
                                      const LogShard& shard, WallTime horizon) {
  KeyRange range = LogShardRange(shard.number);
  range.end = LogShardRange(shard.number, LogPosition::At(horizon)).start;
  std::optional<LogPosition> last;
  {
    GRAMME_TRY(const auto view, OpenShardView(store, log_keyspace, shard));
    GRAMME_TRY(last, ReadLastPosition(*view, log_keyspace, range));
  }
  if (!last) return 0;
  // Nothing but what was found: where the clock was ahead, a record may come before the horizon
  // yet.
  range.end = LogShardRange(shard.number, last->Next()).start;
  const std::array keys = {TrimPointKey(log_keyspace, shard)};
  const auto outcome = store.Update(
      keys, {}, UpdateOptions{}, [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
        WriteBatch batch;
        batch.Put(keys[0], EncodeTrimPoint(*last));
        return batch;
      });
  GRAMME_RETURN_IF_ERROR(outcome);
  GRAMME_RETURN_IF_ERROR(store.Await(outcome->position));
  GRAMME_RETURN_IF_ERROR(store.Trim(KeyspaceId{log_keyspace}, range));
  return 1;
}

}  // namespace gramme
