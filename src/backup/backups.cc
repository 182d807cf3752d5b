#include "backup/backups.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "model/arn.h"
#include "model/limits.h"
#include "table/store_error.h"
#include "table/table_creation.h"

namespace gramme {
namespace {

// An edit of the table between two looks at it is rare; a store that refuses this often is broken.
constexpr int kAttemptCountMax = 20;

std::string NewBackupId(WallTime time, Random& random) {
  const auto millis =
      std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  return fmt::format("{:014}-{:08x}", millis, random.Next64() & 0xFFFFFFFF);
}

std::unexpected<ApiError> NotFound(std::string_view backup_arn) {
  return Error(ErrorCode::kBackupNotFoundException,
               "Backup not found: " + std::string(backup_arn));
}

std::unexpected<ApiError> InUse(std::string_view why, std::string_view backup_arn) {
  return Error(ErrorCode::kBackupInUseException, fmt::format("{}: {}", why, backup_arn));
}

std::unexpected<ApiError> AlreadyExists(std::string_view table_name) {
  return Error(ErrorCode::kTableAlreadyExistsException,
               fmt::format("Table already exists: {}", table_name));
}

bool Passes(const BackupDescription& backup, const BackupFilter& filter) {
  return (!filter.table_name || backup.table.name == *filter.table_name) &&
         (!filter.from || backup.creation_time >= *filter.from) &&
         (!filter.until || backup.creation_time < *filter.until) &&
         (!filter.type || backup.type == *filter.type);
}

}  // namespace

Backups::Backups(const BackupParts& parts, const BackupJobOptions& options)
    : parts_(parts),
      backup_jobs_(parts.store, parts.storage, options,
                   [this](const std::string& id, const BackupDescription* whole) {
                     const std::lock_guard lock(mutex_);
                     if (whole != nullptr) {
                       backups_.insert_or_assign(id, *whole);
                     } else {
                       backups_.erase(id);
                     }
                   }),
      restore_jobs_({parts.store, parts.catalog, parts.jobs, parts.storage, parts.settings},
                    options, [this](const std::string& id) { EndRestore(id); }) {
  parts_.jobs.Register(std::string(kBackupJob),
                       [this](Job& job) { return backup_jobs_.Step(job); });
  parts_.jobs.Register(std::string(kRestoreJob),
                       [this](Job& job) { return restore_jobs_.Step(job); });
}

Result<BackupDescription> Backups::Create(std::string_view table_name,
                                          std::string_view backup_name) {
  Status last(StatusCode::kUnavailable, "");
  for (int attempt = 0; attempt < kAttemptCountMax; ++attempt) {
    const auto view = attempt == 0 ? parts_.catalog.view() : parts_.catalog.FreshView();
    const TableRef table = view->Find(table_name);
    if (table == nullptr || table->description().status == TableStatus::kCreating) {
      return Error(ErrorCode::kTableNotFoundException,
                   "Table not found: " + std::string(table_name));
    }
    auto created = CreateOnce(table, backup_name);
    if (created) return *std::move(created);
    last = created.error();
    if (last.code() != StatusCode::kStale && last.code() != StatusCode::kConflict) break;
  }
  return std::unexpected(ToApiError(last));
}

StoreResult<BackupDescription> Backups::CreateOnce(const TableRef& table,
                                                   std::string_view backup_name) {
  const WallTime now = parts_.clock.WallNow();
  BackupDescription backup;
  backup.id = NewBackupId(now, parts_.random);
  backup.name = backup_name;
  backup.arn = BackupArn(parts_.settings.labels, table->name(), backup.id);
  backup.creation_time = std::chrono::floor<std::chrono::milliseconds>(now);
  backup.table = RecordedTable(table->description());
  GRAMME_TRY(backup.counts, ReadCounts(parts_.store, ReadTier::kDisk, backup.table.number,
                                       backup.table.keyspace));
  const KeyspaceId keyspace = table->keyspace();
  const std::string image_id = BackupImageId(backup.id);
  GRAMME_TRY(const ImageDescription image, parts_.store.Freeze(image_id, {&keyspace, 1}));
  backup.positions = image.positions;
  backup.commit_time = image.commit_time;
  Job job = parts_.jobs.NewJob(kBackupJob, backup.arn, BackupJobs::StateOf(backup.id));
  job.items_total = static_cast<std::uint64_t>(std::max<std::int64_t>(backup.counts.items, 0));
  job.bytes_total = static_cast<std::uint64_t>(std::max<std::int64_t>(backup.counts.bytes, 0));
  Position position;
  if (auto recorded = RecordBackup(backup, job, table, position); !recorded) {
    // Nobody was told of the backup. Where the image stays, Load removes it.
    static_cast<void>(parts_.store.ReleaseImage(image_id));
    return std::unexpected(recorded.error());
  }
  {
    const std::lock_guard lock(mutex_);
    backups_.insert_or_assign(backup.id, backup);
  }
  parts_.jobs.Start(std::move(job), position, parts_.settings.transition_delay);
  return backup;
}

StoreResult<void> Backups::RecordBackup(const BackupDescription& backup, const Job& job,
                                        const TableRef& table, Position& position) {
  const Key keys[] = {BackupRecordKey(backup.id), JobKey(job.id)};
  const Guard guard = table->guard();
  const std::string record = EncodeBackupRecord({.backup = backup, .job_id = job.id});
  // Asked again where the outcome was not known: what is there already is not written twice.
  const auto decide = [&](std::span<const CurrentValue> values) {
    WriteBatch batch;
    if (!values[0]) {
      batch.Put(keys[0], record);
      Jobs::AddTo(batch, job);
    }
    return std::optional(std::move(batch));
  };
  const auto update = [&] {
    return parts_.store.Update(keys, {&guard, 1}, UpdateOptions{}, decide);
  };
  auto outcome = update();
  for (int attempt = 1; attempt < kAttemptCountMax && !outcome; ++attempt) {
    if (outcome.error().code() != StatusCode::kUnknown) break;
    outcome = update();
  }
  GRAMME_RETURN_IF_ERROR(outcome);
  position = outcome->position;
  return parts_.store.Await(position);
}

std::optional<BackupDescription> Backups::Find(std::string_view backup_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = backups_.find(backup_id);
  if (found == backups_.end() || deleting_.contains(backup_id)) return std::nullopt;
  return found->second;
}

BackupPage Backups::List(const BackupFilter& filter) const {
  const std::lock_guard lock(mutex_);
  BackupPage page;
  auto next = filter.after_id ? backups_.upper_bound(*filter.after_id) : backups_.begin();
  for (; next != backups_.end(); ++next) {
    if (!Passes(next->second, filter) || deleting_.contains(next->first)) continue;
    page.has_more = page.backups.size() == filter.count_max;
    if (page.has_more) break;
    page.backups.push_back(next->second);
  }
  return page;
}

Result<BackupDescription> Backups::Delete(std::string_view backup_id,
                                          std::string_view backup_arn) {
  BackupDescription deleted;
  {
    const std::lock_guard lock(mutex_);
    const auto found = backups_.find(backup_id);
    if (found == backups_.end() || deleting_.contains(backup_id)) return NotFound(backup_arn);
    if (restores_.contains(backup_id)) {
      return InUse("Backup is being used to restore table", backup_arn);
    }
    if (found->second.status != BackupStatus::kAvailable) {
      return InUse("Backup is being created", backup_arn);
    }
    deleted = found->second;
    deleting_.emplace(backup_id);
  }
  const auto removed = parts_.storage.Remove(backup_id);
  // Without its manifest it is gone, whatever else is left for Load to remove.
  const auto manifest = parts_.storage.ReadManifest(backup_id);
  const bool is_gone = manifest && !*manifest;
  const std::lock_guard lock(mutex_);
  deleting_.erase(deleted.id);
  if (!removed && !is_gone) return std::unexpected(ToApiError(removed.error()));
  backups_.erase(deleted.id);
  deleted.status = BackupStatus::kDeleted;
  return deleted;
}

Result<CatalogEdit> Backups::BeginRestore(const RestoreRequest& request) {
  GRAMME_TRY(Admitted admitted, AdmitRestore(request));
  parts_.jobs.Start(std::move(admitted.job), admitted.edit.position,
                    parts_.settings.transition_delay);
  return admitted.edit;
}

Result<CatalogEdit> Backups::RestoreNow(const RestoreRequest& request) {
  GRAMME_TRY(Admitted admitted, AdmitRestore(request));
  for (;;) {
    const auto outcome = restore_jobs_.Step(admitted.job);
    if (!outcome) {
      // The second step after damage removes the target.
      if (outcome.error().code() == StatusCode::kCorruption) {
        static_cast<void>(restore_jobs_.Step(admitted.job));
      }
      return Error(ErrorCode::kInternalServerError, outcome.error().message());
    }
    if (*outcome == StepOutcome::kDone) break;
  }
  const auto view = parts_.catalog.view();
  return CatalogEdit{.table = view->Find(request.target_table_name), .position = view->position};
}

Result<Backups::Admitted> Backups::AdmitRestore(const RestoreRequest& request) {
  const auto backup = Find(request.backup_id);
  if (!backup) return NotFound(request.backup_arn);
  GRAMME_TRY(TableDescription target, RestoredTable(backup->table, request.target_table_name,
                                                    request.overrides));
  GRAMME_RETURN_IF_ERROR(ReserveForRestore(request));
  Job job = parts_.jobs.NewJob(kRestoreJob, request.target_table_name, "");
  job.items_total = static_cast<std::uint64_t>(backup->counts.items);
  job.bytes_total = static_cast<std::uint64_t>(backup->counts.bytes);
  target.restore_summary = RestoreSummary{
      .source_backup_arn = request.backup_arn,
      .source_table_arn = TableArn(parts_.settings.labels, backup->table.name),
      .restore_time = std::chrono::floor<std::chrono::milliseconds>(parts_.clock.WallNow()),
      .restore_in_progress = true};
  auto edit = AddTarget(std::move(target), request, job);
  if (!edit) {
    EndRestore(request.backup_id);
    return std::unexpected(edit.error());
  }
  return Admitted{.edit = *std::move(edit), .job = std::move(job)};
}

Result<void> Backups::ReserveForRestore(const RestoreRequest& request) {
  const auto view = parts_.catalog.view();
  const std::lock_guard lock(mutex_);
  const auto backup = backups_.find(request.backup_id);
  if (backup == backups_.end() || deleting_.contains(request.backup_id)) {
    return NotFound(request.backup_arn);
  }
  for (const auto& [source, target] : restores_) {
    if (target != request.target_table_name) continue;
    const auto other = backups_.find(source);
    return Error(ErrorCode::kTableInUseException,
                 fmt::format("Table: {} is already being restored from backup: {}", target,
                             other == backups_.end() ? source : other->second.arn));
  }
  if (view->Find(request.target_table_name) != nullptr) {
    return AlreadyExists(request.target_table_name);
  }
  if (backup->second.status != BackupStatus::kAvailable) {
    return InUse("Backup is being created", request.backup_arn);
  }
  if (restores_.contains(request.backup_id)) {
    return InUse("Backup is being used to restore another table", request.backup_arn);
  }
  if (restores_.size() >= kRestoreCountMax) {
    return Error(ErrorCode::kLimitExceededException,
                 fmt::format("Subscriber limit exceeded: Only {} restore operations can be done "
                             "simultaneously",
                             kRestoreCountMax));
  }
  restores_.emplace(request.backup_id, request.target_table_name);
  return {};
}

Result<CatalogEdit> Backups::AddTarget(TableDescription table, const RestoreRequest& request,
                                       Job& job) {
  GRAMME_RETURN_IF_ERROR(
      FromStore(GiveIdentity(table, parts_.store, parts_.clock, parts_.random)));
  job.state = EncodeRestoreState({.backup_id = request.backup_id,
                                  .table_name = request.target_table_name,
                                  .table_number = table.number});
  const std::uint64_t number = table.number;
  auto edit = parts_.catalog.CreateTable(
      std::move(table), [&](WriteBatch& batch) { Jobs::AddTo(batch, job); });
  if (!edit) {
    // Where the outcome was not known, the table may be there with its job.
    const auto view = parts_.catalog.FreshView();
    const TableRef made = view->Find(request.target_table_name);
    if (made != nullptr && made->description().number == number) {
      return CatalogEdit{.table = made, .position = view->position};
    }
    if (edit.error().code == ErrorCode::kResourceInUseException) {
      return AlreadyExists(request.target_table_name);
    }
    return edit;
  }
  GRAMME_RETURN_IF_ERROR(FromStore(parts_.store.Await(edit->position)));
  return edit;
}

void Backups::EndRestore(const std::string& backup_id) {
  const std::lock_guard lock(mutex_);
  restores_.erase(backup_id);
}

}  // namespace gramme
