// G1: at every moment, in the middle of writes, backfills and drops and right after a loss of
// power, each index, the time to live and all counters are what the items make of them.
//
//   GRAMME_SEED           the seed; drawn and printed when it is not set
//   GRAMME_INDEX_WRITES   how many items are written: the long form

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/planted_bug.h"
#include "model/testing/random_values.h"
#include "tests/crash/index/index_run.h"

namespace gramme {
namespace {

constexpr std::uint64_t kWriteCount = 10'000;

std::uint64_t WriteCount() {
  const char* const count = std::getenv("GRAMME_INDEX_WRITES");
  return count == nullptr ? kWriteCount : std::strtoull(count, nullptr, 10);
}

TEST(IndexCrashTest, IndexesAreWhatTheItemsMakeOfThem) {
  const IndexRun run = RunIndexes({.seed = TestSeed(), .write_count = WriteCount()});
  for (const std::string& violation : run.violations) ADD_FAILURE() << violation;
  EXPECT_GE(run.write_count, WriteCount());
  EXPECT_GT(run.snapshot_count, 0U);
  EXPECT_GT(run.recovery_count, 1U);
  EXPECT_GT(run.filled_count, 0U);
  fmt::print(
      "{} writes ({} refused), {} snapshots, {} of them during a backfill, {} recoveries, {} of "
      "them in the middle of a job, {} indexes filled, {} drops begun, {} entries right\n",
      run.write_count, run.refused_count, run.snapshot_count, run.filling_count, run.recovery_count,
      run.resumed_count, run.filled_count, run.dropped_count, run.entry_count);
}

#ifdef GRAMME_PLANTED_BUGS

// What is found first while the bug is awake; nothing where it is not noticed.
std::string FirstFinding(std::string_view bug, IndexRunOptions options) {
  options.seed = TestSeed();
  options.write_count = 20 * kWriteCount;
  PlantBug(bug);
  const IndexRun run = RunIndexes(options);
  PlantBug("");
  const std::string finding = run.violations.empty() ? "" : run.violations.front();
  fmt::print("{}: after {} writes: {}\n", bug, run.write_count, finding);
  return finding;
}

TEST(IndexCrashTest, CatchesAnIndexEntryLeftBehind) {
  const std::string finding = FirstFinding("index_entry_left", {.loses_power = false});
  EXPECT_TRUE(finding.starts_with("snapshot")) << finding;
}

TEST(IndexCrashTest, CatchesIndexEntriesOutsideTheBatch) {
  const std::string finding = FirstFinding("index_outside_batch", {.loses_power = false});
  EXPECT_TRUE(finding.starts_with("snapshot")) << finding;
}

TEST(IndexCrashTest, CatchesIndexEntriesThatALossOfPowerTookFromTheirItem) {
  const std::string finding = FirstFinding("index_outside_batch", {.takes_snapshots = false});
  EXPECT_TRUE(finding.starts_with("after recovery")) << finding;
}

#endif

}  // namespace
}  // namespace gramme
