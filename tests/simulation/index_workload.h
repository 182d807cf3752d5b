// IndexWorkload: writers change items while global secondary indexes are added and removed, and the
// time to live is turned on and off. In every view, an index that writes maintain since the table
// exists equals a function of the table, and so does that of a time to live that is ENABLED; at the
// end, every index does.

#ifndef GRAMME_TESTS_SIMULATION_INDEX_WORKLOAD_H_
#define GRAMME_TESTS_SIMULATION_INDEX_WORKLOAD_H_

#include <string>
#include <string_view>

#include "tests/simulation/workload.h"

namespace gramme {

class IndexWorkload final : public Workload {
 public:
  // Without removals the second index is added once and stays: a write that misses it can be seen
  // at the end.
  IndexWorkload(SimulatedServer& server, bool removes_indexes)
      : Workload(server), change_count_(removes_indexes ? 4 : 1) {}
  void Start() override;
  void Check() override;

 private:
  static constexpr int kWriterCount = 3;
  static constexpr int kStepsPerWriter = 30;
  static constexpr std::uint64_t kKeyCount = 12;
  // An odd number, so that it is on at the end.
  static constexpr int kTimingCount = 3;

  void GoOnWriting(int steps_left);
  void GoOnChanging(int changes_left, bool index_exists);
  void GoOnTiming(int changes_left, bool is_enabled);
  void GoOnLooking(int looks_left);
  // Indexes, time to live and counters are what the items make of them, at this moment.
  void Scrub(std::string_view when);

  const int change_count_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_INDEX_WORKLOAD_H_
