#include "backup/restore_job.h"

#include <algorithm>
#include <utility>

#include "backup/restore_import.h"
#include "base/result.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

std::unexpected<Status> NotYet(const ApiError& error) {
  return StoreError(StatusCode::kUnavailable, "cannot edit a restored table: " + error.message);
}

bool IsTarget(const TableDescription& table, const RestoreState& state) {
  return table.number == state.table_number && table.restore_summary.has_value();
}

template <typename Value>
bool IsDamage(const StoreResult<Value>& result) {
  return !result && result.error().code() == StatusCode::kCorruption;
}

bool IsWhole(const LogReplay& replay) { return replay.shard_index >= replay.shards.size(); }

Result<void> CheckTarget(const TableDescription& table, const RestoreState& state) {
  if (IsTarget(table, state)) return {};
  return Error(ErrorCode::kResourceNotFoundException, "");
}

}  // namespace

std::string RestoreImageId(std::uint64_t table_number) {
  return std::string(kRestoreImagePrefix) + std::to_string(table_number);
}

// An import under way, over many steps.
struct RestoreJobs::Run {
  // What is imported for good; the state says the same, unless it could not be saved.
  BackupCursorPosition saved;
  std::string saved_key;
  std::unique_ptr<BackupVerifier> reader;  // has read the backup from its start; or
  std::unique_ptr<BackupCursor> cursor;    // goes on in one that is verified
  std::unique_ptr<OverlayCursor> overlay;  // what the log has changed since the backup
  std::unique_ptr<RestoreImport> import;
  std::string last_key;
  bool is_backup_over = false;
  bool is_backup_damaged = false;  // an item of it was refused

  // Imports what the overlay has before `key`, all of it where there is none; true where the
  // overlay has the key itself. Goes on for about `byte_count` bytes, and lessens it.
  StoreResult<bool> AddOverlayBefore(const std::string_view* key, std::uint64_t& byte_count) {
    while (overlay != nullptr && byte_count > 0) {
      GRAMME_TRY(const OverlayEntry* const entry, overlay->Peek());
      if (entry == nullptr || (key != nullptr && entry->key > *key)) return false;
      if (!entry->value.empty()) {
        GRAMME_RETURN_IF_ERROR(import->Add({.key = entry->key, .value = entry->value}));
      }
      const bool is_same = key != nullptr && entry->key == *key;
      byte_count -= std::min<std::uint64_t>(byte_count, entry->key.size() + entry->value.size());
      last_key = entry->key;
      overlay->Take();
      if (is_same) return true;
    }
    return false;
  }

  StoreResult<void> AddBlock(const BackupBlock& block) {
    for (const BackupEntry& entry : block.entries) {
      std::uint64_t unlimited = UINT64_MAX;
      GRAMME_TRY(const bool is_replaced, AddOverlayBefore(&entry.key, unlimited));
      if (is_replaced) continue;
      const auto added = import->Add(entry);
      is_backup_damaged = IsDamage(added);
      GRAMME_RETURN_IF_ERROR(added);
    }
    if (overlay != nullptr && !block.entries.empty()) last_key = block.entries.back().key;
    return {};
  }

  StoreResult<std::optional<BackupBlock>> Next() {
    return reader != nullptr ? reader->Next() : cursor->Next();
  }
  BackupCursorPosition position() const {
    return reader != nullptr ? reader->position() : cursor->position();
  }
};

struct RestoreJobs::Work {
  std::optional<BackupManifest> manifest;
  std::unique_ptr<BackupVerifier> verifier;  // before anything is imported
  std::unique_ptr<Run> run;
  std::unique_ptr<StoreFileCheck> log_check;  // before anything is read of the log
  bool is_log_checked = false;
  std::unique_ptr<Table> table;  // for the replayer
  std::unique_ptr<LogReplayer> replayer;
  bool is_damaged = false;  // said once, then the restore is cancelled
  bool is_backup_damaged = false;

  // Nothing is read any more.
  void CloseAll() {
    run.reset();
    verifier.reset();
    replayer.reset();
    log_check.reset();
  }
};

RestoreJobs::RestoreJobs(const RestoreParts& parts, const BackupJobOptions& options,
                         EndListener on_end)
    : parts_(parts), options_(options), on_end_(std::move(on_end)) {}

RestoreJobs::~RestoreJobs() = default;

std::shared_ptr<RestoreJobs::Work> RestoreJobs::WorkOf(const std::string& job_id) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Work>& work = works_[job_id];
  if (work == nullptr) work = std::make_shared<Work>();
  return work;
}

void RestoreJobs::Forget(const std::string& job_id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = works_.find(job_id); found != works_.end()) works_.erase(found);
}

StoreResult<StepOutcome> RestoreJobs::Step(Job& job) {
  GRAMME_TRY(RestoreState state, DecodeRestoreState(job.state));
  const std::shared_ptr<Work> work = WorkOf(job.id);
  // An edit whose outcome was not known may have ended the restore.
  const TableRef target = parts_.catalog.FreshView()->Find(state.table_name);
  const bool is_over = target == nullptr || !IsTarget(target->description(), state) ||
                       target->description().status == TableStatus::kDeleting;
  StoreResult<StepOutcome> outcome = StepOutcome::kDone;
  if (is_over) {
    work->CloseAll();
    GRAMME_RETURN_IF_ERROR(CleanUp(state));
  } else {
    outcome = Continue(*work, target->description(), state, job);
  }
  if (outcome == StepOutcome::kDone) {
    const bool is_backup_damaged = work->is_backup_damaged;
    Forget(job.id);
    on_end_(state, is_backup_damaged);
  } else if (outcome) {
    job.state = EncodeRestoreState(state);
  } else if (outcome.error().code() == StatusCode::kCorruption) {
    work->is_damaged = true;
  }
  return outcome;
}

StoreResult<StepOutcome> RestoreJobs::Continue(Work& work, const TableDescription& target,
                                               RestoreState& state, Job& job) {
  if (work.is_damaged) {
    work.CloseAll();
    // The target first: without what goes with it, nobody could go on.
    GRAMME_RETURN_IF_ERROR(Cancel(state));
    GRAMME_RETURN_IF_ERROR(CleanUp(state));
    return StepOutcome::kDone;
  }
  if (state.is_imported) {
    work.run.reset();
    GRAMME_RETURN_IF_ERROR(CleanUp(state));
    GRAMME_RETURN_IF_ERROR(Activate(state, job));
    return StepOutcome::kDone;
  }
  if (state.replay && !IsWhole(*state.replay)) {
    GRAMME_TRY(const bool is_whole, Replay(work, target, state));
    if (is_whole) work.replayer.reset();
    return StepOutcome::kMore;
  }
  if (parts_.is_being_made(state.backup_id)) return StepOutcome::kLater;
  if (!work.manifest) {
    auto manifest = ReadManifest(parts_.storage, state.backup_id);
    work.is_backup_damaged = IsDamage(manifest);
    GRAMME_TRY(work.manifest, std::move(manifest));
    job.items_total = static_cast<std::uint64_t>(work.manifest->counts.items);
    job.bytes_total = static_cast<std::uint64_t>(work.manifest->counts.bytes);
  }
  // A step is repeated from its old state where the new one could not be saved.
  if (work.run != nullptr &&
      (work.run->saved != state.next || work.run->saved_key != state.last_key)) {
    work.run.reset();
  }
  if (work.run == nullptr) {
    const bool is_begun = state.next != BackupCursorPosition();
    if (!state.is_verified && (is_begun || work.verifier != nullptr)) {
      GRAMME_RETURN_IF_ERROR(Verify(work, state));
      return StepOutcome::kMore;
    }
    BeginRun(work, target, state);
  }
  GRAMME_TRY(state.is_imported, Import(work, state, job));
  return StepOutcome::kMore;
}

StoreResult<void> RestoreJobs::Verify(Work& work, RestoreState& state) {
  if (work.verifier == nullptr) {
    work.verifier = std::make_unique<BackupVerifier>(parts_.storage, *work.manifest);
  }
  const auto is_done = work.verifier->Step(options_.step_bytes);
  work.is_backup_damaged = IsDamage(is_done);
  if (!is_done) {
    work.verifier.reset();  // where it stands is not known: from the start again
    return std::unexpected(is_done.error());
  }
  state.is_verified = *is_done;
  if (*is_done) work.verifier.reset();
  return {};
}

bool RestoreJobs::HasWholeLog(const LogReplay& replay) const {
  const TableRef source = parts_.catalog.FreshView()->Find(replay.source_table_name);
  if (source == nullptr || source->description().number != replay.source_table_number) return false;
  const auto& recovery = source->description().point_in_time_recovery;
  return recovery && recovery->log_start <= replay.after;
}

StoreResult<void> RestoreJobs::TakeImage(const RestoreState& state) {
  const LogReplay& replay = *state.replay;
  const std::string image = RestoreImageId(state.table_number);
  const KeyspaceId keyspace{replay.log_keyspace};
  const GroupId group = parts_.store.Groups(keyspace).front().id;
  GRAMME_TRY(const auto view, parts_.store.OpenImage(image, group));
  if (view != nullptr) return {};
  // Nothing of the log was dropped before the image was made, if the source is there afterwards.
  // Looked at before it too, so that hardly ever an image has to be taken back.
  if (HasWholeLog(replay)) {
    GRAMME_RETURN_IF_ERROR(parts_.store.Freeze(image, {&keyspace, 1}));
    if (HasWholeLog(replay)) return {};
    GRAMME_RETURN_IF_ERROR(parts_.store.ReleaseImage(image));
  }
  return StoreError(StatusCode::kCorruption, "the change log of table " + replay.source_table_name +
                                                 " went before it could be restored from");
}

// Damage is found before the first item is restored, wherever in the log's files it is.
StoreResult<bool> RestoreJobs::CheckLog(Work& work, const RestoreState& state) {
  if (work.log_check == nullptr) {
    GRAMME_TRY(work.log_check, parts_.store.BeginFileCheck(RestoreImageId(state.table_number)));
    if (work.log_check == nullptr) {
      return StoreError(StatusCode::kCorruption, "the image of a change log is gone");
    }
  }
  GRAMME_TRY(const bool is_all, work.log_check->Step(options_.step_bytes));
  if (is_all) work.log_check.reset();
  return is_all;
}

StoreResult<bool> RestoreJobs::Replay(Work& work, const TableDescription& target,
                                      RestoreState& state) {
  GRAMME_RETURN_IF_ERROR(TakeImage(state));
  if (!work.is_log_checked) {
    GRAMME_TRY(work.is_log_checked, CheckLog(work, state));
    return false;
  }
  if (work.replayer == nullptr) {
    work.table = std::make_unique<Table>(target);
    work.replayer = std::make_unique<LogReplayer>(parts_.store, *work.table, options_.import_bytes);
  }
  const auto is_whole =
      work.replayer->Step(RestoreImageId(state.table_number), options_.step_bytes, *state.replay);
  // What was queued of it may be there or not: a repetition puts it there again.
  if (!is_whole) work.replayer.reset();
  return is_whole;
}

StoreResult<void> RestoreJobs::CleanUp(const RestoreState& state) {
  if (!state.replay) return {};
  GRAMME_RETURN_IF_ERROR(parts_.store.DropKeyspace(KeyspaceId{state.replay->overlay_keyspace}));
  return parts_.store.ReleaseImage(RestoreImageId(state.table_number));
}

void RestoreJobs::BeginRun(Work& work, const TableDescription& target, const RestoreState& state) {
  auto run = std::make_unique<Run>();
  run->saved = state.next;
  run->saved_key = run->last_key = state.last_key;
  if (state.replay) {
    run->overlay = std::make_unique<OverlayCursor>(parts_.store, state.replay->overlay_keyspace,
                                                   state.last_key);
  }
  if (state.is_verified) {
    run->cursor = std::make_unique<BackupCursor>(parts_.storage, *work.manifest, state.next);
  } else {
    // The import looks into each item itself.
    run->reader =
        std::make_unique<BackupVerifier>(parts_.storage, *work.manifest, ItemDepth::kOrder);
  }
  run->import = std::make_unique<RestoreImport>(
      parts_.store, WithTimeToLive(target, state.late, parts_.clock.WallNow()),
      options_.import_bytes, state.counts);
  work.run = std::move(run);
}

StoreResult<bool> RestoreJobs::Import(Work& work, RestoreState& state, Job& job) {
  // Where it fails, what has been read is not what has been imported.
  std::unique_ptr<Run> run = std::move(work.run);
  std::uint64_t left = options_.step_bytes;
  while (left > 0 && !run->is_backup_over) {
    const auto block = run->Next();
    work.is_backup_damaged = IsDamage(block);
    if (!block) return std::unexpected(block.error());
    run->is_backup_over = !block->has_value();
    if (run->is_backup_over) break;
    const auto added = run->AddBlock(**block);
    work.is_backup_damaged = run->is_backup_damaged;
    GRAMME_RETURN_IF_ERROR(added);
    left -= std::min<std::uint64_t>(left, (*block)->byte_count);
  }
  if (run->is_backup_over) GRAMME_RETURN_IF_ERROR(run->AddOverlayBefore(nullptr, left));
  const bool is_all = run->is_backup_over && left > 0;
  if (is_all || run->import->byte_count() >= options_.durable_bytes) {
    GRAMME_RETURN_IF_ERROR(run->import->Finish());
    // Counts belong to what they count: they change together with `next`, or not at all.
    state.counts = run->import->counts();
    state.next = run->saved = run->position();
    state.last_key = run->saved_key = run->last_key;
    job.items_done = static_cast<std::uint64_t>(state.counts[0].items);
    job.bytes_done = static_cast<std::uint64_t>(state.counts[0].bytes);
  }
  work.run = std::move(run);
  return is_all;
}

StoreResult<void> RestoreJobs::Activate(const RestoreState& state, const Job& job) {
  TableDescription target;
  GRAMME_TRY(const LateStart late,
             LateStart::Plan(state.late, state.table_name, parts_.clock.WallNow(), parts_.store,
                             parts_.settings));
  const auto edit = [&](TableDescription& table) -> Result<void> {
    GRAMME_RETURN_IF_ERROR(CheckTarget(table, state));
    GRAMME_RETURN_IF_ERROR(late.Apply(table));
    table.status = TableStatus::kActive;
    for (IndexDescription& index : table.indexes) index.status = IndexStatus::kActive;
    table.restore_summary.reset();
    target = table;
    return {};
  };
  const auto count_and_end = [&](WriteBatch& batch) {
    AddCounts(batch, target.number, target.keyspace, 0, state.counts[0]);
    for (std::size_t i = 0; i < target.indexes.size(); ++i) {
      AddCounts(batch, target.number, target.indexes[i].keyspace, 0, state.counts[i + 1]);
    }
    Jobs::RemoveFrom(batch, job);
  };
  const auto edited = parts_.catalog.EditTable(state.table_name, edit, count_and_end);
  if (!edited) {
    if (edited.error().code == ErrorCode::kResourceNotFoundException) return {};
    return NotYet(edited.error());
  }
  return parts_.store.Await(edited->position);
}

StoreResult<void> RestoreJobs::Cancel(const RestoreState& state) {
  const WallTime now = parts_.clock.WallNow();
  const auto check = [&](TableDescription& table) -> Result<void> {
    GRAMME_RETURN_IF_ERROR(CheckTarget(table, state));
    // What was imported of its index goes with the table.
    table = WithTimeToLive(std::move(table), state.late, now);
    return {};
  };
  const auto edit =
      BeginTableDrop(state.table_name, check, parts_.catalog, parts_.jobs, parts_.settings);
  if (edit) return parts_.store.Await(edit->position);
  if (edit.error().code == ErrorCode::kResourceNotFoundException) return {};
  return NotYet(edit.error());
}

}  // namespace gramme
