// BackupRun: backups through HTTP while writers run, and while the server is killed.

#ifndef GRAMME_TESTS_CRASH_BACKUP_BACKUP_RUN_H_
#define GRAMME_TESTS_CRASH_BACKUP_BACKUP_RUN_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "tests/client/requests.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"
#include "tests/crash/backup/money.h"

namespace gramme {

// A backup and what its instant must lie between.
struct ExpectedBackup {
  std::string arn;
  Counts acknowledged_before{};  // when CreateBackup was sent
  Counts sent_before{};          // when it was answered, or at the latest had happened
};

// What was seen, for the report of a test.
struct BackupTally {
  int restored = 0;            // backups restored whole
  int killed_backups = 0;      // kills after CreateBackup was sent
  int unanswered_backups = 0;  // of those, without an answer
  int absent_backups = 0;      // of those, not there after the restart
  int killed_restores = 0;     // kills after RestoreTableFromBackup was sent
  int absent_targets = 0;      // of those, no target after the restart (never answered)
  int restored_seconds = 0;
  int kills_under_load = 0;
  int kills_while_restoring = 0;
};

// One server on a directory of its own. Not thread-safe. Errors are text for a person.
class BackupRun {
 public:
  BackupRun(std::string binary, std::uint64_t seed);

  // Starts the server, makes the table, and measures one backup and one restore.
  Asked<void> Prepare();
  // A backup under load, restored and judged, with the writers still at work.
  Asked<void> BackUpUnderLoad();
  // A kill at a random moment of a backup under load; then it must be whole, or absent if it was
  // never answered.
  Asked<void> KillDuringBackup();
  // A kill at a random moment of a restore; then the target must become whole, or be absent if it
  // was never answered.
  Asked<void> KillDuringRestore();
  // Turns point-in-time recovery on.
  Asked<void> Protect();
  // Writers at work for a while, now and then until a kill; then the table as it was at a random
  // second, restored while they write on and judged. Now and then the server is killed while it
  // restores, and the restore must be there afterwards.
  Asked<void> RestoreSecond();
  // Stops the server and removes the directory.
  Asked<void> Finish();

  const BackupTally& tally() const { return tally_; }
  const std::string& directory() const { return directory_.path(); }

 private:
  Asked<void> Start();
  // Sends CreateBackup; `backup.arn` stays empty when no answer came.
  Asked<void> RequestBackup(Connection& connection, ExpectedBackup& backup, bool may_end);
  Asked<void> AwaitAvailable(Connection& connection, const std::string& arn);
  Asked<std::string> FindBackup(Connection& connection, std::string_view name);
  Asked<Counts> RestoreAndCheck(Connection& connection, const ExpectedBackup& backup);
  Asked<void> CheckInstant(const ExpectedBackup& backup, const Counts& counts) const;
  Asked<void> Drop(Connection& connection, const std::string& table);
  std::chrono::microseconds RandomTimeIn(std::chrono::microseconds usual);

  const std::string binary_;
  SeededRandom random_;
  TemporaryDirectory directory_;
  std::optional<ServerProcess> server_;
  Money money_;
  BackupTally tally_;
  std::chrono::microseconds backup_time_{0};
  std::chrono::microseconds restore_time_{0};
  std::chrono::system_clock::time_point protection_time_{};
  int name_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_BACKUP_BACKUP_RUN_H_
