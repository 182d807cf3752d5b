#include "http/loop.h"

#include <algorithm>
#include <utility>

#include "http/connection.h"
#include "http/listener.h"
#include "http/response_head.h"

namespace gramme {
namespace {

thread_local const Loop* current_loop = nullptr;

}  // namespace

Loop::Loop(std::shared_ptr<ServerContext> context)
    : context_(std::move(context)), coarse_now_(context_->clock.MonotonicNow()) {}

Loop::~Loop() = default;

bool Loop::InThisThread() const { return current_loop == this; }

void Loop::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    tasks_.push_back(std::move(task));
    if (!std::exchange(asleep_, false)) return;
  }
  WakeBatch::WakeSoon(shared_from_this());
}

void Loop::PostAfter(Duration delay, Task task) {
  const MonotonicTime due = context_->clock.MonotonicNow() + delay;
  Post([this, due, task = std::move(task)]() mutable { delayed_.emplace(due, std::move(task)); });
}

void Loop::RunDelayed() {
  if (delayed_.empty()) return;
  const MonotonicTime now = context_->clock.MonotonicNow();
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    Task task = std::move(delayed_.begin()->second);
    delayed_.erase(delayed_.begin());
    task();
  }
}

void Loop::RunTasks() {
  {
    const std::lock_guard lock(mutex_);
    asleep_ = false;
    running_tasks_.swap(tasks_);
  }
  for (Task& task : running_tasks_) task();
  running_tasks_.clear();
}

void Loop::RequestStop() {
  stop_requested_ = true;
  Wake();
}

int Loop::PrepareWait() {
  Duration left = next_tick_ - SystemClock().MonotonicNow();
  if (!delayed_.empty()) {
    left = std::min(left, delayed_.begin()->first - context_->clock.MonotonicNow());
  }
  const std::lock_guard lock(mutex_);
  if (!tasks_.empty() || left <= Duration(0)) return 0;
  asleep_ = true;
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

void Loop::AddListener(int descriptor) {
  listeners_.push_back(std::make_unique<Listener>(*this, descriptor));
}

void Loop::Run() {
  current_loop = this;
  for (const auto& listener : listeners_) listener->Start();
  next_tick_ = SystemClock().MonotonicNow() + context_->limits.tick;
  while (!stop_requested_.load(std::memory_order_relaxed)) {
    const int timeout_ms = PrepareWait();
    date_is_current_ = false;
    {
      // What these requests queue becomes one round of commits.
      const WakeBatch batch;
      poller_.Wait(timeout_ms);
      RunTasks();
      RunDelayed();
    }
    if (SystemClock().MonotonicNow() >= next_tick_) Tick();
    closed_connections_.clear();
  }
  Shutdown();
  current_loop = nullptr;
}

void Loop::Shutdown() {
  std::vector<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    dropped.swap(tasks_);
  }
  dropped.clear();
  std::exchange(delayed_, {}).clear();
  for (const auto& listener : listeners_) listener->Close();
  for (const auto& connection : std::exchange(connections_, {})) connection->Close();
  closed_connections_.clear();
}

void Loop::StopAccepting() {
  for (const auto& listener : listeners_) {
    listener->TakeAll();
    listener->Close();
  }
}

void Loop::Drain() {
  // A copy: what drains removes itself.
  const std::vector<std::shared_ptr<Connection>> all = connections_;
  for (const auto& connection : all) connection->Drain();
}

void Loop::AddConnection(int socket, std::string_view remote_address) {
  auto connection = std::make_shared<Connection>(shared_from_this(), socket, remote_address);
  connection->set_position(connections_.size());
  connections_.push_back(connection);
  connection->Start();
}

void Loop::RemoveConnection(Connection& connection) {
  context_->connections.Remove();
  if (connections_.empty()) return;  // in Shutdown()
  const std::size_t position = connection.position();
  std::swap(connections_[position], connections_.back());
  connections_[position]->set_position(position);
  closed_connections_.push_back(std::move(connections_.back()));
  connections_.pop_back();
}

void Loop::Tick() {
  next_tick_ = SystemClock().MonotonicNow() + context_->limits.tick;
  coarse_now_ = context_->clock.MonotonicNow();
  for (const auto& listener : listeners_) listener->Resume();
  context_->budget->GiveUp(coarse_now_);
  context_->small_budget->GiveUp(coarse_now_);
  // From the end, because a connection that closes is replaced by the last one.
  for (std::size_t i = connections_.size(); i-- > 0;) connections_[i]->Tick();
}

std::string_view Loop::Date() {
  if (std::exchange(date_is_current_, true)) return date_;
  const WallTime now = context_->clock.WallNow();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (date_.empty() || second != date_second_) {
    date_second_ = second;
    date_ = FormatHttpDate(now);
  }
  return date_;
}

}  // namespace gramme
