#include "backup/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "base/result.h"
#include "encoding/record.h"
#include "model/arn.h"
#include "table/change_log/log_reader.h"
#include "table/change_log/stream_edits.h"
#include "table/counters.h"
#include "table/record_fields.h"
#include "table/store_error.h"

namespace gramme {
namespace {

constexpr std::uint8_t kStateVersion = 1;  // part of the format
// An edit of the table between two looks at it is rare; a store that refuses this often is broken.
constexpr int kAttemptCountMax = 20;

struct EndState {
  std::string table_name;
  std::string table_id;
};

std::string Encode(const EndState& state) {
  RecordWriter out(kStateVersion);
  out.Bytes(state.table_name);
  out.Bytes(state.table_id);
  return std::move(out).Finish();
}

StoreResult<EndState> Decode(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kStateVersion));
  EndState state = {.table_name = TakeString(in), .table_id = {}};
  state.table_id = TakeString(in);
  GRAMME_RETURN_IF_ERROR(in.Finish());
  return state;
}

bool IsServed(const TableDescription& table) {
  return table.status == TableStatus::kActive || table.status == TableStatus::kUpdating;
}

StoreResult<void> FromEdit(const Result<CatalogEdit>& edit) {
  if (edit || edit.error().code == ErrorCode::kResourceNotFoundException) return {};
  return StoreError(StatusCode::kUnavailable, "cannot edit a table: " + edit.error().message);
}

std::unexpected<ApiError> NotFound(std::string_view table_name) {
  return Error(ErrorCode::kTableNotFoundException, "Table not found: " + std::string(table_name));
}

Duration PeriodOf(const TableDescription& table) {
  return std::chrono::days(table.point_in_time_recovery->period_days);
}

}  // namespace

Recovery::Recovery(const BackupParts& parts, Backups& backups, const RecoveryOptions& options)
    : parts_(parts), backups_(backups), options_(options) {
  parts_.jobs.Register(std::string(kRecoveryEndJob), [this](Job& job) { return EndStep(job); });
}

Result<TableRef> Recovery::FindTable(std::string_view table_name) const {
  TableRef table = parts_.catalog.FreshView()->Find(table_name);
  if (table == nullptr || table->description().status == TableStatus::kCreating) {
    return NotFound(table_name);
  }
  return table;
}

Result<CatalogEdit> Recovery::Enable(std::string_view table_name, std::int64_t period_days) {
  GRAMME_TRY(const TableRef table, FindTable(table_name));
  // After every commit of a recovery that the table has had before, whatever the clock says.
  GRAMME_TRY(const WallTime last, FromStore(CommitTimeNow()));
  NewRecovery recovery = {
      .now = std::max(parts_.clock.WallNow(), last), .period_days = period_days, .groups = {}};
  // Left empty where the table has a log already, which costs nothing.
  GRAMME_TRY(const KeyspaceId keyspace, FromStore(parts_.store.CreateKeyspace()));
  recovery.log_keyspace = static_cast<std::uint64_t>(keyspace);
  recovery.groups = parts_.store.Groups(keyspace);
  const auto edit = [&](TableDescription& current) -> Result<void> {
    EnableRecovery(recovery, current);
    return {};
  };
  auto edited = parts_.catalog.EditTable(table->name(), edit, [](WriteBatch&) {});
  if (!edited && edited.error().code == ErrorCode::kResourceNotFoundException) {
    return NotFound(table_name);
  }
  GRAMME_RETURN_IF_ERROR(edited);
  const TableDescription& enabled = edited->table->description();
  const WallTime since = enabled.point_in_time_recovery->enabling_time;
  if (IsServed(enabled) && backups_.BasesOf(enabled.id, since).empty()) {
    GRAMME_RETURN_IF_ERROR(FromStore(MakeBase(enabled.name)));
  }
  return edited;
}

Result<CatalogEdit> Recovery::Disable(std::string_view table_name) {
  GRAMME_TRY(const TableRef table, FindTable(table_name));
  const WallTime now = parts_.clock.WallNow();
  const TableDescription& description = table->description();
  Job job =
      parts_.jobs.NewJob(kRecoveryEndJob, description.name,
                         Encode({.table_name = description.name, .table_id = description.id}));
  const auto edit = [&](TableDescription& current) -> Result<void> {
    if (current.id != description.id) return NotFound(table_name);
    DisableRecovery(now, current);
    return {};
  };
  auto edited = parts_.catalog.EditTable(description.name, edit,
                                         [&](WriteBatch& batch) { Jobs::AddTo(batch, job); });
  if (!edited && edited.error().code == ErrorCode::kResourceNotFoundException) {
    return NotFound(table_name);
  }
  GRAMME_RETURN_IF_ERROR(edited);
  parts_.jobs.Start(std::move(job), edited->position);
  return edited;
}

std::vector<BackupDescription> Recovery::BasesOf(const TableDescription& table) const {
  const PointInTimeRecovery& recovery = *table.point_in_time_recovery;
  std::vector<BackupDescription> bases = backups_.BasesOf(table.id, recovery.enabling_time);
  // One that was left out when the log was trimmed is of no use any more.
  std::erase_if(
      bases, [&](const BackupDescription& base) { return base.commit_time < recovery.log_start; });
  return bases;
}

std::optional<RestorableWindow> Recovery::WindowOf(const TableDescription& table) const {
  if (!table.point_in_time_recovery) return std::nullopt;
  const std::vector<BackupDescription> bases = BasesOf(table);
  if (bases.empty()) return std::nullopt;
  const WallTime now = parts_.clock.WallNow();
  const WallTime earliest = std::chrono::ceil<std::chrono::milliseconds>(
      std::max(bases.front().commit_time, now - PeriodOf(table)));
  const WallTime latest = std::chrono::floor<std::chrono::seconds>(now);
  return RestorableWindow{.earliest = earliest, .latest = std::max(earliest, latest)};
}

Result<TableRef> Recovery::CheckRestore(const RecoveryRestoreRequest& request) const {
  GRAMME_TRY(const TableRef table, FindTable(request.source_table_name));
  const TableDescription& source = table->description();
  const auto window = WindowOf(source);
  if (!window || !source.change_log) {
    return Error(ErrorCode::kPointInTimeRecoveryUnavailableException,
                 fmt::format("Point in time recovery is not enabled for table '{}'", source.name));
  }
  if (request.time && (*request.time < window->earliest || *request.time > window->latest)) {
    return Error(ErrorCode::kInvalidRestoreTimeException,
                 fmt::format("RestoreDateTime '{}' must be within EarliestRestorableDateTime '{}' "
                             "and LatestRestorableDateTime '{}'",
                             FormatIso8601(*request.time), FormatIso8601(window->earliest),
                             FormatIso8601(window->latest)));
  }
  return table;
}

Result<BegunRestore> Recovery::BeginRestore(const RecoveryRestoreRequest& request) {
  for (int attempt = 0; attempt < kAttemptCountMax; ++attempt) {
    // What can be refused is refused before anything is written.
    GRAMME_RETURN_IF_ERROR(CheckRestore(request));
    GRAMME_TRY(auto begun, TryRestore(request));
    if (begun) return *std::move(begun);
  }
  return Error(ErrorCode::kInternalServerError, "base backups went while they were looked for");
}

Result<std::optional<BegunRestore>> Recovery::TryRestore(const RecoveryRestoreRequest& request) {
  // Before the table is looked at, so that no shard is opened before the moment and missed.
  GRAMME_TRY(const WallTime now, FromStore(CommitTimeNow()));
  GRAMME_TRY(const TableRef table, CheckRestore(request));
  const TableDescription& source = table->description();
  LogReplay replay = {.source_table_name = source.name,
                      .source_table_number = source.number,
                      .log_keyspace = source.change_log->keyspace,
                      .shards = {},
                      .until = std::min(request.time.value_or(now), now),
                      .next = {}};
  const std::vector<BackupDescription> bases = BasesOf(source);
  const auto find_newest = [&](bool is_whole) {
    return std::ranges::find_if(bases | std::views::reverse, [&](const BackupDescription& base) {
      return base.commit_time <= replay.until &&
             (!is_whole || base.status == BackupStatus::kAvailable);
    });
  };
  // One that is still being made is waited for only where there is no other.
  auto newest = find_newest(true);
  if (newest == bases.rend()) newest = find_newest(false);
  if (newest == bases.rend()) return std::nullopt;
  replay.after = newest->commit_time;
  // Closed ones too: when a shard was closed is told by a clock that may have been wrong.
  for (const LogShard& shard : source.change_log->shards) replay.shards.push_back(shard.number);
  auto begun = backups_.BeginRestore(
      {.backup_id = newest->id,
       .backup_arn = newest->arn,
       .target_table_name = request.target_table_name,
       .overrides = request.overrides,
       .to_time = RestoreToTime{.replay = std::move(replay), .source = source},
       .keep = request.keep});
  if (!begun && begun.error().code == ErrorCode::kBackupNotFoundException) return std::nullopt;
  GRAMME_RETURN_IF_ERROR(begun);
  return *std::move(begun);
}

StoreResult<RecoverySweep> Recovery::Sweep() {
  RecoverySweep sweep;
  StoreResult<void> first;
  const auto note = [&](const StoreResult<void>& result) {
    if (!result && first) first = result;
  };
  const auto view = parts_.catalog.view();
  for (const TableRef& table : view->tables) {
    const TableDescription& description = table->description();
    if (!description.point_in_time_recovery || !IsServed(description)) continue;
    ++sweep.protected_table_count;
    note(SweepTable(description, sweep));
    if (const auto window = WindowOf(description)) {
      const Duration lag = parts_.clock.WallNow() - window->latest;
      sweep.lag = std::max(sweep.lag.value_or(lag), lag);
    }
  }
  for (const std::string& id : backups_.ExpiredIds(parts_.clock.WallNow())) {
    const auto is_gone = backups_.Remove(id);
    if (is_gone && *is_gone) ++sweep.expired_backup_count;
    if (!is_gone) note(std::unexpected(is_gone.error()));
  }
  GRAMME_RETURN_IF_ERROR(first);
  return sweep;
}

StoreResult<void> Recovery::SweepTable(const TableDescription& table, RecoverySweep& sweep) {
  const WallTime since = table.point_in_time_recovery->enabling_time;
  std::vector<BackupDescription> bases = backups_.BasesOf(table.id, since);
  bool is_due = bases.empty();
  if (!is_due && bases.back().status == BackupStatus::kAvailable) {
    GRAMME_TRY(is_due, NeedsBase(table, bases.back().commit_time));
  }
  if (is_due) {
    GRAMME_RETURN_IF_ERROR(MakeBase(table.name));
    ++sweep.made_base_count;
  }
  // The first moment of the period needs the last base before it, and that one must be whole.
  const WallTime start = parts_.clock.WallNow() - PeriodOf(table);
  const auto needed =
      std::ranges::find_if(bases | std::views::reverse, [&](const BackupDescription& base) {
        return base.commit_time <= start && base.status == BackupStatus::kAvailable;
      });
  if (needed == bases.rend()) return {};
  for (const BackupDescription& base : bases) {
    if (base.id == needed->id) break;
    GRAMME_TRY(const bool is_gone, backups_.Remove(base.id));
    // A restore needs it yet, and the log after it.
    if (!is_gone) return RaiseLogStart(table, base.commit_time);
    ++sweep.removed_base_count;
  }
  return RaiseLogStart(table, needed->commit_time);
}

StoreResult<bool> Recovery::NeedsBase(const TableDescription& table, WallTime since) {
  if (!table.change_log) return false;
  GRAMME_TRY(const std::uint64_t log_bytes, LogByteCount(parts_.store, *table.change_log, since));
  GRAMME_TRY(const Counts counts,
             ReadCounts(parts_.store, ReadTier::kDisk, table.number, table.keyspace));
  const auto table_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(counts.bytes, 0));
  return log_bytes >= std::max(options_.base_log_bytes_min, table_bytes);
}

StoreResult<void> Recovery::RaiseLogStart(const TableDescription& table, WallTime start) {
  if (table.point_in_time_recovery->log_start >= start) return {};
  const auto edit = [&](TableDescription& current) -> Result<void> {
    const bool is_same = current.id == table.id && current.point_in_time_recovery &&
                         current.point_in_time_recovery->enabling_time ==
                             table.point_in_time_recovery->enabling_time;
    if (is_same) current.point_in_time_recovery->log_start = start;
    return {};
  };
  return FromEdit(parts_.catalog.EditTable(table.name, edit, [](WriteBatch&) {}));
}

StoreResult<void> Recovery::MakeBase(const std::string& table_name) {
  StoreResult<void> made;
  for (int attempt = 0; attempt < kAttemptCountMax; ++attempt) {
    const TableRef table = parts_.catalog.FreshView()->Find(table_name);
    const bool is_wanted = table != nullptr && table->description().point_in_time_recovery &&
                           IsServed(table->description());
    if (!is_wanted) return {};
    const auto base = backups_.CreateBase(table);
    if (base) return {};
    made = std::unexpected(base.error());
    if (base.error().code() != StatusCode::kStale && base.error().code() != StatusCode::kConflict) {
      break;
    }
  }
  return made;
}

StoreResult<WallTime> Recovery::CommitTimeNow() {
  const std::array keys = {BackupRecordKey("")};
  GRAMME_TRY(const UpdateOutcome outcome,
             parts_.store.Update(keys, {}, UpdateOptions{}, [](std::span<const CurrentValue>) {
               return std::optional(WriteBatch());
             }));
  return outcome.commit_time;
}

StoreResult<void> Recovery::KeepDeleted(const TableDescription& removed, WallTime deletion_time) {
  TableDescription last = removed;
  // A stream that the deletion ended is a setting of the table's last state.
  if (last.stream && last.stream->disabling_time == deletion_time) {
    last.stream->disabling_time.reset();
    last.stream->end_shard.reset();
  }
  GRAMME_RETURN_IF_ERROR(backups_.CreateOfDeleted(last, deletion_time));
  GRAMME_TRY(const bool is_over, RemoveUnneeded(removed.name, removed.id));
  if (is_over) return {};
  // Some are still being made, or restored: later.
  Job job = parts_.jobs.NewJob(kRecoveryEndJob, removed.name,
                               Encode({.table_name = removed.name, .table_id = removed.id}));
  const std::array keys = {JobKey(job.id)};
  const auto decide = [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    Jobs::AddTo(batch, job);
    return std::optional(std::move(batch));
  };
  GRAMME_TRY(const UpdateOutcome outcome, parts_.store.Update(keys, {}, UpdateOptions{}, decide));
  parts_.jobs.Start(std::move(job), outcome.position);
  return {};
}

StoreResult<bool> Recovery::RemoveUnneeded(const std::string& table_name,
                                           const std::string& table_id) {
  // Listed before the table is looked at: recovery that is turned on afterwards has none of them.
  const std::vector<BackupDescription> bases = backups_.BasesOf(table_id, {});
  const TableRef table = parts_.catalog.FreshView()->Find(table_name);
  std::optional<WallTime> needed;
  if (table != nullptr && table->description().id == table_id &&
      table->description().point_in_time_recovery) {
    needed = table->description().point_in_time_recovery->enabling_time;
  }
  bool is_over = true;
  for (const BackupDescription& base : bases) {
    const auto& recovery = base.table.point_in_time_recovery;
    if (needed && recovery && recovery->enabling_time == *needed) continue;
    GRAMME_TRY(const bool is_gone, backups_.Remove(base.id));
    is_over = is_over && is_gone;
  }
  return is_over;
}

StoreResult<StepOutcome> Recovery::EndStep(const Job& job) {
  GRAMME_TRY(const EndState state, Decode(job.state));
  GRAMME_TRY(const bool is_over, RemoveUnneeded(state.table_name, state.table_id));
  return is_over ? StepOutcome::kDone : StepOutcome::kLater;
}

}  // namespace gramme
