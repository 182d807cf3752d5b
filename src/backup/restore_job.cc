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

struct RestoreJobs::Work {
  std::optional<BackupManifest> manifest;
  std::unique_ptr<BackupVerifier> verifier;  // before anything is imported
  std::unique_ptr<BackupVerifier> reader;    // of what is imported; has read it from the start
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
  if (work.reader != nullptr && work.reader->position() != state.next) work.reader.reset();
  if (!state.is_verified && work.reader == nullptr) {
    const bool is_begun = state.next != BackupCursorPosition();
    if (is_begun || work.verifier != nullptr) {
      GRAMME_RETURN_IF_ERROR(Verify(work, state));
      return StepOutcome::kMore;
    }
    // The import looks into each item itself.
    work.reader = std::make_unique<BackupVerifier>(parts_.storage, *work.manifest,
                                                   ItemDepth::kOrder);
  }
  GRAMME_TRY(const bool is_all, Import(work, target, state, job));
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

StoreResult<bool> RestoreJobs::Import(Work& work, const TableDescription& target,
                                      RestoreState& state, Job& job) {
  // Where it fails, what has been read is not what has been imported.
  std::unique_ptr<BackupVerifier> reader = std::move(work.reader);
  // Counts belong to what they count: they change together with `next`, or not at all.
  std::vector<Counts> counts = state.counts;
  counts.resize(target.indexes.size() + 1);
  RestoreImport import(parts_.store, target, options_.import_bytes, counts);
  BackupCursor cursor(parts_.storage, *work.manifest, state.next);
  bool is_all = false;
  for (std::uint64_t done = 0; done < options_.step_bytes && !is_all;) {
    GRAMME_TRY(const auto block, reader != nullptr ? reader->Next() : cursor.Next());
    is_all = !block.has_value();
    if (is_all) break;
    for (const BackupEntry& entry : block->entries) GRAMME_RETURN_IF_ERROR(import.Add(entry));
    done += block->byte_count;
  }
  GRAMME_RETURN_IF_ERROR(import.Finish());
  state.counts = std::move(counts);
  state.next = reader != nullptr ? reader->position() : cursor.position();
  work.reader = std::move(reader);
  job.items_done = static_cast<std::uint64_t>(state.counts[0].items);
  job.bytes_done = static_cast<std::uint64_t>(state.counts[0].bytes);
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
  const auto edit = BeginTableDrop(state.table_name, check, parts_.catalog, parts_.jobs,
                                   parts_.settings);
  if (edit) return parts_.store.Await(edit->position);
  if (edit.error().code == ErrorCode::kResourceNotFoundException) return {};
  return NotYet(edit.error());
}

}  // namespace gramme
