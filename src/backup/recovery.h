// Recovery: point-in-time recovery of tables. A table that has it can be restored as it was at any
// moment of its period: the newest base backup not after the moment, and what the change log has
// recorded from there up to it.
//
// A base is a backup like any other (backups.h), of type BASE, that no listing shows. The first is
// made when recovery is turned on; another once the log since the last one outweighs the table, so
// that a restore never replays much more than it copies; the oldest goes when no moment of the
// period needs it, and the log before the next one with it. What can be restored is computed from
// what is there.
//
// A restore takes an image of the log when it is asked for, so it needs nothing of its source
// afterwards. It brings back exactly the commits up to its moment.
//
// Thread-safe.

#ifndef GRAMME_BACKUP_RECOVERY_H_
#define GRAMME_BACKUP_RECOVERY_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backups.h"
#include "base/clock.h"
#include "model/api_error.h"
#include "model/table_description.h"
#include "table/catalog.h"

namespace gramme {

inline constexpr std::string_view kRecoveryEndJob = "recovery-end";

// The moments that a table can be restored to: all from `earliest` to `latest`.
struct RestorableWindow {
  WallTime earliest{};  // in whole milliseconds
  WallTime latest{};    // the last whole second that has passed, or `earliest`
  friend bool operator==(const RestorableWindow&, const RestorableWindow&) = default;
};

struct RecoveryRestoreRequest {
  std::string source_table_name;  // or ARN
  std::string target_table_name;
  std::optional<WallTime> time;  // nothing: now
  RestoreOverrides overrides;
  std::set<KeptSetting> keep = {};
};

struct RecoveryOptions {
  // A new base is due when the log since the last one has as many bytes as the table, and so many.
  std::uint64_t base_log_bytes_min = std::uint64_t{64} << 20;
};

// What a pass has done.
struct RecoverySweep {
  std::size_t made_base_count = 0;
  std::size_t removed_base_count = 0;
  std::size_t expired_backup_count = 0;  // of type SYSTEM
  std::size_t protected_table_count = 0;
  // How far the window of any table is behind now, at most; nothing where none has a window.
  std::optional<Duration> lag;
};

class Recovery {
 public:
  // Registers its job. Keeps the references; all outlive it.
  Recovery(const BackupParts& parts, Backups& backups, const RecoveryOptions& options = {});

  // Waits for the disk: never on a network thread. `table_name`: or ARN. `period_days` 1 to 35.
  // Where it is on, only the period changes. The result depends on the catalog's view after it.
  // Errors: TableNotFoundException where the table is absent or CREATING; the store's.
  Result<CatalogEdit> Enable(std::string_view table_name, std::int64_t period_days);
  // The same; no effect where it is off. What could be restored cannot be any more.
  Result<CatalogEdit> Disable(std::string_view table_name);

  // Nothing where recovery is off, or has no base yet.
  std::optional<RestorableWindow> WindowOf(const TableDescription& table) const;

  // Waits for the disk. Errors, in this order:
  // TableNotFoundException, PointInTimeRecoveryUnavailableException, InvalidRestoreTimeException,
  // then as Backups::BeginRestore.
  Result<BegunRestore> BeginRestore(const RecoveryRestoreRequest& request);

  // For a housekeeping thread, every minute or so: makes and removes bases, forgets the log before
  // them, and removes SYSTEM backups that have expired. Errors: the first; all tables are looked
  // at.
  StoreResult<RecoverySweep> Sweep();

  // Keeps a removed table that had recovery as a SYSTEM backup, and drops its bases. For
  // table_drop.h; safe to repeat.
  StoreResult<void> KeepDeleted(const TableDescription& removed, WallTime deletion_time);

 private:
  Result<TableRef> FindTable(std::string_view table_name) const;
  // Those that a moment can be restored from, oldest first.
  std::vector<BackupDescription> BasesOf(const TableDescription& table) const;
  // The table, where all that is asked for can be restored now. Errors: as BeginRestore.
  Result<TableRef> CheckRestore(const RecoveryRestoreRequest& request) const;
  // Nothing where the base that was chosen went meanwhile.
  Result<std::optional<BegunRestore>> TryRestore(const RecoveryRestoreRequest& request);
  // Another try where the table was edited meanwhile.
  StoreResult<void> MakeBase(const std::string& table_name);
  StoreResult<bool> NeedsBase(const TableDescription& table, WallTime since);
  StoreResult<void> SweepTable(const TableDescription& table, RecoverySweep& sweep);
  StoreResult<void> RaiseLogStart(const TableDescription& table, WallTime start);
  // The time of a commit that comes after all that were answered before the call.
  StoreResult<WallTime> CommitTimeNow();
  // Removes the bases of a table that recovery does not need any more; false: some stay yet.
  StoreResult<bool> RemoveUnneeded(const std::string& table_name, const std::string& table_id);
  StoreResult<StepOutcome> EndStep(const Job& job);

  const BackupParts parts_;
  Backups& backups_;
  const RecoveryOptions options_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_RECOVERY_H_
