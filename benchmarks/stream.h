// Stream: the requests of one kind on connections of their own, one request at a time on each, with
// every answer checked against the one that was found right before the clock started.
//
// A closed loop sends the next request when an answer has come. An open loop has a rate: a request
// is due at its moment whatever the server does, waits if no connection is free, and its latency
// counts from the moment it was due, so a slow server cannot hide what it made others wait.
//
// One thread. The generator owns the clock and the poll; a stream knows neither's end.

#ifndef GRAMME_BENCHMARKS_STREAM_H_
#define GRAMME_BENCHMARKS_STREAM_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/requests.h"

namespace gramme {

// Ends the program with a message: there is no figure for a wrong run.
[[noreturn]] void FailLoad(std::string_view why);

struct StreamPlan {
  std::string kind;
  std::vector<BenchmarkRequest> requests;
  int connection_count = 1;
  double rate = 0;        // requests per second; 0 is a closed loop
  bool is_fixed = false;  // the server gives all requests one answer, whatever they ask
};

class Stream {
 public:
  using SteadyClock = std::chrono::steady_clock;
  using Moment = SteadyClock::time_point;

  struct Connection {
    Stream* stream = nullptr;
    int descriptor = -1;
    std::size_t request = 0;  // which one is on its way
    Moment due;
    std::string received;
  };

  // Connects, and registers each Connection's address with `poll`.
  Stream(StreamPlan plan, std::uint16_t port, int poll);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Sends each request once; OnReadable() keeps the answers' bodies, checked for what they must
  // contain. Over when IsDone().
  void Learn();
  // Sends from `now` until `end`. Latencies are kept of a closed loop's answers that come, and of
  // an open loop's requests that are due, from `measured_from` until `end`.
  void Start(Moment now, Moment measured_from, Moment end);
  // Sends what an open loop owes by `now`.
  void SendDue(Moment now);
  // Takes what has arrived on one of the connections.
  void OnReadable(Connection& connection);
  // Nothing is on its way and nothing more will be sent.
  bool IsDone() const;

  const StreamPlan& plan() const { return plan_; }
  // Answers since the stream was made, those learned from included; all were right.
  std::uint64_t answered_count() const { return answered_count_; }
  std::vector<std::uint32_t>& latencies_ns() { return latencies_ns_; }

 private:
  void Open(std::uint16_t port, int poll);
  void Send(Connection& connection, Moment due);
  // True when a whole answer has arrived; it is then checked and taken out.
  bool Receive(Connection& connection);
  void Check(std::size_t request, std::string_view body);
  // When the next request of an open loop is due.
  Moment NextDue() const;

  const StreamPlan plan_;
  std::vector<Connection> connections_;
  std::vector<Connection*> idle_;  // of an open loop
  std::size_t next_request_ = 0;
  std::size_t on_their_way_count_ = 0;
  std::uint64_t answered_count_ = 0;
  bool is_learning_ = false;
  std::vector<std::string> bodies_;
  Moment started_;
  std::uint64_t started_count_ = 0;  // requests sent since Start()
  Moment measured_from_;
  Moment end_;
  std::vector<std::uint32_t> latencies_ns_;
};

}  // namespace gramme

#endif  // GRAMME_BENCHMARKS_STREAM_H_
