// ServerContext: what all loops and connections of one server share. Everything in it is
// thread-safe or never changes.

#ifndef GRAMME_HTTP_SERVER_CONTEXT_H_
#define GRAMME_HTTP_SERVER_CONTEXT_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "base/byte_budget.h"
#include "base/clock.h"
#include "http/limits.h"
#include "http/message.h"
#include "http/rejection.h"
#include "metrics/registry.h"

namespace gramme {

// The metrics of this module; registered once per registry.
struct HttpMetrics {
  explicit HttpMetrics(Registry& registry)
      : connections(registry.AddGauge("gramme_http_connections", "Open connections.")),
        connections_accepted(
            registry.AddCounter("gramme_http_connections_accepted_total", "Connections accepted.")),
        accept_pauses(registry.AddCounter(
            "gramme_http_accept_pauses_total",
            "Times that accepting stopped for a while for lack of descriptors or memory.")),
        received_bytes(registry.AddCounter("gramme_http_received_bytes_total",
                                           "Bytes received, headers included.")),
        sent_bytes(
            registry.AddCounter("gramme_http_sent_bytes_total", "Bytes sent, headers included.")),
        rejections(registry.AddCounterFamily("gramme_http_rejections_total",
                                             "Requests refused before any handler saw them.",
                                             {"reason"})) {}

  Gauge& connections;
  Counter& connections_accepted;
  Counter& accept_pauses;
  Counter& received_bytes;
  Counter& sent_bytes;
  Family<Counter>& rejections;
};

// How many connections are open.
class ConnectionCount {
 public:
  explicit ConnectionCount(Gauge& gauge) : gauge_(gauge) {}

  // False when there are `count_max` already.
  bool Add(std::size_t count_max) {
    const std::lock_guard lock(mutex_);
    if (count_ >= count_max) return false;
    gauge_.Set(static_cast<std::int64_t>(++count_));
    return true;
  }
  void Remove() {
    const std::lock_guard lock(mutex_);
    gauge_.Set(static_cast<std::int64_t>(--count_));
    if (count_ == 0) none_.notify_all();
  }
  // True when none was open within the time.
  bool WaitForNone(Duration timeout) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, timeout, [&] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
  Gauge& gauge_;
};

struct ServerContext {
  ServerContext(const Limits& the_limits, Handler& the_handler, Clock& the_clock,
                Registry& registry)
      : limits(the_limits),
        handler(the_handler),
        clock(the_clock),
        metrics(registry),
        budget(std::make_shared<ByteBudget>(the_limits.buffered_bytes_max -
                                            the_limits.small_share_bytes())),
        small_budget(std::make_shared<ByteBudget>(the_limits.small_share_bytes())),
        connections(metrics.connections) {
    registry.AddGauge("gramme_http_buffered_bytes",
                      "Bytes of bodies and unsent responses held against the common limit.",
                      [large = budget, small = small_budget] {
                        return static_cast<double>(large->used_bytes() + small->used_bytes());
                      });
    registry.AddGauge("gramme_http_waiting_bodies", "Bodies that wait for memory.",
                      [large = budget, small = small_budget] {
                        return static_cast<double>(large->waiting_count() + small->waiting_count());
                      });
  }

  const Limits limits;
  Handler& handler;
  Clock& clock;
  HttpMetrics metrics;
  // Shared with the gauges that show them. Small bodies take of both, others of the first alone.
  const std::shared_ptr<ByteBudget> budget;
  const std::shared_ptr<ByteBudget> small_budget;
  ConnectionCount connections;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_SERVER_CONTEXT_H_
