#include "protocol/run_queue.h"

#include <array>
#include <chrono>
#include <utility>

namespace gramme {
namespace {

// Deadlines of requests that wait for memory are looked at this often.
constexpr Duration kDeadlineTick = std::chrono::milliseconds(250);

constexpr std::array<bool, 256> MakeMarks() {
  std::array<bool, 256> marks{};
  for (const char c : {',', ':', '{', '['}) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}
constexpr std::array<bool, 256> kMarks = MakeMarks();

// Text stands in the parser's copy and in the tree. A mark brings entries of the parser's tape and
// index, and every second or third one a node of the tree.
constexpr std::size_t kTextFactor = 2;
constexpr std::size_t kMarkBytes = 40;
// Up to this a body is not looked at: it is taken to consist of marks.
constexpr std::size_t kSmallBodyBytesMax = 16 * 1024;
constexpr std::size_t kSmallBodyFactor = 12;

}  // namespace

std::size_t DecodedBytesMax(std::string_view body) {
  if (body.size() <= kSmallBodyBytesMax) return kSmallBodyFactor * body.size();
  std::size_t mark_count = 0;
  for (const char c : body) mark_count += kMarks[static_cast<unsigned char>(c)] ? 1 : 0;
  return kTextFactor * body.size() + kMarkBytes * mark_count;
}

RunQueue::RunQueue(Executor& pool, Clock& clock, Registry& registry, std::size_t bytes_max)
    : pool_(pool),
      clock_(clock),
      refusals_(
          registry.AddCounter("gramme_request_memory_refusals_total",
                              "Requests refused because there was no memory for them in time.")),
      budget_(std::make_shared<ByteBudget>(bytes_max)) {
  registry.AddGauge("gramme_request_memory_bytes",
                    "Memory charged for large requests that run and for their unsent answers.",
                    [budget = budget_] { return static_cast<double>(budget->used_bytes()); });
  registry.AddGauge("gramme_request_memory_waiting", "Large requests that wait for memory.",
                    [budget = budget_] { return static_cast<double>(budget->waiting_count()); });
}

RunQueue::~RunQueue() { budget_->DropWaiting(); }

void RunQueue::Add(std::size_t bytes, MonotonicTime deadline, Run run) {
  budget_->Wait(bytes, deadline, [this, run = std::move(run)](ByteCharge charge) mutable {
    if (!charge) refusals_.Add();
    pool_.Post(
        [run = std::move(run), charge = std::move(charge)]() mutable { run(std::move(charge)); });
  });
  if (budget_->waiting_count() > 0) WatchDeadlines();
}

void RunQueue::WatchDeadlines() {
  if (watches_deadlines_.exchange(true)) return;
  pool_.PostAfter(kDeadlineTick, [this] {
    watches_deadlines_ = false;
    budget_->GiveUp(clock_.MonotonicNow());
    if (budget_->waiting_count() > 0) WatchDeadlines();
  });
}

}  // namespace gramme
