// C6: a loss of power at a random moment costs nothing that was answered or read, and leaves
// exactly a prefix of the commit order. GRAMME_POWER_LOSS_SEEDS runs more seeds than the usual 50.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/planted_bug.h"
#include "tests/crash/power_loss_run.h"

namespace gramme {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(PowerLossTest, KeepsWhatWasAnsweredOrReadAndAPrefixOfTheCommits) {
  const std::uint64_t first = FromEnvironment("GRAMME_SEED", 1);
  const std::uint64_t count = FromEnvironment("GRAMME_POWER_LOSS_SEEDS", 50);
  std::uint64_t commit_count = 0;
  std::uint64_t read_count = 0;
  std::uint64_t import_count = 0;
  std::uint64_t torn_log_count = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const PowerLossRun run = RunPowerLoss(seed);
    for (const std::string& violation : run.violations) {
      ADD_FAILURE() << "GRAMME_SEED=" << seed << ": " << violation;
    }
    commit_count += run.commit_count;
    read_count += run.read_count;
    import_count += run.import_count;
    torn_log_count += run.torn_log_count;
  }
  std::printf(
      "seeds %llu to %llu: %llu commits, %llu reads, %llu imports, %llu torn logs\n",
      static_cast<unsigned long long>(first), static_cast<unsigned long long>(first + count - 1),
      static_cast<unsigned long long>(commit_count), static_cast<unsigned long long>(read_count),
      static_cast<unsigned long long>(import_count),
      static_cast<unsigned long long>(torn_log_count));
  EXPECT_GT(commit_count, count);
  EXPECT_GT(read_count, count);
  EXPECT_GT(import_count, count);
}

#ifdef GRAMME_PLANTED_BUGS

// Whether one of the usual 50 seeds notices the bug.
bool Catches(std::string_view bug) {
  PlantBug(bug);
  bool caught = false;
  for (std::uint64_t seed = 1; seed <= 50 && !caught; ++seed) {
    caught = !RunPowerLoss(seed).violations.empty();
    if (caught) {
      std::printf("%s: caught by seed %llu\n", std::string(bug).c_str(),
                  static_cast<unsigned long long>(seed));
    }
  }
  PlantBug("");
  return caught;
}

TEST(PowerLossTest, CatchesAWriteThatIsNotSynced) { EXPECT_TRUE(Catches("sync_off")); }

TEST(PowerLossTest, CatchesAnAnswerBeforeTheSync) { EXPECT_TRUE(Catches("answer_before_sync")); }

#endif

}  // namespace
}  // namespace gramme
