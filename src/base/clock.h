// Clock: the only source of time. Monotonic time for deadlines and durations, wall time for what
// users see (creation dates, token expiry). Commit order never comes from a clock.
//
// Thread-safe. The simulation and tests use SimulatedClock.

#ifndef GRAMME_BASE_CLOCK_H_
#define GRAMME_BASE_CLOCK_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace gramme {

using Duration = std::chrono::microseconds;

struct MonotonicEpoch {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<MonotonicEpoch, Duration>;
  static constexpr bool is_steady = true;
};
using MonotonicTime = MonotonicEpoch::time_point;
// Microseconds since 1970-01-01T00:00:00Z.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual MonotonicTime MonotonicNow() const = 0;
  virtual WallTime WallNow() const = 0;
};

// The machine's clock. One for the process.
Clock& SystemClock();

// A clock that stands still until it is moved. Thread-safe.
class SimulatedClock : public Clock {
 public:
  explicit SimulatedClock(WallTime start = WallTime(std::chrono::seconds(1'700'000'000)))
      : wall_micros_(start.time_since_epoch().count()) {}

  MonotonicTime MonotonicNow() const override { return MonotonicTime(Duration(monotonic_micros_)); }
  WallTime WallNow() const override { return WallTime(Duration(wall_micros_)); }

  // Both clocks go on.
  void Advance(Duration by) {
    monotonic_micros_ += by.count();
    wall_micros_ += by.count();
  }
  // The wall clock alone jumps, backwards too, as an operator or NTP makes it.
  void StepWall(Duration by) { wall_micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> monotonic_micros_ = 0;
  std::atomic<std::int64_t> wall_micros_;
};

// `2026-11-20T11:02:31.123Z`: UTC with milliseconds.
std::string FormatIso8601(WallTime time);

}  // namespace gramme

#endif  // GRAMME_BASE_CLOCK_H_
