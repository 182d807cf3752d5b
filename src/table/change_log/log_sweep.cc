#include "table/change_log/log_sweep.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "table/change_log/change_record.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/stream_record.h"
#include "table/counters.h"
#include "table/keyspace_removal.h"

namespace gramme {
namespace {

using Shards = std::map<std::uint32_t, LogShard>;  // by number
using ShardNumbers = std::set<std::uint32_t>;

// A log, and whose it is or was.
struct Log {
  std::uint64_t keyspace = 0;
  std::string table_name;
  std::string table_id;
  std::vector<StreamRecord> streams;
};

void Take(const std::vector<LogShard>& shards, Shards& taken) {
  for (const LogShard& shard : shards) taken.insert_or_assign(shard.number, shard);
}

// One sweep.
class Sweeper {
 public:
  Sweeper(Store& store, Catalog& catalog, WallTime horizon)
      : store_(store), catalog_(catalog), horizon_(horizon) {}

  StoreResult<LogSweep> Run() {
    GRAMME_TRY(const std::vector<Log> logs, FindLogs());
    for (const Log& log : logs) Note(Sweep(log));
    GRAMME_RETURN_IF_ERROR(first_failure_);
    return result_;
  }

 private:
  void Note(StoreResult<void> outcome) {
    if (!outcome && first_failure_) first_failure_ = std::move(outcome);
  }

  // All logs but those of a table of which a stream's record cannot be read: what that stream still
  // has in them is not known.
  StoreResult<std::vector<Log>> FindLogs() {
    std::map<std::uint64_t, Log> logs;
    std::set<std::string> damaged;
    GRAMME_RETURN_IF_ERROR(
        ForEachStream(store_, [&](std::string_view table_name, StoreResult<StreamRecord> record) {
          if (!record) {
            damaged.emplace(table_name);
            Note(std::unexpected(std::move(record).error()));
            return;
          }
          Log& log = logs[record->log_keyspace];
          log.table_name = record->table_name;
          log.table_id = record->table_id;
          log.streams.push_back(*std::move(record));
        }));
    for (const TableRef& table : catalog_.FreshView()->tables) {
      const TableDescription& description = table->description();
      if (!description.change_log) continue;
      Log& log = logs[description.change_log->keyspace];
      log.table_name = description.name;
      log.table_id = description.id;
    }
    std::vector<Log> found;
    for (auto& [keyspace, log] : logs) {
      if (damaged.contains(log.table_name)) continue;
      log.keyspace = keyspace;
      found.push_back(std::move(log));
    }
    return found;
  }

  StoreResult<void> Sweep(const Log& log) {
    const TableRef table = FindTable(log);
    // Its table was just deleted: the job that drops it takes the log along.
    if (table == nullptr && log.streams.empty()) return {};
    Shards shards;
    for (const StreamRecord& stream : log.streams) Take(stream.shards, shards);
    std::optional<PointInTimeRecovery> recovery;
    if (table != nullptr) {
      Take(table->description().change_log->shards, shards);
      recovery = table->description().point_in_time_recovery;
    }
    ShardNumbers gone;
    for (const auto& [number, shard] : shards) {
      GRAMME_TRY(const bool is_gone, Trim(log, shard, recovery));
      if (is_gone) gone.insert(number);
    }
    // The table forgets first, so that no record names what is not there any more.
    if (table != nullptr) GRAMME_RETURN_IF_ERROR(Forget(log, *table, gone));
    GRAMME_TRY(const bool is_used, IsUsed(log));
    if (is_used) {
      GRAMME_RETURN_IF_ERROR(RemoveTrimPoints(log, shards, gone));
      GRAMME_TRY(const std::uint64_t bytes, store_.ApproximateSize(KeyspaceId{log.keyspace}, {}));
      result_.log_bytes += bytes;
    } else {
      const std::array keyspaces = {log.keyspace};
      // Logs have no counters.
      GRAMME_RETURN_IF_ERROR(RemoveKeyspaces(store_, keyspaces, CounterRange(0, log.keyspace)));
    }
    return RemoveExpiredStreams(log);
  }

  bool IsExpired(const std::optional<WallTime>& end) const { return end && *end < horizon_; }

  // The log's table, as long as it keeps it; nullptr.
  TableRef FindTable(const Log& log) const {
    TableRef table = catalog_.FreshView()->Find(log.table_name);
    return table != nullptr && IsTableOf(log, table->description()) ? table : nullptr;
  }

  static bool IsTableOf(const Log& log, const TableDescription& table) {
    return table.id == log.table_id && table.change_log &&
           table.change_log->keyspace == log.keyspace;
  }

  // Removes what nobody asks for of a shard; whether it is to go as a whole. A shard of the table's
  // recovery is empty before it goes, whatever the clock did.
  StoreResult<bool> Trim(const Log& log, const LogShard& shard,
                         const std::optional<PointInTimeRecovery>& recovery) {
    const bool is_over = IsExpired(shard.closing_time);
    // One that goes leaves nothing, not what was stamped by a clock that was ahead either.
    WallTime horizon = is_over ? WallTime::max() : horizon_;
    if (recovery) {
      // One that was opened since has all of its records for the recovery.
      if (shard.creation_time >= recovery->log_start) return false;
      horizon = std::min(horizon, recovery->log_start);
    }
    GRAMME_TRY(const std::size_t trims, TrimLogShard(store_, log.keyspace, shard, horizon));
    result_.trimmed_shard_count += trims;
    if (!is_over || !recovery) return is_over;
    if (*shard.closing_time >= recovery->log_start) return false;
    GRAMME_TRY(const LogShardBounds bounds, ReadLogShardBounds(store_, log.keyspace, shard));
    return !bounds.last || *bounds.last < bounds.first;
  }

  StoreResult<void> Forget(const Log& log, const Table& table, const ShardNumbers& gone) {
    const auto forget = [&](TableDescription& description) -> Result<void> {
      if (!IsTableOf(log, description)) return {};
      if (description.stream && IsExpired(description.stream->disabling_time)) {
        description.stream.reset();
      }
      std::vector<LogShard>& shards = description.change_log->shards;
      std::erase_if(shards, [&](const LogShard& shard) { return gone.contains(shard.number); });
      if (shards.empty() && !description.stream && !description.point_in_time_recovery) {
        description.change_log.reset();
      }
      return {};
    };
    TableDescription wanted = table.description();
    if (!forget(wanted) || (wanted.stream == table.description().stream &&
                            wanted.change_log == table.description().change_log)) {
      return {};
    }
    const auto edited = catalog_.EditTable(log.table_name, forget, [](WriteBatch&) {});
    if (!edited && edited.error().code != ErrorCode::kResourceNotFoundException) {
      return StoreError(StatusCode::kUnavailable,
                        "cannot edit the table of a change log: " + edited.error().message);
    }
    return {};
  }

  // Whether the table keeps the log, or a stream that was not yet there when the sweep began has
  // its records in it. A table that has forgotten it makes no further one.
  StoreResult<bool> IsUsed(const Log& log) const {
    if (FindTable(log) != nullptr) return true;
    GRAMME_TRY(const std::vector<StreamRecord> streams,
               ListStreamRecords(store_, {.table_name = log.table_name, .after = {}}));
    return std::ranges::any_of(streams, [&](const StreamRecord& stream) {
      return stream.log_keyspace == log.keyspace && !IsExpired(stream.stream.disabling_time);
    });
  }

  // Of shards that are gone, now or since an earlier sweep.
  StoreResult<void> RemoveTrimPoints(const Log& log, const Shards& shards,
                                     const ShardNumbers& gone) {
    for (const Group& group : store_.Groups(KeyspaceId{log.keyspace})) {
      std::vector<Key> keys;
      StoreResult<void> read;
      GRAMME_TRY(const auto view, store_.OpenView(group.id, ReadTier::kDisk));
      GRAMME_RETURN_IF_ERROR(view->Scan(KeyspaceId{log.keyspace}, TrimPointRange(),
                                        Direction::kForward,
                                        [&](std::string_view key, std::string_view) {
                                          const auto number = ShardOfTrimPointKey(key);
                                          if (!number) {
                                            read = std::unexpected(number.error());
                                            return ScanStep::kStop;
                                          }
                                          if (!shards.contains(*number) || gone.contains(*number)) {
                                            keys.push_back({.keyspace = KeyspaceId{log.keyspace},
                                                            .placement = group.placement_first,
                                                            .bytes = std::string(key)});
                                          }
                                          return ScanStep::kContinue;
                                        }));
      GRAMME_RETURN_IF_ERROR(read);
      for (const Key& key : keys) GRAMME_RETURN_IF_ERROR(Delete(key));
    }
    return {};
  }

  StoreResult<void> RemoveExpiredStreams(const Log& log) {
    for (const StreamRecord& stream : log.streams) {
      if (!IsExpired(stream.stream.disabling_time)) continue;
      GRAMME_TRY(const Position position,
                 Delete(StreamKey(stream.table_name, stream.stream.label)));
      GRAMME_RETURN_IF_ERROR(store_.Await(position));
      ++result_.removed_stream_count;
    }
    return {};
  }

  // Queued; not yet durable.
  StoreResult<Position> Delete(const Key& key) {
    const auto decide = [&](std::span<const CurrentValue>) -> std::optional<WriteBatch> {
      WriteBatch batch;
      batch.Delete(key);
      return batch;
    };
    GRAMME_TRY(const UpdateOutcome outcome, store_.Update({&key, 1}, {}, UpdateOptions{}, decide));
    return outcome.position;
  }

  Store& store_;
  Catalog& catalog_;
  const WallTime horizon_;
  LogSweep result_;
  StoreResult<void> first_failure_;
};

}  // namespace

StoreResult<LogSweep> SweepChangeLogs(Store& store, Catalog& catalog, WallTime now,
                                      Duration retention) {
  return Sweeper(store, catalog, now - retention).Run();
}

}  // namespace gramme
