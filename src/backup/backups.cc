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

std::string BackupId(WallTime time, std::uint32_t number) {
  const auto millis =
      std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
  return fmt::format("{:014}-{:08x}", millis, number);
}

std::unexpected<ApiError> NotFound(std::string_view backup_arn) {
  return Error(ErrorCode::kBackupNotFoundException, "Backup not found: " + std::string(backup_arn));
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
         (filter.type ? backup.type == *filter.type : backup.type != BackupType::kBase);
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
      restore_jobs_({parts.store, parts.catalog, parts.jobs, parts.storage, parts.clock,
                     parts.settings, [this](const std::string& id) { return IsBeingMade(id); }},
                    options, [this](const RestoreState& state, bool is_damaged) {
                      // Another base is found for the next restore, if there is one.
                      if (is_damaged && state.replay) ForgetBase(state.backup_id);
                      EndRestore(state.table_name);
                      if (state.late.recovery_period_days) MakeFirstBase(state.table_name);
                    }) {
  parts_.jobs.Register(std::string(kBackupJob),
                       [this](Job& job) { return backup_jobs_.Step(job); });
  parts_.jobs.Register(std::string(kRestoreJob),
                       [this](Job& job) { return restore_jobs_.Step(job); });
}

Result<BackupDescription> Backups::Create(std::string_view table_name,
                                          std::string_view backup_name) {
  const std::string name(table_name);
  GRAMME_TRY(std::vector<BackupDescription> created, CreateTogether({&name, 1}, backup_name));
  return std::move(created.front());
}

Result<std::vector<BackupDescription>> Backups::CreateTogether(
    std::span<const std::string> table_names, std::string_view backup_name) {
  Status last(StatusCode::kUnavailable, "");
  for (int attempt = 0; attempt < kAttemptCountMax; ++attempt) {
    const auto view = attempt == 0 ? parts_.catalog.view() : parts_.catalog.FreshView();
    std::vector<TableRef> tables;
    for (const std::string& name : table_names) {
      tables.push_back(view->Find(name));
      const TableRef& table = tables.back();
      if (table == nullptr || table->description().status == TableStatus::kCreating) {
        return Error(ErrorCode::kTableNotFoundException, "Table not found: " + name);
      }
    }
    auto created = CreateOnce(tables, backup_name, BackupType::kUser);
    if (created) return *std::move(created);
    last = created.error();
    if (last.code() != StatusCode::kStale && last.code() != StatusCode::kConflict) break;
  }
  return std::unexpected(ToApiError(last));
}

StoreResult<BackupDescription> Backups::CreateBase(const TableRef& table) {
  GRAMME_TRY(std::vector<BackupDescription> made,
             CreateOnce({&table, 1}, table->name() + "$Base", BackupType::kBase));
  return std::move(made.front());
}

StoreResult<void> Backups::CreateOfDeleted(const TableDescription& removed,
                                           WallTime deletion_time) {
  // Several tables may go in one millisecond, and at once.
  const std::lock_guard lock(deleted_mutex_);
  for (WallTime time = deletion_time;; time += std::chrono::milliseconds(1)) {
    std::string id = BackupId(time, 0);
    const auto there = Find(id);
    if (there && there->table.id == removed.id) return {};
    GRAMME_TRY(const auto manifest, parts_.storage.ReadManifest(id));
    if (there || manifest) continue;
    // What a try before this one left.
    GRAMME_RETURN_IF_ERROR(parts_.store.ReleaseImage(BackupImageId(id)));
    const NewBackup wanted = {.id = std::move(id),
                              .name = removed.name + "$DeletedTableBackup",
                              .type = BackupType::kSystem,
                              .time = time,
                              .table = removed,
                              .guard = {}};
    GRAMME_RETURN_IF_ERROR(Make({&wanted, 1}));
    return {};
  }
}

StoreResult<std::vector<BackupDescription>> Backups::CreateOnce(std::span<const TableRef> tables,
                                                                std::string_view backup_name,
                                                                BackupType type) {
  const WallTime now = parts_.clock.WallNow();
  std::vector<NewBackup> wanted;
  std::set<std::string> ids;
  for (const TableRef& table : tables) {
    std::string id;
    do {
      id = BackupId(now, static_cast<std::uint32_t>(parts_.random.Next64()));
    } while (!ids.insert(id).second);
    wanted.push_back({.id = std::move(id),
                      .name = std::string(backup_name),
                      .type = type,
                      .time = now,
                      .table = table->description(),
                      .guard = table->guard()});
  }
  return Make(wanted);
}

StoreResult<std::vector<BackupDescription>> Backups::Make(std::span<const NewBackup> wanted) {
  std::vector<BackupDescription> backups;
  std::vector<KeyspaceId> keyspaces;
  std::vector<Guard> guards;
  for (const NewBackup& one : wanted) {
    BackupDescription& backup = backups.emplace_back();
    backup.id = one.id;
    backup.name = one.name;
    backup.type = one.type;
    backup.arn = BackupArn(parts_.settings.labels, one.table.name, backup.id);
    backup.creation_time = std::chrono::floor<std::chrono::milliseconds>(one.time);
    backup.table = RecordedTable(one.table);
    GRAMME_TRY(backup.counts, ReadCounts(parts_.store, ReadTier::kDisk, backup.table.number,
                                         backup.table.keyspace));
    keyspaces.push_back(KeyspaceId{backup.table.keyspace});
    if (one.guard) guards.push_back(*one.guard);
  }
  const std::string image_id = BackupImageId(backups.front().id);
  GRAMME_TRY(const ImageDescription image, parts_.store.Freeze(image_id, keyspaces));
  std::vector<BackupRecord> records;
  std::vector<Job> jobs;
  for (BackupDescription& backup : backups) {
    backup.positions = image.positions;
    backup.commit_time = image.commit_time;
    Job& job = jobs.emplace_back(
        parts_.jobs.NewJob(kBackupJob, backup.arn, BackupJobs::StateOf(backup.id)));
    job.items_total = static_cast<std::uint64_t>(std::max<std::int64_t>(backup.counts.items, 0));
    job.bytes_total = static_cast<std::uint64_t>(std::max<std::int64_t>(backup.counts.bytes, 0));
    records.push_back({.backup = backup, .job_id = job.id, .image_id = image_id});
  }
  const auto position = RecordBackups(records, jobs, guards);
  if (!position) {
    // Nobody was told of the backups. Where the image stays, Load removes it.
    static_cast<void>(parts_.store.ReleaseImage(image_id));
    return std::unexpected(position.error());
  }
  {
    const std::lock_guard lock(mutex_);
    for (const BackupDescription& backup : backups) backups_.insert_or_assign(backup.id, backup);
  }
  for (Job& job : jobs) {
    parts_.jobs.Start(std::move(job), *position, parts_.settings.transition_delay);
  }
  return backups;
}

StoreResult<Position> Backups::RecordBackups(std::span<const BackupRecord> records,
                                             std::span<const Job> jobs,
                                             std::span<const Guard> guards) {
  std::vector<Key> keys;
  for (const BackupRecord& record : records) keys.push_back(BackupRecordKey(record.backup.id));
  for (const Job& job : jobs) keys.push_back(JobKey(job.id));
  // Asked again where the outcome was not known: what is there already is not written twice.
  const auto decide = [&](std::span<const CurrentValue> values) {
    WriteBatch batch;
    if (!values[0]) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        batch.Put(keys[i], EncodeBackupRecord(records[i]));
      }
      for (const Job& job : jobs) Jobs::AddTo(batch, job);
    }
    return std::optional(std::move(batch));
  };
  const auto update = [&] { return parts_.store.Update(keys, guards, UpdateOptions{}, decide); };
  auto outcome = update();
  for (int attempt = 1; attempt < kAttemptCountMax && !outcome; ++attempt) {
    if (outcome.error().code() != StatusCode::kUnknown) break;
    outcome = update();
  }
  GRAMME_RETURN_IF_ERROR(outcome);
  GRAMME_RETURN_IF_ERROR(parts_.store.Await(outcome->position));
  return outcome->position;
}

std::vector<BackupDescription> Backups::BasesOf(std::string_view table_id,
                                                std::optional<WallTime> enabling_time) const {
  const std::lock_guard lock(mutex_);
  std::vector<BackupDescription> bases;
  for (const auto& [id, backup] : backups_) {
    const bool is_of_table = backup.type == BackupType::kBase && backup.table.id == table_id;
    if (!is_of_table || deleting_.contains(id)) continue;
    const auto& recovery = backup.table.point_in_time_recovery;
    if (enabling_time && (!recovery || recovery->enabling_time != *enabling_time)) continue;
    bases.push_back(backup);
  }
  std::ranges::sort(bases, {}, &BackupDescription::commit_time);
  return bases;
}

std::vector<std::string> Backups::ExpiredIds(WallTime now) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, backup] : backups_) {
    const auto expiry = ExpiryOf(backup);
    if (expiry && *expiry <= now) ids.push_back(id);
  }
  return ids;
}

bool Backups::IsBeingMade(std::string_view backup_id) const {
  const auto backup = Find(backup_id);
  return backup && backup->status == BackupStatus::kCreating;
}

bool Backups::IsBeingRestored(std::string_view backup_id) const {
  return std::ranges::any_of(
      restores_, [&](const auto& restore) { return restore.second.backup_id == backup_id; });
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

Result<BackupDescription> Backups::Delete(std::string_view backup_id, std::string_view backup_arn) {
  BackupDescription deleted;
  {
    const std::lock_guard lock(mutex_);
    const auto found = backups_.find(backup_id);
    if (found == backups_.end() || deleting_.contains(backup_id)) return NotFound(backup_arn);
    if (const auto expiry = ExpiryOf(found->second)) {
      return ValidationError(
          fmt::format("User is not allowed to delete the system backup with arn {}. It will "
                      "automatically expire on {}",
                      backup_arn, FormatIso8601(*expiry)));
    }
    if (IsBeingRestored(backup_id)) {
      return InUse("Backup is being used to restore table", backup_arn);
    }
    if (found->second.status != BackupStatus::kAvailable) {
      return InUse("Backup is being created", backup_arn);
    }
    if (found->second.type == BackupType::kBase && IsProtecting(found->second)) {
      return InUse("Backup is being used for point-in-time recovery", backup_arn);
    }
    deleted = found->second;
    deleting_.emplace(backup_id);
  }
  const auto removed = RemoveReserved(deleted.id);
  if (!removed) return std::unexpected(ToApiError(removed.error()));
  deleted.status = BackupStatus::kDeleted;
  return deleted;
}

bool Backups::IsProtecting(const BackupDescription& base) const {
  const TableRef table = parts_.catalog.view()->Find(base.table.name);
  return table != nullptr && table->description().id == base.table.id &&
         table->description().point_in_time_recovery.has_value();
}

StoreResult<bool> Backups::Remove(std::string_view backup_id) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = backups_.find(backup_id);
    if (found == backups_.end()) return true;
    const bool is_used = IsBeingRestored(backup_id) || deleting_.contains(backup_id) ||
                         found->second.status != BackupStatus::kAvailable;
    if (is_used) return false;
    deleting_.emplace(backup_id);
  }
  GRAMME_RETURN_IF_ERROR(RemoveReserved(std::string(backup_id)));
  return true;
}

StoreResult<void> Backups::RemoveReserved(const std::string& backup_id) {
  const auto removed = parts_.storage.Remove(backup_id);
  // Without its manifest it is gone, whatever else is left for Load to remove.
  const auto manifest = parts_.storage.ReadManifest(backup_id);
  const bool is_gone = manifest && !*manifest;
  const std::lock_guard lock(mutex_);
  deleting_.erase(backup_id);
  if (!removed && !is_gone) return std::unexpected(removed.error());
  backups_.erase(backup_id);
  return {};
}

Result<BegunRestore> Backups::BeginRestore(const RestoreRequest& request) {
  GRAMME_TRY(Admitted admitted, AdmitRestore(request));
  parts_.jobs.Start(std::move(admitted.job), admitted.begun.edit.position,
                    parts_.settings.transition_delay);
  return std::move(admitted.begun);
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
  const TableDescription& source = request.to_time ? request.to_time->source : backup->table;
  GRAMME_TRY(TableDescription target,
             RestoredTable(source, request.target_table_name, request.overrides, request.keep));
  const LateSettings late = LateSettingsOf(source, request.keep);
  RestoreReport report =
      ReportOf(source, target, late, request.to_time.has_value() || backup->is_all_recorded);
  GRAMME_RETURN_IF_ERROR(ReserveForRestore(request));
  Job job = parts_.jobs.NewJob(kRestoreJob, request.target_table_name, "");
  job.items_total = static_cast<std::uint64_t>(backup->counts.items);
  job.bytes_total = static_cast<std::uint64_t>(backup->counts.bytes);
  const WallTime restore_time =
      request.to_time ? request.to_time->replay.until : parts_.clock.WallNow();
  target.restore_summary =
      RestoreSummary{.source_backup_arn = request.to_time ? "" : request.backup_arn,
                     .source_table_arn = TableArn(parts_.settings.labels, source.name),
                     .restore_time = std::chrono::floor<std::chrono::milliseconds>(restore_time),
                     .restore_in_progress = true};
  auto edit = AddTarget(std::move(target), request, late, job);
  if (!edit) {
    EndRestore(request.target_table_name);
    return std::unexpected(edit.error());
  }
  return Admitted{.begun = {.edit = *std::move(edit), .report = std::move(report)},
                  .job = std::move(job)};
}

Result<void> Backups::ReserveForRestore(const RestoreRequest& request) {
  const auto view = parts_.catalog.view();
  const std::lock_guard lock(mutex_);
  const auto backup = backups_.find(request.backup_id);
  if (backup == backups_.end() || deleting_.contains(request.backup_id)) {
    return NotFound(request.backup_arn);
  }
  if (const auto other = restores_.find(request.target_table_name); other != restores_.end()) {
    const auto source = backups_.find(other->second.backup_id);
    return Error(
        ErrorCode::kTableInUseException,
        fmt::format("Table: {} is already being restored from backup: {}",
                    request.target_table_name,
                    source == backups_.end() ? other->second.backup_id : source->second.arn));
  }
  if (view->Find(request.target_table_name) != nullptr) {
    return AlreadyExists(request.target_table_name);
  }
  // A base that is still being made is waited for, and may be restored from many times at once.
  if (backup->second.status != BackupStatus::kAvailable && !request.to_time) {
    return InUse("Backup is being created", request.backup_arn);
  }
  const bool is_taken = std::ranges::any_of(restores_, [&](const auto& restore) {
    return restore.second.backup_id == request.backup_id && !restore.second.is_to_time;
  });
  if (is_taken && !request.to_time) {
    return InUse("Backup is being used to restore another table", request.backup_arn);
  }
  if (restores_.size() >= kRestoreCountMax) {
    return Error(ErrorCode::kLimitExceededException,
                 fmt::format("Subscriber limit exceeded: Only {} restore operations can be done "
                             "simultaneously",
                             kRestoreCountMax));
  }
  restores_.emplace(request.target_table_name, Source{.backup_id = request.backup_id,
                                                      .is_to_time = request.to_time.has_value()});
  return {};
}

Result<CatalogEdit> Backups::AddTarget(TableDescription table, const RestoreRequest& request,
                                       LateSettings late, Job& job) {
  GRAMME_RETURN_IF_ERROR(FromStore(MakeKeyspaces(late, parts_.store)));
  GRAMME_RETURN_IF_ERROR(FromStore(GiveIdentity(table, parts_.store, parts_.clock, parts_.random)));
  RestoreState state = {.backup_id = request.backup_id,
                        .table_name = request.target_table_name,
                        .table_number = table.number,
                        .next = {},
                        .counts = {},
                        .replay = {},
                        .last_key = {},
                        .late = std::move(late)};
  if (request.to_time) {
    state.replay = request.to_time->replay;
    GRAMME_TRY(const KeyspaceId overlay, FromStore(parts_.store.CreateKeyspace()));
    state.replay->overlay_keyspace = static_cast<std::uint64_t>(overlay);
  }
  job.state = EncodeRestoreState(state);
  const std::uint64_t number = table.number;
  auto edit = parts_.catalog.CreateTable(std::move(table),
                                         [&](WriteBatch& batch) { Jobs::AddTo(batch, job); });
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
  // From now on the source is not needed. Where it fails, the job tries again.
  if (state.replay) static_cast<void>(restore_jobs_.TakeImage(state));
  return edit;
}

void Backups::EndRestore(const std::string& target_table_name) {
  const std::lock_guard lock(mutex_);
  restores_.erase(target_table_name);
}

void Backups::MakeFirstBase(const std::string& table_name) {
  const TableRef table = parts_.catalog.FreshView()->Find(table_name);
  if (table == nullptr || gramme::IsBeingRestored(table->description())) return;
  const auto& recovery = table->description().point_in_time_recovery;
  if (!recovery || !BasesOf(table->description().id, recovery->enabling_time).empty()) return;
  static_cast<void>(CreateBase(table));
}

void Backups::ForgetBase(const std::string& backup_id) {
  const std::lock_guard lock(mutex_);
  backups_.erase(backup_id);
}

}  // namespace gramme
