// TableWorkload: a table is deleted and created again while clients write to it. Nothing that was
// written to one table of the name is found in the next, and nothing acknowledged by the last one
// is lost.

#ifndef GRAMME_TESTS_SIMULATION_TABLE_WORKLOAD_H_
#define GRAMME_TESTS_SIMULATION_TABLE_WORKLOAD_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/register_history.h"
#include "tests/simulation/workload.h"

namespace gramme {

class TableWorkload final : public Workload {
 public:
  explicit TableWorkload(SimulatedServer& server) : Workload(server) {}
  void Start() override;
  void BeginCheck() override;

 private:
  static constexpr int kTableCount = 3;
  static constexpr int kWriterCount = 2;
  static constexpr int kWritesPerWriter = 25;

  void Create(int tables_left);
  void Delete(int tables_left);
  void GoOnWriting(int writes_left);
  void CheckItems(const std::set<std::uint64_t>& found);

  struct Write {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;  // 0 while it is open
    WriteFate fate = WriteFate::kUnknown;
  };
  std::vector<Write> writes_;  // each of an item of its own, named by its place here
  // Of the last table's creation.
  std::uint64_t create_begin_ = 0;
  std::uint64_t create_end_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_TABLE_WORKLOAD_H_
