// RegisterHistory: what one writer wrote to one key, and whether a read by anybody could have seen
// what it saw. Times are ticks of the simulation.

#ifndef GRAMME_TESTS_SIMULATION_REGISTER_HISTORY_H_
#define GRAMME_TESTS_SIMULATION_REGISTER_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace gramme {

// Absent, or the number stored.
using RegisterValue = std::optional<std::uint64_t>;

enum class WriteFate { kApplied, kUnknown, kRefused };

// Single-threaded.
class RegisterHistory {
 public:
  // The key is absent at first.
  RegisterHistory();

  // Writes of one key follow each other: begin, end, begin, …
  void BeginWrite(RegisterValue value, std::uint64_t tick);
  void EndWrite(WriteFate fate, std::uint64_t tick);

  // Whether a read between the two ticks may have seen `value`: some write of it began before the
  // read ended and was not surely overwritten before the read began.
  bool MayRead(RegisterValue value, std::uint64_t begin, std::uint64_t end) const;
  // Whether it may have seen anything else.
  bool MayReadOther(RegisterValue value, std::uint64_t begin, std::uint64_t end) const;

 private:
  struct Write {
    RegisterValue value;
    std::uint64_t begin = 0;
    std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
    WriteFate fate = WriteFate::kUnknown;
  };

  bool MayBeSeen(std::size_t index, std::uint64_t begin, std::uint64_t end) const;

  std::vector<Write> writes_;
};

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_REGISTER_HISTORY_H_
