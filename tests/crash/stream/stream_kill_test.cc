// G2: whoever follows a stream has the table in the end, though server and reader are killed: no
// gap, no repetition, images right, changes of an item in their order, transactions whole, nothing
// for what changed nothing.
//
//   GRAMME_STREAM_KILLS   kills of the server; 6 when it is not set
//   GRAMME_SEED           drawn and printed when it is not set
//   GRAMME_BINARY         the server; that of this build when it is not set

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/client/environment.h"
#include "tests/crash/stream/stream_run.h"

namespace gramme {
namespace {

Asked<void> KillAndCompare(StreamRun& run, std::uint64_t kill_count) {
  Asked<void> done = run.Prepare();
  for (std::uint64_t kill = 0; kill < kill_count && done; ++kill) {
    done = run.WriteAndKill();
    if (done) done = run.Compare();
  }
  return done;
}

TEST(StreamKillTest, ReplayIsTheTable) {
  StreamRun run(BinaryFromEnvironment(GRAMME_BINARY), SeedFromEnvironment());
  const std::uint64_t kill_count = NumberFromEnvironment("GRAMME_STREAM_KILLS", 6);
  const Asked<void> done = KillAndCompare(run, kill_count);
  ASSERT_TRUE(done) << done.error() << "; after kill " << run.kill_count()
                    << "; kept: " << run.directory();
  const Asked<void> finished = run.Finish();
  ASSERT_TRUE(finished) << finished.error();
  const Checkpoint& seen = run.checkpoint();
  EXPECT_GT(seen.change_count, 0U);
  std::printf(
      "%d kills, %llu changes followed, %zu transactions whole, %llu kills of the reader, "
      "%zu shards read: the stream was the table each time\n",
      run.kill_count(), static_cast<unsigned long long>(seen.change_count),
      seen.transactions.size(), static_cast<unsigned long long>(seen.reader_kill_count),
      seen.shards.size());
}

#ifdef GRAMME_PLANTED_BUGS

TEST(StreamKillTest, CatchesRecordsOutsideTheBatch) {
  constexpr std::uint64_t kKillCountMax = 200;
  StreamRun run(BinaryFromEnvironment(GRAMME_BINARY), SeedFromEnvironment(), "log_outside_batch");
  const Asked<void> done = KillAndCompare(run, kKillCountMax);
  ASSERT_FALSE(done) << "not caught by " << run.kill_count() << " kills";
  std::printf("caught by kill %d: %s\n", run.kill_count(), done.error().c_str());
  std::filesystem::remove_all(run.directory());
}

#endif

}  // namespace
}  // namespace gramme
