// Backups under load are exact, and a kill leaves them whole or absent.
//
//   GRAMME_BACKUP_ROUNDS   backups under load; 3 when it is not set
//   GRAMME_BACKUP_KILLS    kills of a backup, and as many of a restore; 3 when it is not set
//   GRAMME_RECOVERIES      restores to a second (B2); 4 when it is not set
//   GRAMME_SEED            drawn and printed when it is not set
//   GRAMME_BINARY          the server; that of this build when it is not set

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/client/environment.h"
#include "tests/crash/backup/backup_run.h"

namespace gramme {
namespace {

// Fails the test, and says where the directory is, when `asked` holds an error.
#define GRAMME_ASSERT_ASKED(run, asked)                                               \
  do {                                                                                \
    const Asked<void> done = (asked);                                                 \
    ASSERT_TRUE(done.has_value()) << done.error() << "; kept: " << (run).directory(); \
  } while (false)

TEST(BackupKillTest, HoldsTheExactTotalWhileMoneyMoves) {
  BackupRun run(BinaryFromEnvironment(GRAMME_BINARY), SeedFromEnvironment());
  GRAMME_ASSERT_ASKED(run, run.Prepare());
  const std::uint64_t round_count = NumberFromEnvironment("GRAMME_BACKUP_ROUNDS", 3);
  for (std::uint64_t round = 1; round <= round_count; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    GRAMME_ASSERT_ASKED(run, run.BackUpUnderLoad());
  }
  GRAMME_ASSERT_ASKED(run, run.Finish());
  std::printf(
      "%llu backups under load: %d restored (one of them taken at rest), totals exact, "
      "instants inside their requests, indexes equal to their tables\n",
      static_cast<unsigned long long>(round_count), run.tally().restored);
}

TEST(BackupKillTest, IsWholeOrAbsentAfterAKill) {
  BackupRun run(BinaryFromEnvironment(GRAMME_BINARY), SeedFromEnvironment());
  GRAMME_ASSERT_ASKED(run, run.Prepare());
  const std::uint64_t kill_count = NumberFromEnvironment("GRAMME_BACKUP_KILLS", 3);
  for (std::uint64_t kill = 1; kill <= kill_count; ++kill) {
    SCOPED_TRACE("kill " + std::to_string(kill));
    GRAMME_ASSERT_ASKED(run, run.KillDuringBackup());
    GRAMME_ASSERT_ASKED(run, run.KillDuringRestore());
  }
  GRAMME_ASSERT_ASKED(run, run.Finish());
  const BackupTally& tally = run.tally();
  std::printf(
      "%d kills of a backup (%d unanswered, %d of them absent), %d kills of a restore (%d "
      "targets absent), %d restores whole\n",
      tally.killed_backups, tally.unanswered_backups, tally.absent_backups, tally.killed_restores,
      tally.absent_targets, tally.restored);
}

TEST(BackupKillTest, RestoresTheSecondWhileMoneyMovesAndTheServerIsKilled) {
  BackupRun run(BinaryFromEnvironment(GRAMME_BINARY), SeedFromEnvironment());
  GRAMME_ASSERT_ASKED(run, run.Prepare());
  GRAMME_ASSERT_ASKED(run, run.Protect());
  const std::uint64_t count = NumberFromEnvironment("GRAMME_RECOVERIES", 4);
  for (std::uint64_t i = 1; i <= count; ++i) {
    SCOPED_TRACE("restore " + std::to_string(i));
    GRAMME_ASSERT_ASKED(run, run.RestoreSecond());
  }
  GRAMME_ASSERT_ASKED(run, run.Finish());
  const BackupTally& tally = run.tally();
  std::printf("%d restores to a second, totals exact, %d kills under load and %d while restoring\n",
              tally.restored_seconds, tally.kills_under_load, tally.kills_while_restoring);
}

}  // namespace
}  // namespace gramme
