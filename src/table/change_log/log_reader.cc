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

// Of records as they are stored, for one page: a log may keep much more of a change than is shown.
constexpr std::size_t kReadBytesMax = 16 << 20;

StoreResult<std::unique_ptr<View>> OpenShardView(Store& store, std::uint64_t log_keyspace,
                                                 const LogShard& shard) {
  return store.OpenView(store.GroupOf(TrimPointKey(log_keyspace, shard)), ReadTier::kDisk);
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

// The records of a shard whose commit is older than `horizon`.
KeyRange RangeBefore(const LogShard& shard, WallTime horizon) {
  return {.start = LogShardRange(shard.number).start,
          .end = LogShardRange(shard.number, LogPosition::At(horizon)).start};
}

// The last position that a reader of what there is since `since` has lost.
StoreResult<std::optional<LogPosition>> ReadLostPosition(const View& view,
                                                         std::uint64_t log_keyspace,
                                                         const LogShard& shard, WallTime since) {
  GRAMME_TRY(const auto hidden, ReadLastPosition(view, log_keyspace, RangeBefore(shard, since)));
  GRAMME_TRY(const std::optional<std::string> stored, view.Get(TrimPointKey(log_keyspace, shard)));
  if (!stored) return hidden;
  GRAMME_TRY(const LogPosition removed, DecodeTrimPoint(*stored));
  return std::max(hidden.value_or(removed), removed);
}

// Takes entries into a page until it is full.
class PageFiller {
 public:
  PageFiller(const LogPageLimits& limits, LogPage& page) : limits_(limits), page_(page) {}

  StoreResult<ScanStep> Take(std::string_view key, std::string_view value) {
    if (page_.entries.size() >= limits_.count_max) return Stop();
    GRAMME_TRY(LogEntry entry, Show(key, value));
    byte_count_ += entry.size_bytes;
    read_byte_count_ += value.size();
    const bool is_full = byte_count_ > limits_.bytes_max || read_byte_count_ > kReadBytesMax;
    if (is_full && !page_.entries.empty()) return Stop();
    page_.next = entry.position.Next();
    page_.entries.push_back(std::move(entry));
    return ScanStep::kContinue;
  }

 private:
  ScanStep Stop() {
    page_.is_last = false;
    return ScanStep::kStop;
  }

  StoreResult<LogEntry> Show(std::string_view key, std::string_view value) const {
    LogEntry entry;
    GRAMME_TRY(entry.position, PositionOfLogKey(key));
    if (limits_.stream != nullptr) {
      GRAMME_TRY(entry.record, ShownChangeRecord(limits_.stream->stream.view_type,
                                                 limits_.stream->key_schema, value));
    } else {
      entry.record = value;
    }
    GRAMME_TRY(const std::size_t size, ChangeRecordSize(entry.record));
    entry.size_bytes = size + kBesideImagesBytes;
    return entry;
  }

  const LogPageLimits& limits_;
  LogPage& page_;
  std::size_t byte_count_ = 0;
  std::size_t read_byte_count_ = 0;
};

}  // namespace

StoreResult<LogPage> ReadLogPage(Store& store, std::uint64_t log_keyspace, const LogShard& shard,
                                 const LogPosition& from, const LogPageLimits& limits) {
  GRAMME_TRY(const auto view, OpenShardView(store, log_keyspace, shard));
  GRAMME_TRY(const auto lost, ReadLostPosition(*view, log_keyspace, shard, limits.since));
  LogPage page = {.entries = {}, .next = from, .is_last = true};
  if (lost && from <= *lost) {
    page.is_trimmed = true;
    return page;
  }
  PageFiller filler(limits, page);
  StoreResult<void> read;
  GRAMME_RETURN_IF_ERROR(view->Scan(KeyspaceId{log_keyspace}, LogShardRange(shard.number, from),
                                    Direction::kForward,
                                    [&](std::string_view key, std::string_view value) {
                                      const auto step = filler.Take(key, value);
                                      if (step) return *step;
                                      read = std::unexpected(step.error());
                                      return ScanStep::kStop;
                                    }));
  GRAMME_RETURN_IF_ERROR(read);
  return page;
}

StoreResult<LogShardBounds> ReadLogShardBounds(Store& store, std::uint64_t log_keyspace,
                                               const LogShard& shard, WallTime since) {
  GRAMME_TRY(const auto view, OpenShardView(store, log_keyspace, shard));
  GRAMME_TRY(const auto lost, ReadLostPosition(*view, log_keyspace, shard, since));
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
  KeyRange range = RangeBefore(shard, horizon);
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
