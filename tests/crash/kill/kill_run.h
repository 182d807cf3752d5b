// KillRun (C1): a real server under sixteen clients, killed at random moments, started again on
// what is left, and looked at whole.

#ifndef GRAMME_TESTS_CRASH_KILL_KILL_RUN_H_
#define GRAMME_TESTS_CRASH_KILL_KILL_RUN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/crash/kill/client.h"

namespace gramme {

struct KillReport {
  int kill_count = 0;
  ClientReport clients;
  std::uint64_t token_retry_count = 0;   // after a restart
  std::uint64_t item_check_count = 0;    // items and index entries looked at after a restart
  std::uint64_t change_count = 0;        // read in the stream
  int restore_count = 0;                 // to the latest moment, each compared
  std::vector<std::int64_t> restart_ms;  // one for each kill
  // Empty when all is well. The run ends at the first kill that shows one, and keeps its directory.
  std::vector<std::string> violations;
  std::string directory;

  std::string Summary() const;
};

struct KillOptions {
  std::string binary;
  std::uint64_t seed = 1;
  int kill_count = 40;
  Mix mix = Mix::kUsual;
  // A life of the server lasts from 50 ms to this.
  std::uint64_t life_ms_max = 1500;
  // Woken in the server; empty for none. The binary must be one of the preset `test`.
  std::string planted_bug;
};

// The same seed makes the same requests and the same moments, as far as threads allow.
KillReport RunKills(const KillOptions& options);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_KILL_KILL_RUN_H_
