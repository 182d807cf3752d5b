#include "protocol/operation_run.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/result.h"
#include "http/gzip.h"
#include "http/limits.h"
#include "protocol/answer.h"
#include "protocol/error_body.h"
#include "table/store_error.h"

namespace gramme {
namespace {

constexpr int kAttemptsWithoutDelay = 3;

// Answers up to this wait for nothing: small requests go on while large ones wait.
constexpr std::size_t kSmallAnswerBytesMax = 64 * 1024;
// Memory for still larger answers is charged only once an answer has turned out to be larger.
constexpr std::size_t kLargeAnswerBytesMax = 1 << 20;
// The items as they are stored, which grow by doubling, and as JSON.
constexpr std::size_t kAnswerFactor = 3;
// What any request takes beside these.
constexpr std::size_t kMemoryBytesMin = 16 * 1024;
// Shorter answers are sent as they are, as DynamoDB does, whose own bound nobody has told.
constexpr std::size_t kGzipBodyBytesMin = 4096;

ApiError MakeError(ErrorCode code, std::string message) {
  return Error(code, std::move(message)).error();
}

ApiError Throttled() { return MakeError(ErrorCode::kThrottlingException, "Rate exceeded"); }

ApiError InternalError() {
  return MakeError(ErrorCode::kInternalServerError, "Internal server error");
}

std::size_t AnswerWeight(std::size_t answer_bytes_max) {
  return kMemoryBytesMin + kAnswerFactor * answer_bytes_max;
}

bool IsRetry(ErrorCode code) {
  return code == ErrorCode::kRetryOnPool || code == ErrorCode::kRetryStale ||
         code == ErrorCode::kRetryWithRoom;
}

}  // namespace

OperationRun::OperationRun(const RunServices& services, const ServedOperation& operation,
                           const OperationMetrics& metrics, const RunRequest& request,
                           Responder responder)
    : services_(services),
      operation_(operation),
      metrics_(metrics),
      request_(request.request),
      responder_(std::move(responder)),
      request_id_(request.id),
      content_type_(request.content_type),
      origin_(request.origin),
      accepts_gzip_(request.accepts_gzip),
      begin_(services.engine.clock.MonotonicNow()),
      answer_bytes_max_(std::min(operation.answer_bytes_max, kSmallAnswerBytesMax)) {}

void OperationRun::Begin() {
  if (request_.body.size() > services_.limits.loop_body_bytes_max) {
    // It is looked at byte by byte in order to weigh it: too long for a network loop.
    PostToPool(&OperationRun::StartWithMemory, Duration(0));
  } else if (operation_.start == Start::kPool) {
    if (request_.body.size() > kUnchargedBytes) {
      StartWithMemory();
    } else {
      PostToPool(&OperationRun::PrepareOnPool, Duration(0));
    }
  } else {
    Guarded(&OperationRun::PrepareOnLoop);
  }
}

void OperationRun::Guarded(Step step) {
  try {
    (this->*step)();
    return;
  } catch (const std::exception& escape) {
    services_.log.OnEscape(Summary(), escape.what());
  } catch (...) {
    services_.log.OnEscape(Summary(), "not an exception");
  }
  if (!is_answered_) Refuse(InternalError());
}

void OperationRun::PostToPool(Step step, Duration delay) {
  if (services_.pool_queue_count.fetch_add(1) >= services_.limits.pool_queue_count_max) {
    services_.pool_queue_count.fetch_sub(1);
    Refuse(Throttled());
    return;
  }
  auto task = [run = shared_from_this(), step] {
    run->services_.pool_queue_count.fetch_sub(1);
    if (run->IsPastDeadline()) {
      run->Refuse(Unavailable());
    } else {
      run->Guarded(step);
    }
  };
  if (delay > Duration(0)) {
    services_.pool.PostAfter(delay, std::move(task));
  } else {
    services_.pool.Post(std::move(task));
  }
}

void OperationRun::StartWithMemory() {
  charge_.Release();
  call_.reset();
  auto task = [run = shared_from_this()](ByteCharge charge) {
    if (!charge || run->IsPastDeadline()) {
      run->Refuse(Unavailable());
    } else {
      run->charge_ = std::move(charge);
      run->Guarded(&OperationRun::PrepareOnPool);
    }
  };
  services_.queue.Add(DecodedBytesMax(request_.body) + AnswerWeight(answer_bytes_max_),
                      begin_ + services_.limits.memory_patience, std::move(task));
}

bool OperationRun::IsPastDeadline() const {
  return services_.engine.clock.MonotonicNow() - begin_ > services_.limits.deadline;
}

Result<void> OperationRun::Prepare() {
  call_ = operation_.make_call();
  GRAMME_RETURN_IF_ERROR(call_->Decode(request_.body));
  const auto for_each_header = [&](UnverifiedRequest::HeaderVisitor visit) {
    for (const Header& header : request_.headers) visit(header.name, header.value);
  };
  GRAMME_TRY(principal_, services_.gate.Authenticate({.method = request_.method,
                                                      .path = request_.path,
                                                      .query = request_.query,
                                                      .body = request_.body,
                                                      .for_each_header = for_each_header}));
  GRAMME_RETURN_IF_ERROR(call_->Validate());
  const auto resources = [&] { return call_->Resources(); };
  GRAMME_TRY(permit_, services_.gate.Pass(principal_, RequestedAccess(resources)));
  return {};
}

void OperationRun::PrepareOnLoop() {
  if (Result<void> prepared = Prepare(); !prepared) {
    Refuse(std::move(prepared).error());
  } else {
    ExecuteOnLoop();
  }
}

void OperationRun::PrepareOnPool() {
  if (Result<void> prepared = Prepare(); !prepared) {
    Refuse(std::move(prepared).error());
  } else {
    ExecuteOnPool();
  }
}

void OperationRun::ExecuteOnLoop() { Execute(ReadTier::kMemory, services_.engine.catalog.view()); }

void OperationRun::ExecuteOnPool() {
  // Where nobody waits for memory, the answer need not be begun twice for being larger.
  if (answer_bytes_max_ == kSmallAnswerBytesMax && !charge_) {
    const std::size_t larger = std::min(operation_.answer_bytes_max, kLargeAnswerBytesMax);
    charge_ = services_.queue.TryCharge(AnswerWeight(larger));
    if (charge_) answer_bytes_max_ = larger;
  }
  const Catalog& catalog = services_.engine.catalog;
  Execute(ReadTier::kDisk, needs_fresh_view_ ? catalog.FreshView() : catalog.view());
}

void OperationRun::Execute(ReadTier tier, std::shared_ptr<const CatalogView> view) {
  ++attempt_count_;
  OperationContext context(services_.engine, principal_, request_id_.text(), request_.host, tier,
                           std::move(view));
  if (answer_bytes_max_ > 0) context.answer_bytes_max = answer_bytes_max_;
  Result<std::string> answer = call_->Run(*permit_, context);
  if (!answer && IsRetry(answer.error().code)) {
    ExecuteAgain(answer.error().code, tier);
    return;
  }
  ReleaseAnswer(context.positions(), std::move(answer));
}

// A new view may wait for an edit of the catalog, and the disk may be read: both on the pool.
void OperationRun::ExecuteAgain(ErrorCode reason, ReadTier tier) {
  if (attempt_count_ >= services_.limits.attempt_count_max) {
    services_.log.OnServerError(Summary(), ErrorCodeName(reason), "too many attempts");
    Refuse(Unavailable());
    return;
  }
  if (reason == ErrorCode::kRetryStale) needs_fresh_view_ = true;
  if (reason == ErrorCode::kRetryWithRoom) {
    const bool is_small = answer_bytes_max_ < kLargeAnswerBytesMax;
    answer_bytes_max_ = is_small ? std::min(operation_.answer_bytes_max, kLargeAnswerBytesMax)
                                 : operation_.answer_bytes_max;
  }
  const bool is_uncharged = request_.body.size() > kUnchargedBytes && !charge_;
  if (reason == ErrorCode::kRetryWithRoom || is_uncharged) {
    StartWithMemory();
    return;
  }
  const bool is_first_on_pool = reason == ErrorCode::kRetryOnPool && tier == ReadTier::kMemory;
  const int delayed_count = attempt_count_ - kAttemptsWithoutDelay;
  const Duration delay = is_first_on_pool || delayed_count < 0
                             ? Duration(0)
                             : services_.limits.first_delay * (std::int64_t{1} << delayed_count);
  PostToPool(&OperationRun::ExecuteOnPool, delay);
}

// Here rather than when it is sent, which the committer may do.
void OperationRun::Pack(std::string& body) {
  if (!accepts_gzip_ || body.size() < kGzipBodyBytesMin) return;
  std::string packed = GzipBody(body);
  if (packed.empty()) return;
  packed.shrink_to_fit();
  body = std::move(packed);
  is_packed_ = true;
}

void OperationRun::ReleaseAnswer(std::span<const Position> positions, Result<std::string> answer) {
  if (answer) Pack(*answer);
  answer_ = std::move(answer);
  // Freed by the thread that made it, while the processor's caches have it: hundreds of answers may
  // wait for one round.
  call_.reset();
  if (charge_) {
    const std::size_t bytes = *answer_ ? (*answer_)->capacity() : 0;
    if (bytes > kUnchargedBytes) {
      charge_.Resize(bytes);
    } else {
      charge_.Release();
    }
  }
  // One more than there are, so that none of the callbacks inside Release can be the last.
  unreleased_count_ = positions.size() + 1;
  is_answered_ = true;
  for (const Position& position : positions) {
    services_.engine.store.Release(
        position,
        [run = shared_from_this()](StoreResult<void> released) { run->OnReleased(released); });
  }
  OnReleased({});
}

void OperationRun::OnReleased(const StoreResult<void>& released) {
  if (!released) {
    release_failed_ = true;
    services_.log.OnServerError(Summary(), StatusCodeName(released.error().code()),
                                released.error().message());
  }
  if (unreleased_count_.fetch_sub(1) != 1) return;
  // What the answer says may never have happened.
  Answer(release_failed_ ? Result<std::string>(std::unexpected(InternalError()))
                         : *std::move(answer_));
}

void OperationRun::Answer(Result<std::string> answer) {
  is_answered_ = true;
  const std::string_view code = answer ? kOkCode : ErrorCodeName(answer.error().code);
  const Duration duration = services_.engine.clock.MonotonicNow() - begin_;
  metrics_.Count(code, duration);
  if (duration > services_.limits.slow_request) {
    services_.log.OnSlowRequest(Summary(), code, duration);
  }
  const int status = answer ? 200 : HttpStatusOf(answer.error().code);
  if (status >= 500) services_.log.OnServerError(Summary(), code, answer.error().message);
  Response response = MakeAnswer(status, content_type_, request_id_.text(),
                                 answer ? *std::move(answer) : ErrorBody(answer.error()));
  if (answer && is_packed_) response.headers.AddOwn("Content-Encoding", "gzip");
  AddOriginHeaders(response, origin_, services_.local_only);
  response.charge = std::move(charge_);
  responder_.Complete(std::move(response));
}

RequestSummary OperationRun::Summary() const {
  return {request_id_.text(), operation_.name, request_.remote_address};
}

}  // namespace gramme
