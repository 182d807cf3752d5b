// Generator: one thread and raw epoll that load one server with one or several streams at once, and
// measure what the server makes of it.

#ifndef GRAMME_BENCHMARKS_GENERATOR_H_
#define GRAMME_BENCHMARKS_GENERATOR_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "benchmarks/stream.h"

namespace gramme {

struct Measurement {
  std::uint64_t request_count = 0;  // answered while it was measured
  double seconds = 0;
  double rate = 0;  // requests per second
  double latency_us_p50 = 0;
  double latency_us_p99 = 0;
  // The server's processor time, all its threads, divided by the answers to all streams.
  double server_cpu_us_per_request = 0;
};

// Exits the program with a message at the first wrong answer.
class Generator {
 public:
  Generator(std::uint16_t port, pid_t server, std::vector<StreamPlan> plans);
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  // Sends each request once, checks the answers for what they must contain, and keeps their bodies.
  void Learn();
  // Runs for `warm_up` unmeasured, then for `time`, then until the last answer is there. One
  // measurement for each plan.
  std::vector<Measurement> Run(std::chrono::milliseconds warm_up, std::chrono::milliseconds time);

  // All right answers to the stream of plan number `plan` so far.
  std::uint64_t answered_count(std::size_t plan) const { return streams_[plan]->answered_count(); }

 private:
  // The server's processor time, the moment, and what was answered until then.
  struct Reading {
    std::chrono::nanoseconds cpu{};
    Stream::Moment when;
    std::vector<std::uint64_t> answered_counts;
  };

  Reading Read() const;
  bool AllDone() const;
  // Handles answers and sends what is due until `end`, or if there is none until all is done.
  void Work(std::optional<Stream::Moment> end);

  const pid_t server_;
  int poll_ = -1;
  bool has_open_loop_ = false;
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_GENERATOR_H_
