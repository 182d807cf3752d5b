// Dispatcher: answers every request of one port. It finds out which operation is asked for, runs it
// (operation_run.h), and serves the few paths for browsers, probes and scrapers itself.
//
// It needs no socket: the simulation calls Handle with requests of its own.

#ifndef GRAMME_PROTOCOL_DISPATCHER_H_
#define GRAMME_PROTOCOL_DISPATCHER_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"
#include "protocol/operation_run.h"
#include "protocol/request_id.h"
#include "protocol/run_queue.h"

namespace gramme {

// What `GET /readyz` shows.
struct Readiness {
  bool is_ready = true;
  std::vector<std::pair<std::string, bool>> checks;  // name and whether it passed
};

struct DispatcherOptions {
  std::string version = "unknown";
  // Without authentication: requests are answered only under names of this machine, and only pages
  // from there may read the answers.
  bool local_only = true;
  // Further names that count as this machine's.
  std::vector<std::string> local_names;
  // Thread-safe; asked on a network loop, so it does not block. None: always ready.
  std::function<Readiness()> readiness;
  RunLimits limits;
};

// What a dispatcher works with. References; all outlive it.
struct DispatcherParts {
  Engine& engine;
  const Gate& gate;
  Executor& pool;
  Registry& registry;
  RequestLog& log;
  std::span<const ServedOperation> operations;
};

// Thread-safe. Outlives every request that it was handed: stop the network, the pool and the store
// before it goes.
class Dispatcher final : public Handler {
 public:
  Dispatcher(const DispatcherParts& parts, DispatcherOptions options);

  void Handle(const Request& request, Responder responder) override;
  // As for a request that waited in vain later on. Counts it.
  Response RefuseForMemory(const Request& request) override;

 private:
  struct Entry {
    std::string target;  // `DynamoDB_20120810.PutItem`
    const ServedOperation* operation;
    OperationMetrics metrics;
  };
  // The headers that decide what a request is; nullptr where absent.
  struct KnownHeaders {
    const std::string_view* content_type = nullptr;
    const std::string_view* target = nullptr;
    const std::string_view* origin = nullptr;
    const std::string_view* accept_encoding = nullptr;
  };

  Dispatcher(const DispatcherParts& parts, DispatcherOptions options, Family<Counter>& requests,
             Family<Histogram>& durations);

  void HandleOperation(const Request& request, const KnownHeaders& headers, Responder responder,
                       const RequestId& id);
  static KnownHeaders FindHeaders(const Request& request);
  const Entry* FindOperation(std::string_view target) const;
  std::optional<Response> RefuseForeigner(const Request& request, const std::string_view* origin,
                                          std::string_view request_id) const;
  Response Preflight(const Request& request, bool has_origin, std::string_view request_id) const;
  Response Page(const Request& request, std::string_view request_id) const;
  Response ReadinessPage(std::string_view request_id) const;
  // Counts it.
  Response RefuseOperation(std::string_view request_id, std::string_view content_type) const;

  DispatcherParts parts_;
  DispatcherOptions options_;
  std::atomic<std::size_t> pool_queue_count_ = 0;
  RunQueue queue_;
  RunServices services_;
  std::vector<Entry> entries_;  // by the length of their targets, then by these
  OperationMetrics unknown_metrics_;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_DISPATCHER_H_
