#include <set>
#include <utility>

#include "backup/backup_reader.h"
#include "backup/backups.h"
#include "base/result.h"

namespace gramme {
namespace {

StoreResult<std::vector<std::string>> ReadJobs(Store& store) {
  const Key somewhere = JobKey("");
  GRAMME_TRY(const auto view, store.OpenView(store.GroupOf(somewhere), ReadTier::kDisk));
  std::vector<std::string> values;
  const auto visit = [&](std::string_view, std::string_view value) {
    values.emplace_back(value);
    return ScanStep::kContinue;
  };
  GRAMME_RETURN_IF_ERROR(view->Scan(somewhere.keyspace, {}, Direction::kForward, visit));
  return values;
}

StoreResult<BackupDescription> ReadBackup(const BackupStorage& storage, const std::string& id) {
  GRAMME_TRY(const BackupManifest manifest, ReadManifest(storage, id));
  return ReadDefinitions(storage, manifest);
}

}  // namespace

StoreResult<void> Backups::Load() {
  GRAMME_RETURN_IF_ERROR(LoadStored());
  GRAMME_RETURN_IF_ERROR(LoadRecords());
  GRAMME_RETURN_IF_ERROR(LoadRestores());
  return RemoveOrphans();
}

StoreResult<void> Backups::LoadStored() {
  GRAMME_TRY(const std::vector<std::string> ids, parts_.storage.List());
  for (const std::string& id : ids) {
    const auto manifest = parts_.storage.ReadManifest(id);
    if (manifest && !*manifest) continue;
    auto backup = ReadBackup(parts_.storage, id);
    if (!backup) {
      damaged_.insert_or_assign(id, backup.error());
      continue;
    }
    const std::lock_guard lock(mutex_);
    backups_.insert_or_assign(id, *std::move(backup));
  }
  return {};
}

StoreResult<void> Backups::LoadRecords() {
  GRAMME_TRY(std::vector<BackupRecord> records, ReadBackupRecords(parts_.store));
  for (BackupRecord& record : records) {
    const std::string id = record.backup.id;
    if (Find(id)) {
      // Whole already: only its end was interrupted.
      GRAMME_RETURN_IF_ERROR(RemoveBackupRecord(parts_.store, id, record.job_id));
      continue;
    }
    damaged_.erase(id);  // made again
    images_needed_.insert(record.image_id);
    const std::lock_guard lock(mutex_);
    backups_.insert_or_assign(id, std::move(record.backup));
  }
  return {};
}

StoreResult<void> Backups::LoadRestores() {
  GRAMME_TRY(const auto values, ReadJobs(parts_.store));
  for (const std::string& value : values) {
    GRAMME_TRY(const Job job, DecodeJob(value));
    if (job.kind != kRestoreJob) continue;
    GRAMME_TRY(const RestoreState state, DecodeRestoreState(job.state));
    const std::lock_guard lock(mutex_);
    restores_.insert_or_assign(state.table_name, Source{.backup_id = state.backup_id,
                                                        .is_to_time = state.replay.has_value()});
    images_needed_.insert(RestoreImageId(state.table_number));
  }
  return {};
}

StoreResult<void> Backups::RemoveOrphans() {
  const std::set<std::string> images_needed = std::exchange(images_needed_, {});
  std::set<std::string> drafts_needed;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, backup] : backups_) {
      if (backup.status == BackupStatus::kCreating) drafts_needed.insert(id);
    }
  }
  GRAMME_TRY(const std::vector<ImageDescription> images, parts_.store.ListImages());
  for (const ImageDescription& image : images) {
    const bool is_ours =
        image.id.starts_with(kBackupImagePrefix) || image.id.starts_with(kRestoreImagePrefix);
    if (!is_ours || images_needed.contains(image.id)) continue;
    GRAMME_RETURN_IF_ERROR(parts_.store.ReleaseImage(image.id));
  }
  GRAMME_TRY(const std::vector<std::string> ids, parts_.storage.List());
  for (const std::string& id : ids) {
    if (!drafts_needed.contains(id)) GRAMME_RETURN_IF_ERROR(parts_.storage.RemoveAbandoned(id));
  }
  return {};
}

}  // namespace gramme
