// ScaleClient: one thread and raw epoll that keep a number of connections busy with requests made
// on the fly, one at a time on each. For loads whose requests do not fit in memory; the requests of
// generator.h are built beforehand and cost the load less.

#ifndef GRAMME_BENCHMARKS_SCALE_CLIENT_H_
#define GRAMME_BENCHMARKS_SCALE_CLIENT_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gramme {

// What an answer means for the request that it belongs to.
enum class Verdict { kRight, kRetry };

class ScaleClient {
 public:
  using SteadyClock = std::chrono::steady_clock;

  // Appends the whole request number `number`; false when there is none. It may be asked for the
  // same number again, after a kRetry.
  using Write = std::function<bool(std::uint64_t number, std::string& bytes)>;
  // Judges an answer. Ends the program where it is wrong: there is no figure for a wrong run.
  using Judge = std::function<Verdict(std::uint64_t number, int status, std::string_view body)>;
  // Called now and then with what is done: every request below `done` is answered.
  using Progress = std::function<void(std::uint64_t done, std::uint64_t retry_count)>;

  // Requests are numbered from `first`. At most kWindow times the connections are ahead of the
  // oldest unanswered one, so that whoever goes on later knows from where.
  static constexpr std::uint64_t kWindow = 4;

  ScaleClient(std::uint16_t port, int connection_count, std::uint64_t first, Write write,
              Judge judge);
  ~ScaleClient();
  ScaleClient(const ScaleClient&) = delete;
  ScaleClient& operator=(const ScaleClient&) = delete;

  // Until `end`, or until there is no further request and all are answered.
  void Run(SteadyClock::time_point end, const Progress& progress);

  // Nanoseconds from the last byte handed to the kernel to the whole answer; of the right ones.
  std::vector<std::uint32_t>& latencies_ns() { return latencies_ns_; }
  std::uint64_t retry_count() const { return retry_count_; }

 private:
  struct Connection {
    int descriptor = -1;
    std::uint64_t number = 0;
    bool is_busy = false;
    SteadyClock::time_point sent;
    SteadyClock::time_point resend_at{};  // where it waits to try again
    std::string request;
    std::size_t written = 0;
    std::string received;
  };

  void Open(std::uint16_t port);
  void StartNext(Connection& connection);
  void Push(Connection& connection);
  void Pull(Connection& connection);
  void Finish(Connection& connection, int status, std::string_view body);
  void NoteDone(std::uint64_t number);
  void ResendDue();

  const Write write_;
  const Judge judge_;
  int poll_ = -1;
  std::vector<Connection> connections_;
  std::uint64_t next_;
  std::uint64_t done_;          // all below are answered
  std::vector<bool> answered_;  // a ring: those from done_ on
  bool is_exhausted_ = false;
  bool is_ending_ = false;
  std::size_t busy_count_ = 0;
  std::uint64_t retry_count_ = 0;
  std::vector<std::uint32_t> latencies_ns_;
};

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_SCALE_CLIENT_H_
