// One run of C6: writers and readers on a store whose disk loses its power at a random moment,
// again and again on the same disk.

#ifndef GRAMME_TESTS_CRASH_POWER_LOSS_RUN_H_
#define GRAMME_TESTS_CRASH_POWER_LOSS_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

namespace gramme {

struct PowerLossRun {
  // What was lost or made up; empty where the store kept its promises.
  std::vector<std::string> violations;
  std::uint64_t commit_count = 0;
  std::uint64_t read_count = 0;
  std::uint64_t answered_number = 0;
  std::uint64_t import_count = 0;    // that had finished
  std::uint64_t torn_log_count = 0;  // recoveries that left out a torn end of the log
};

// The losses of power are placed by `seed`; threads make what happens between them differ.
PowerLossRun RunPowerLoss(std::uint64_t seed);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_POWER_LOSS_RUN_H_
