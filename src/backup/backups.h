// Backups: every backup that this server knows, and the jobs that make and restore them. It stands
// on the store's images, the catalog, the jobs and a BackupStorage; it knows no requests.
//
// A backup is one exact instant: all commits that were released before Create was called, and none
// that began after it returned. Once Create has returned the backup survives a crash and is
// completed with that instant. Backups outlive their table and the data directory: at Load they are
// found where they are stored, whoever made them.
//
// Thread-safe. The jobs are stopped before it is destroyed.

#ifndef GRAMME_BACKUP_BACKUPS_H_
#define GRAMME_BACKUP_BACKUPS_H_

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_description.h"
#include "backup/backup_job.h"
#include "backup/backup_storage.h"
#include "backup/kept_settings.h"
#include "backup/restore_job.h"
#include "backup/restore_report.h"
#include "backup/restored_table.h"
#include "base/clock.h"
#include "base/random.h"
#include "model/api_error.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

// What backups stand on. References; all outlive them.
struct BackupParts {
  Store& store;
  Catalog& catalog;
  Jobs& jobs;
  BackupStorage& storage;
  Clock& clock;
  Random& random;
  const Settings& settings;
};

struct BackupFilter {
  std::optional<std::string> table_name;
  std::optional<WallTime> from;         // inclusive
  std::optional<WallTime> until;        // exclusive
  std::optional<BackupType> type;       // nothing: USER and SYSTEM
  std::optional<std::string> after_id;  // a cursor; the backup need not exist
  std::size_t count_max = 100;
};

struct BackupPage {
  std::vector<BackupDescription> backups;  // oldest first
  bool has_more = false;
};

// To a moment after the backup's instant.
struct RestoreToTime {
  LogReplay replay;         // without an overlay
  TableDescription source;  // as it is now: whose settings the target gets
};

struct RestoreRequest {
  std::string backup_id;
  std::string backup_arn;  // as asked for; in messages and in the restore's summary
  std::string target_table_name;
  RestoreOverrides overrides;
  std::optional<RestoreToTime> to_time = {};
  std::set<KeptSetting> keep = {};
};

struct BegunRestore {
  CatalogEdit edit;  // its table is the target, CREATING
  RestoreReport report;
};

class Backups {
 public:
  // Registers its jobs.
  explicit Backups(const BackupParts& parts, const BackupJobOptions& options = {});

  // Finds every backup, completes what a crash interrupted, and removes what nobody needs: images
  // and drafts without a job. Once, before Jobs::Resume. Errors: the store's and the storage's; a
  // damaged backup is no error, see damaged().
  StoreResult<void> Load();

  // Backups that could not be read at Load, by id, and why.
  const std::map<std::string, Status>& damaged() const { return damaged_; }

  // Waits for the disk: never on a network thread. `table_name`: or ARN. Errors:
  // TableNotFoundException where the table is absent or CREATING; the store's.
  Result<BackupDescription> Create(std::string_view table_name, std::string_view backup_name);
  // The same of several tables at one instant, in their order: all, or none. Errors: as Create.
  // REQUIRES: at least one, and each once.
  Result<std::vector<BackupDescription>> CreateTogether(std::span<const std::string> table_names,
                                                        std::string_view backup_name);

  // What point-in-time recovery needs (recovery.h). All wait for the disk. Errors: the store's.
  StoreResult<BackupDescription> CreateBase(const TableRef& table);
  // The last state of a table that nobody writes to any more. Safe to repeat.
  StoreResult<void> CreateOfDeleted(const TableDescription& removed, WallTime deletion_time);
  // The table's bases, oldest first, those included that are being made: of the recovery that was
  // enabled at this time, or all of them.
  std::vector<BackupDescription> BasesOf(std::string_view table_id,
                                         std::optional<WallTime> enabling_time) const;
  // Removes a backup that is whole and is not being restored, of any type; false: it stays.
  StoreResult<bool> Remove(std::string_view backup_id);
  // Those of type SYSTEM whose time is over.
  std::vector<std::string> ExpiredIds(WallTime now) const;

  std::optional<BackupDescription> Find(std::string_view backup_id) const;
  BackupPage List(const BackupFilter& filter) const;

  // Waits for the disk. The description is as it was, DELETED. `backup_arn` is for messages.
  // Errors: BackupNotFoundException; BackupInUseException while it is being made or restored, or a
  // base; ValidationException for one of type SYSTEM.
  Result<BackupDescription> Delete(std::string_view backup_id, std::string_view backup_arn);

  // Waits for the disk. Errors: BackupNotFoundException,
  // ValidationException, TableInUseException, TableAlreadyExistsException, BackupInUseException,
  // LimitExceededException; the store's.
  Result<BegunRestore> BeginRestore(const RestoreRequest& request);

  // The same, done when it returns: for offline use, where no job runs. What it could not finish,
  // the server does when it starts. InternalServerError says why.
  Result<CatalogEdit> RestoreNow(const RestoreRequest& request);

 private:
  struct Admitted {
    BegunRestore begun;
    Job job;
  };

  struct NewBackup {
    std::string id;
    std::string name;
    BackupType type = BackupType::kUser;
    WallTime time{};
    const TableDescription& table;
    // Where the table may still change: nothing of it is made if it has.
    std::optional<Guard> guard;
  };

  // A restore under way, by its target.
  struct Source {
    std::string backup_id;
    bool is_to_time = false;
  };

  StoreResult<std::vector<BackupDescription>> CreateOnce(std::span<const TableRef> tables,
                                                         std::string_view backup_name,
                                                         BackupType type);
  // From one image.
  StoreResult<std::vector<BackupDescription>> Make(std::span<const NewBackup> wanted);
  // All in one commit, durable; its position.
  StoreResult<Position> RecordBackups(std::span<const BackupRecord> records,
                                      std::span<const Job> jobs, std::span<const Guard> guards);
  bool IsBeingMade(std::string_view backup_id) const;
  // REQUIRES: mutex_ is held.
  bool IsBeingRestored(std::string_view backup_id) const;
  Result<Admitted> AdmitRestore(const RestoreRequest& request);
  // Takes the backup for a restore, or says why not.
  Result<void> ReserveForRestore(const RestoreRequest& request);
  // `late`: without keyspaces.
  Result<CatalogEdit> AddTarget(TableDescription table, const RestoreRequest& request,
                                LateSettings late, Job& job);
  void EndRestore(const std::string& target_table_name);
  // The base that a restored table with point-in-time recovery begins with. Where it cannot be made
  // now, Recovery makes it.
  void MakeFirstBase(const std::string& table_name);
  // Takes a base that turned out to be damaged for lost. Its files stay, for whoever looks.
  void ForgetBase(const std::string& backup_id);
  // Whether the base's table is there and has recovery on.
  bool IsProtecting(const BackupDescription& base) const;
  // Removes the files of one that is in deleting_.
  StoreResult<void> RemoveReserved(const std::string& backup_id);

  StoreResult<void> LoadStored();
  StoreResult<void> LoadRecords();
  StoreResult<void> LoadRestores();
  StoreResult<void> RemoveOrphans();

  const BackupParts parts_;
  BackupJobs backup_jobs_;
  RestoreJobs restore_jobs_;
  std::map<std::string, Status> damaged_;
  std::set<std::string> images_needed_;  // while it loads

  std::mutex deleted_mutex_;  // held while a deleted table's backup gets its id and its image
  mutable std::mutex mutex_;  // held briefly, never while the store or the storage works
  std::map<std::string, BackupDescription, std::less<>> backups_;  // by id, so by time
  std::map<std::string, Source, std::less<>> restores_;            // by target
  std::set<std::string, std::less<>> deleting_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUPS_H_
