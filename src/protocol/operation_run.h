// OperationRun: the way of one request from its body to its answer, in DynamoDB's order: types,
// credentials, constraints, the operation's rules, the gate, the operation. Then the answer,
// a refusal too, waits until everything that it depends on is durable.

#ifndef GRAMME_PROTOCOL_OPERATION_RUN_H_
#define GRAMME_PROTOCOL_OPERATION_RUN_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/operation_context.h"
#include "auth/gate.h"
#include "base/byte_budget.h"
#include "base/executor.h"
#include "http/message.h"
#include "protocol/operation_call.h"
#include "protocol/request_id.h"
#include "protocol/request_log.h"
#include "protocol/request_metrics.h"
#include "protocol/run_queue.h"
#include "storage/store.h"

namespace gramme {

struct RunLimits {
  // Decoding a larger body takes too long for a network loop.
  std::size_t loop_body_bytes_max = 64 * 1024;
  // Requests waiting for a thread of the pool. Past it they are refused as throttled.
  std::size_t pool_queue_count_max = 10'000;
  // For the bodies of large requests, decoded, and for answers of many items until they are sent.
  std::size_t memory_bytes_max = std::size_t{64} << 20;
  // A request that has found no memory by then is refused: long enough for a burst to pass, below
  // the 30 s after which the most impatient SDKs give up on an answer.
  Duration memory_patience = std::chrono::seconds(20);
  // A request that has not run by then is given up.
  Duration deadline = std::chrono::seconds(30);
  // Runs of one request: under new views of the catalog, or because its group moves.
  int attempt_count_max = 12;
  // From the fourth run on it waits before the next, each time twice as long.
  Duration first_delay = std::chrono::milliseconds(1);
  // Longer ones are logged.
  Duration slow_request = std::chrono::seconds(1);
};

// What runs share. References; all outlive every run. Thread-safe.
struct RunServices {
  Engine& engine;
  const Gate& gate;
  Executor& pool;
  RequestLog& log;
  RunLimits limits;
  std::atomic<std::size_t>& pool_queue_count;
  RunQueue& queue;
  bool local_only = true;  // see DispatcherOptions
};

// What a run is told of its request. All of it is valid until the request is answered, except `id`,
// which is copied.
struct RunRequest {
  const Request& request;
  const RequestId& id;
  std::string_view content_type;   // of the answer; a literal
  const std::string_view* origin;  // the header, nullptr if there is none
  bool accepts_gzip = false;
};

// Shared by whoever still has to act on it; used by one thread at a time until the answer waits.
class OperationRun : public std::enable_shared_from_this<OperationRun> {
 public:
  OperationRun(const RunServices& services, const ServedOperation& operation,
               const OperationMetrics& metrics, const RunRequest& request, Responder responder);

  // On a network loop; never blocks.
  void Begin();

 private:
  using Step = void (OperationRun::*)();

  // Runs a step; whatever is thrown becomes InternalServerError.
  void Guarded(Step step);
  void PostToPool(Step step, Duration delay);
  // From the start, on the pool, as soon as there is memory for the request and its answer. What
  // waits holds nothing but its body.
  void StartWithMemory();

  void PrepareOnLoop();
  void PrepareOnPool();
  Result<void> Prepare();
  void ExecuteOnLoop();
  void ExecuteOnPool();
  void Execute(ReadTier tier, std::shared_ptr<const CatalogView> view);
  void ExecuteAgain(ErrorCode reason, ReadTier tier);
  bool IsPastDeadline() const;

  void Pack(std::string& body);
  void ReleaseAnswer(std::span<const Position> positions, Result<std::string> answer);
  void OnReleased(const StoreResult<void>& released);
  void Refuse(ApiError error) { Answer(std::unexpected(std::move(error))); }
  void Answer(Result<std::string> answer);
  RequestSummary Summary() const;

  const RunServices& services_;
  const ServedOperation& operation_;
  const OperationMetrics& metrics_;
  const Request& request_;
  Responder responder_;
  const RequestId request_id_;
  const std::string_view content_type_;
  const std::string_view* const origin_;
  const bool accepts_gzip_;
  const MonotonicTime begin_;

  std::unique_ptr<OperationCall> call_;
  Principal principal_;
  std::optional<Permit> permit_;
  int attempt_count_ = 0;
  bool needs_fresh_view_ = false;
  bool is_answered_ = false;
  bool is_packed_ = false;

  std::size_t answer_bytes_max_;  // what there is room for; 0: one item
  ByteCharge charge_;             // for the decoded body and the answer; then for the answer

  std::optional<Result<std::string>> answer_;  // while it waits
  std::atomic<std::size_t> unreleased_count_ = 0;
  std::atomic<bool> release_failed_ = false;
};

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_OPERATION_RUN_H_
