#include "table/change_log/log_sweep.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "base/result.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/stream_edits.h"
#include "table/change_log/stream_record.h"
#include "table/counters.h"
#include "table/keyspace_removal.h"

namespace gramme {
namespace {

bool IsExpired(const std::optional<WallTime>& end, WallTime horizon) {
  return end && *end < horizon;
}

// One sweep.
class Sweeper {
 public:
  Sweeper(Store& store, Catalog& catalog, WallTime horizon)
      : store_(store), catalog_(catalog), horizon_(horizon) {}

  StoreResult<LogSweep> Run() {
    GRAMME_TRY(std::vector<StreamRecord> records, ListStreamRecords(store_, {}));
    std::set<std::uint64_t> logs;
    for (const StreamRecord& record : records) {
      GRAMME_RETURN_IF_ERROR(Trim(record));
      if (IsExpired(record.stream.disabling_time, horizon_)) {
        GRAMME_RETURN_IF_ERROR(RemoveStream(record));
        continue;
      }
      if (!record.stream.disabling_time) GRAMME_RETURN_IF_ERROR(RemoveClosedShards(record));
      logs.insert(record.log_keyspace);
    }
    for (const std::uint64_t keyspace : logs) {
      GRAMME_TRY(const std::uint64_t bytes, store_.ApproximateSize(KeyspaceId{keyspace}, {}));
      result_.log_bytes += bytes;
    }
    return result_;
  }

 private:
  StoreResult<void> Trim(const StreamRecord& record) {
    for (const LogShard& shard : record.shards) {
      // One that goes leaves nothing, not what was stamped by a clock that was ahead either.
      const bool goes = IsExpired(shard.closing_time, horizon_);
      GRAMME_TRY(const std::size_t trims, TrimLogShard(store_, record.log_keyspace, shard,
                                                       goes ? WallTime::max() : horizon_));
      result_.trimmed_shard_count += trims;
    }
    return {};
  }

  // Edits the table that the record's stream is or was of, if it is still there.
  StoreResult<void> EditTable(const StreamRecord& record, Catalog::Edit edit) {
    const TableRef table = catalog_.FreshView()->Find(record.table_name);
    if (table == nullptr || table->description().id != record.table_id) return {};
    const auto edited = catalog_.EditTable(
        record.table_name,
        [&](TableDescription& description) -> Result<void> {
          if (description.id != record.table_id) return {};
          return edit(description);
        },
        [](WriteBatch&) {});
    if (!edited && edited.error().code != ErrorCode::kResourceNotFoundException) {
      return StoreError(StatusCode::kUnavailable,
                        "cannot edit the table of a stream: " + edited.error().message);
    }
    return {};
  }

  bool HasExpiredShards(const std::vector<LogShard>& shards) const {
    return std::ranges::any_of(
        shards, [this](const LogShard& shard) { return IsExpired(shard.closing_time, horizon_); });
  }

  StoreResult<void> RemoveClosedShards(const StreamRecord& record) {
    if (!HasExpiredShards(record.shards)) return {};
    return EditTable(record, [this](TableDescription& table) -> Result<void> {
      if (!table.change_log) return {};
      std::erase_if(table.change_log->shards, [this](const LogShard& shard) {
        return IsExpired(shard.closing_time, horizon_);
      });
      return {};
    });
  }

  // Its table forgets it first, so that no record names a log that is gone.
  StoreResult<void> RemoveStream(const StreamRecord& record) {
    GRAMME_RETURN_IF_ERROR(EditTable(record, [&](TableDescription& table) -> Result<void> {
      if (!table.stream || !table.change_log) return {};
      if (table.stream->label != record.stream.label) {
        std::erase_if(table.change_log->shards, [&](const LogShard& shard) {
          return record.FindShard(shard.number) != nullptr;
        });
        return {};
      }
      table.stream.reset();
      table.change_log.reset();
      return {};
    }));
    GRAMME_TRY(const bool is_used, IsLogUsedWithout(record));
    if (!is_used) {
      const std::array keyspaces = {record.log_keyspace};
      // Logs have no counters.
      GRAMME_RETURN_IF_ERROR(
          RemoveKeyspaces(store_, keyspaces, CounterRange(0, record.log_keyspace)));
    }
    const std::array keys = {StreamKey(record.table_name, record.stream.label)};
    const auto outcome = store_.Update(
        keys, {}, UpdateOptions{}, [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
          WriteBatch batch;
          batch.Delete(keys[0]);
          return batch;
        });
    GRAMME_RETURN_IF_ERROR(outcome);
    GRAMME_RETURN_IF_ERROR(store_.Await(outcome->position));
    ++result_.removed_stream_count;
    return {};
  }

  // Whether another stream has its records in the log. REQUIRES: the table has forgotten this one,
  // so that there will be no further one.
  StoreResult<bool> IsLogUsedWithout(const StreamRecord& record) const {
    GRAMME_TRY(const std::vector<StreamRecord> streams,
               ListStreamRecords(store_, {.table_name = record.table_name, .after = {}}));
    return std::ranges::any_of(streams, [&](const StreamRecord& other) {
      return other.log_keyspace == record.log_keyspace && other.stream.label != record.stream.label;
    });
  }

  Store& store_;
  Catalog& catalog_;
  const WallTime horizon_;
  LogSweep result_;
};

}  // namespace

StoreResult<LogSweep> SweepChangeLogs(Store& store, Catalog& catalog, WallTime now,
                                      Duration retention) {
  return Sweeper(store, catalog, now - retention).Run();
}

}  // namespace gramme
