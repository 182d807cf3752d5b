// One run of G1: random writes on a table whose indexes and time to live come and go, on a disk
// that loses its power again and again. What views show is compared with f(table).

#ifndef GRAMME_TESTS_CRASH_INDEX_INDEX_RUN_H_
#define GRAMME_TESTS_CRASH_INDEX_INDEX_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

namespace gramme {

struct IndexRunOptions {
  std::uint64_t seed = 1;
  std::uint64_t write_count = 0;  // of items; ends at the first violation
  bool takes_snapshots = true;    // off: only what recovery leaves is compared
  bool loses_power = true;
};

struct IndexRun {
  std::vector<std::string> violations;
  std::uint64_t write_count = 0;
  std::uint64_t refused_count = 0;   // conditions, conflicts, wrong types of keys
  std::uint64_t snapshot_count = 0;  // compared while writes went on
  std::uint64_t filling_count = 0;  // of those, while an index or the time to live was being filled
  std::uint64_t entry_count = 0;    // found right, in all comparisons
  std::uint64_t recovery_count = 0;  // compared right after a loss of power
  std::uint64_t resumed_count = 0;   // of those, in the middle of a backfill or a drop
  std::uint64_t filled_count = 0;    // indexes that became ACTIVE
  std::uint64_t dropped_count = 0;   // drops of an index that were begun
};

// The losses of power are placed by the seed; threads make what happens between them differ.
IndexRun RunIndexes(const IndexRunOptions& options);

}  // namespace gramme

#endif  // GRAMME_TESTS_CRASH_INDEX_INDEX_RUN_H_
