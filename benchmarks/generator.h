// Generator: one thread and raw epoll that keep a number of connections busy, one request at a time
// on each, and check every answer against the one that was found right before the clock started.

#ifndef GRAMME_BENCHMARKS_GENERATOR_H_
#define GRAMME_BENCHMARKS_GENERATOR_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/requests.h"

namespace gramme {

struct Measurement {
  std::uint64_t request_count = 0;
  double seconds = 0;
  double rate = 0;  // requests per second
  double latency_us_p50 = 0;
  double latency_us_p99 = 0;
  double server_cpu_us_per_request = 0;
};

// Exits the program with a message at the first wrong answer: there is no figure for a wrong run.
class Generator {
 public:
  // `is_fixed`: the server gives all requests one answer, whatever they ask.
  Generator(std::uint16_t port, pid_t server, std::vector<BenchmarkRequest> requests,
            int connection_count, bool is_fixed);
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  // Sends each request once, checks the answers for what they must contain, and keeps their bodies.
  void Learn();
  // Runs for `warm_up` unmeasured, then for `time`.
  Measurement Run(std::chrono::milliseconds warm_up, std::chrono::milliseconds time);

 private:
  using SteadyClock = std::chrono::steady_clock;

  struct Connection {
    int descriptor = -1;
    std::size_t request = 0;  // which one is on its way
    SteadyClock::time_point sent;
    std::string received;
  };

  void Open(std::uint16_t port);
  void Send(Connection& connection);
  // True when a whole answer has arrived; it is then checked and taken out.
  bool Receive(Connection& connection);
  void Check(std::size_t request, std::string_view body);
  // Answers on any connection are handled until `end`, or until all requests were sent once.
  void Work(SteadyClock::time_point end);

  const pid_t server_;
  const std::vector<BenchmarkRequest> requests_;
  const bool is_fixed_;
  int poll_ = -1;
  std::vector<Connection> connections_;
  std::size_t next_request_ = 0;
  bool is_learning_ = false;
  std::size_t learned_count_ = 0;
  std::vector<std::string> bodies_;
  std::vector<std::uint32_t> latencies_ns_;
};

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_GENERATOR_H_
