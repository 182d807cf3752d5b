// C1: a kill at a random moment loses nothing that was acknowledged, tears no transaction, and
// takes back nothing that was read.
//
//   GRAMME_CRASH_KILLS   how many kills; 40 when it is not set
//   GRAMME_SEED          the first seed; drawn and printed when it is not set
//   GRAMME_BINARY        the server; that of this build when it is not set

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "tests/client/environment.h"
#include "tests/crash/kill/kill_run.h"

namespace gramme {
namespace {

KillOptions Options() {
  return {.binary = BinaryFromEnvironment(GRAMME_BINARY),
          .seed = SeedFromEnvironment(),
          .kill_count = static_cast<int>(NumberFromEnvironment("GRAMME_CRASH_KILLS", 40)),
          .planted_bug = {}};
}

TEST(KillTest, LosesTearsAndTakesBackNothing) {
  const KillOptions options = Options();
  const KillReport report = RunKills(options);
  std::printf("%s\n", report.Summary().c_str());
  for (const std::string& violation : report.violations) {
    ADD_FAILURE() << "GRAMME_SEED=" << options.seed << ", kill " << report.kill_count << ": "
                  << violation;
  }
  if (!report.violations.empty()) {
    std::printf("the data directory is kept in %s\n", report.directory.c_str());
  }
  EXPECT_GT(report.clients.write_count, 0U);
  EXPECT_GT(report.clients.transaction_count, 0U);
}

#ifdef GRAMME_PLANTED_BUGS

// Whether C1 notices the bug within so many kills.
bool Catches(std::string_view bug, KillOptions options) {
  options.planted_bug = bug;
  const KillReport report = RunKills(options);
  std::printf("%s: %s\n", options.planted_bug.c_str(), report.Summary().c_str());
  if (report.violations.empty()) return false;
  std::printf("%s: caught by kill %d: %s\n", options.planted_bug.c_str(), report.kill_count,
              report.violations.front().c_str());
  std::filesystem::remove_all(report.directory);
  return true;
}

TEST(KillTest, CatchesIndexEntriesOutsideTheBatch) {
  EXPECT_TRUE(Catches("index_outside_batch", Options()));
}

// Shows only when a kill falls between two rounds of the committer, the first of which has a
// transaction and the second its token: about once in 20 kills when nearly all requests have
// tokens.
TEST(KillTest, CatchesTokensOutsideTheBatch) {
  KillOptions options = Options();
  options.mix = Mix::kTokens;
  options.life_ms_max = 300;
  options.kill_count = 400;
  EXPECT_TRUE(Catches("token_outside_batch", options));
}

#endif

}  // namespace
}  // namespace gramme
