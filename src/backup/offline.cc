#include "backup/offline.h"

#include <utility>

#include "backup/backup_reader.h"
#include "backup/backups.h"
#include "base/result.h"
#include "model/arn.h"
#include "table/store_error.h"
#include "table/table_drop.h"

namespace gramme {
namespace {

// Reads one data file alone, so that the damage of one does not hide that of the next.
StoreResult<void> VerifyDataFile(const BackupStorage& storage, const BackupManifest& manifest,
                                 const BackupFile& file) {
  BackupManifest alone = manifest;
  alone.data_files = {file};
  BackupCursor cursor(storage, alone);
  for (;;) {
    GRAMME_TRY(const auto block, cursor.Next());
    if (!block) return {};
  }
}

StoreResult<void> VerifyAsAWhole(const BackupStorage& storage, const BackupManifest& manifest) {
  BackupVerifier verifier(storage, manifest);
  GRAMME_RETURN_IF_ERROR(verifier.Step(UINT64_MAX));
  return {};
}

// An executor for jobs that are to wait for the server's next start.
class NoExecutor : public Executor {
 public:
  void Post(Task) override {}
  void PostAfter(Duration, Task) override {}
};

}  // namespace

StoreResult<std::vector<StoredBackup>> ListStoredBackups(const BackupStorage& storage) {
  GRAMME_TRY(const std::vector<std::string> ids, storage.List());
  std::vector<StoredBackup> found;
  for (const std::string& id : ids) {
    const auto bytes = storage.ReadManifest(id);
    if (bytes && !*bytes) continue;
    StoredBackup stored = {.id = id, .backup = std::nullopt, .problem = ""};
    const auto manifest = ReadManifest(storage, id);
    auto backup = manifest ? ReadDefinitions(storage, *manifest)
                           : StoreResult<BackupDescription>(std::unexpected(manifest.error()));
    if (backup) {
      stored.backup = *std::move(backup);
    } else {
      stored.problem = backup.error().message();
    }
    found.push_back(std::move(stored));
  }
  return found;
}

StoreResult<std::vector<std::string>> VerifyStoredBackup(const BackupStorage& storage,
                                                         std::string_view id) {
  std::vector<std::string> problems;
  StoreResult<void> unreadable;
  const auto note = [&](const StoreResult<void>& result) {
    if (result) return;
    if (result.error().code() == StatusCode::kCorruption) {
      problems.push_back(result.error().message());
    } else {
      unreadable = result;
    }
  };
  const auto without_value = [](const auto& result) {
    return result ? StoreResult<void>() : StoreResult<void>(std::unexpected(result.error()));
  };
  const auto manifest = ReadManifest(storage, id);
  note(without_value(manifest));
  if (manifest) {
    note(without_value(ReadDefinitions(storage, *manifest)));
    for (const BackupFile& file : manifest->data_files) {
      note(VerifyDataFile(storage, *manifest, file));
    }
    // Each file is good by itself: do they make one backup?
    if (problems.empty() && unreadable) note(VerifyAsAWhole(storage, *manifest));
  }
  GRAMME_RETURN_IF_ERROR(unreadable);
  return problems;
}

Result<TableDescription> RestoreOffline(Store& store, Catalog& catalog, BackupStorage& storage,
                                        Clock& clock, Random& random, const Settings& settings,
                                        const OfflineRestore& restore) {
  NoExecutor executor;
  Jobs jobs(store, executor, clock, random);
  RegisterTableDrop(jobs, store, catalog);
  Backups backups({store, catalog, jobs, storage, clock, random, settings});
  if (const auto loaded = backups.Load(); !loaded) {
    return Error(ErrorCode::kInternalServerError, loaded.error().message());
  }
  if (const auto damaged = backups.damaged().find(restore.backup_id);
      damaged != backups.damaged().end()) {
    return Error(ErrorCode::kInternalServerError, damaged->second.message());
  }
  const auto backup = backups.Find(restore.backup_id);
  const std::string arn =
      backup ? BackupArn(settings.labels, backup->table.name, backup->id) : restore.backup_id;
  GRAMME_TRY(const CatalogEdit edit,
             backups.RestoreNow({.backup_id = restore.backup_id,
                                 .backup_arn = arn,
                                 .target_table_name = restore.target_table_name,
                                 .overrides = restore.overrides}));
  return edit.table->description();
}

}  // namespace gramme
