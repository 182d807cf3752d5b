// The job that restores a backup into a new table: it imports the items with their index entries,
// verifying the backup as it reads, and once all of it is verified and imported makes the table
// ACTIVE, counted, in one commit. The target is CREATING meanwhile, so nobody else writes to it;
// imports may be repeated. A restore that was interrupted no longer knows what it has verified: it
// verifies all of the backup, and then imports what is left.
//
// A restore to a moment after its backup first replays a change log (log_replay.h), then lays what
// that gave over the backup's items as it imports them.
//
// Settings that the target keeps begin in the commit that makes it ACTIVE (kept_settings.h); the
// index of its time to live is imported with the items.
//
// A backup or a log that turns out to be damaged ends its restore: the target is removed again,
// with whatever was imported.

#ifndef GRAMME_BACKUP_RESTORE_JOB_H_
#define GRAMME_BACKUP_RESTORE_JOB_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_job.h"
#include "backup/backup_reader.h"
#include "backup/backup_storage.h"
#include "backup/kept_settings.h"
#include "backup/log_replay.h"
#include "base/clock.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/counters.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

inline constexpr std::string_view kRestoreJob = "restore";

// What a restore works on and how far it is: durable between steps.
struct RestoreState {
  std::string backup_id;
  std::string table_name;
  std::uint64_t table_number = 0;
  bool is_verified = false;    // all of the backup, before the rest of it is imported
  BackupCursorPosition next;   // what is before it is imported
  std::vector<Counts> counts;  // of what is imported: the table, then each index
  std::optional<LogReplay> replay;
  std::string last_key;      // the last that was imported, or that the log had removed
  bool is_imported = false;  // all of it: what the restore needed for itself goes, then it ends
  LateSettings late;         // that the table is to have when it is ACTIVE
};

// The image that a restore with a replay reads the log from.
std::string RestoreImageId(std::uint64_t table_number);
inline constexpr std::string_view kRestoreImagePrefix = "restore-";

std::string EncodeRestoreState(const RestoreState& state);
// Errors: kCorruption.
StoreResult<RestoreState> DecodeRestoreState(std::string_view bytes);

// What the job of a table that is restored works with. References; all outlive it.
struct RestoreParts {
  Store& store;
  Catalog& catalog;
  Jobs& jobs;
  BackupStorage& storage;
  Clock& clock;
  const Settings& settings;
  // Whether the backup is not whole yet, but will be.
  std::function<bool(const std::string& backup_id)> is_being_made;
};

// Thread-safe.
class RestoreJobs {
 public:
  // Told when a restore is over, whatever became of it; `damaged`: because its backup is damaged.
  using EndListener = std::function<void(const RestoreState& state, bool damaged)>;

  RestoreJobs(const RestoreParts& parts, const BackupJobOptions& options, EndListener on_end);
  ~RestoreJobs();

  StoreResult<StepOutcome> Step(Job& job);

  // Takes the image of a restore with a replay, unless it is there. The target is in the catalog.
  // Errors: kCorruption where the log is not whole any more; the store's.
  StoreResult<void> TakeImage(const RestoreState& state);

 private:
  struct Run;
  struct Work;

  std::shared_ptr<Work> WorkOf(const std::string& job_id);
  void Forget(const std::string& job_id);
  StoreResult<StepOutcome> Continue(Work& work, const TableDescription& target, RestoreState& state,
                                    Job& job);
  StoreResult<void> Verify(Work& work, RestoreState& state);
  // Whether the source still keeps all of the log that is to be replayed.
  bool HasWholeLog(const LogReplay& replay) const;
  // True when the files of the log are good.
  StoreResult<bool> CheckLog(Work& work, const RestoreState& state);
  // True when the overlay is whole.
  StoreResult<bool> Replay(Work& work, const TableDescription& target, RestoreState& state);
  void BeginRun(Work& work, const TableDescription& target, const RestoreState& state);
  // True when all is imported, and so verified.
  StoreResult<bool> Import(Work& work, RestoreState& state, Job& job);
  // Removes what the restore made for itself.
  StoreResult<void> CleanUp(const RestoreState& state);
  StoreResult<void> Activate(const RestoreState& state, const Job& job);
  StoreResult<void> Cancel(const RestoreState& state);

  const RestoreParts parts_;
  const BackupJobOptions options_;
  const EndListener on_end_;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Work>, std::less<>> works_;  // by job id
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_RESTORE_JOB_H_
