#include "backup/restore_job.h"

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

Result<void> CheckTarget(const TableDescription& table, const RestoreState& state) {
  if (IsTarget(table, state)) return {};
  return Error(ErrorCode::kResourceNotFoundException, "");
}

}  // namespace

// An import under way, over many steps.
struct RestoreJobs::Run {
  // What is imported for good; the state says the same, unless it could not be saved.
  BackupCursorPosition saved;
  std::unique_ptr<BackupVerifier> reader;  // has read the backup from its start; or
  std::unique_ptr<BackupCursor> cursor;    // goes on in one that is verified
  std::unique_ptr<RestoreImport> import;

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
  bool is_damaged = false;  // the backup; said once, then the restore is cancelled
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
  const bool is_over = target == nullptr || !IsTarget(target->description(), state);
  StoreResult<StepOutcome> outcome = StepOutcome::kDone;
  if (!is_over) outcome = Continue(*work, target->description(), state, job);
  if (outcome == StepOutcome::kDone) {
    Forget(job.id);
    on_end_(state.backup_id);
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
    GRAMME_RETURN_IF_ERROR(Cancel(state));
    return StepOutcome::kDone;
  }
  if (!work.manifest) {
    GRAMME_TRY(work.manifest, ReadManifest(parts_.storage, state.backup_id));
    job.items_total = static_cast<std::uint64_t>(work.manifest->counts.items);
    job.bytes_total = static_cast<std::uint64_t>(work.manifest->counts.bytes);
  }
  // A step is repeated from its old state where the new one could not be saved.
  if (work.run != nullptr && work.run->saved != state.next) work.run.reset();
  if (work.run == nullptr) {
    const bool is_begun = state.next != BackupCursorPosition();
    if (!state.is_verified && (is_begun || work.verifier != nullptr)) {
      GRAMME_RETURN_IF_ERROR(Verify(work, state));
      return StepOutcome::kMore;
    }
    BeginRun(work, target, state);
  }
  GRAMME_TRY(const bool is_all, Import(work, state, job));
  if (!is_all) return StepOutcome::kMore;
  GRAMME_RETURN_IF_ERROR(Activate(state, job));
  return StepOutcome::kDone;
}

StoreResult<void> RestoreJobs::Verify(Work& work, RestoreState& state) {
  if (work.verifier == nullptr) {
    work.verifier = std::make_unique<BackupVerifier>(parts_.storage, *work.manifest);
  }
  const auto is_done = work.verifier->Step(options_.step_bytes);
  if (!is_done) {
    work.verifier.reset();  // where it stands is not known: from the start again
    return std::unexpected(is_done.error());
  }
  state.is_verified = *is_done;
  if (*is_done) work.verifier.reset();
  return {};
}

void RestoreJobs::BeginRun(Work& work, const TableDescription& target, const RestoreState& state) {
  auto run = std::make_unique<Run>();
  run->saved = state.next;
  if (state.is_verified) {
    run->cursor = std::make_unique<BackupCursor>(parts_.storage, *work.manifest, state.next);
  } else {
    // The import looks into each item itself.
    run->reader =
        std::make_unique<BackupVerifier>(parts_.storage, *work.manifest, ItemDepth::kOrder);
  }
  run->import =
      std::make_unique<RestoreImport>(parts_.store, target, options_.import_bytes, state.counts);
  work.run = std::move(run);
}

StoreResult<bool> RestoreJobs::Import(Work& work, RestoreState& state, Job& job) {
  // Where it fails, what has been read is not what has been imported.
  std::unique_ptr<Run> run = std::move(work.run);
  bool is_all = false;
  for (std::uint64_t done = 0; done < options_.step_bytes && !is_all;) {
    GRAMME_TRY(const auto block, run->Next());
    is_all = !block.has_value();
    if (is_all) break;
    for (const BackupEntry& entry : block->entries) {
      GRAMME_RETURN_IF_ERROR(run->import->Add(entry));
    }
    done += block->byte_count;
  }
  if (is_all || run->import->byte_count() >= options_.durable_bytes) {
    GRAMME_RETURN_IF_ERROR(run->import->Finish());
    // Counts belong to what they count: they change together with `next`, or not at all.
    state.counts = run->import->counts();
    state.next = run->saved = run->position();
    job.items_done = static_cast<std::uint64_t>(state.counts[0].items);
    job.bytes_done = static_cast<std::uint64_t>(state.counts[0].bytes);
  }
  work.run = std::move(run);
  return is_all;
}

StoreResult<void> RestoreJobs::Activate(const RestoreState& state, const Job& job) {
  TableDescription target;
  const auto edit = [&](TableDescription& table) -> Result<void> {
    GRAMME_RETURN_IF_ERROR(CheckTarget(table, state));
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
  const auto check = [&](TableDescription& table) { return CheckTarget(table, state); };
  const auto edit =
      BeginTableDrop(state.table_name, check, parts_.catalog, parts_.jobs, parts_.settings);
  if (edit) return parts_.store.Await(edit->position);
  if (edit.error().code == ErrorCode::kResourceNotFoundException) return {};
  return NotYet(edit.error());
}

}  // namespace gramme
