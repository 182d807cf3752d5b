#include "http/loop.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "http/connection.h"
#include "http/listener.h"
#include "http/response_head.h"

namespace gramme {
namespace {

thread_local const Loop* current_loop = nullptr;

}  // namespace

Loop::Loop(std::shared_ptr<ServerContext> context)
    : context_(std::move(context)),
      keep_running_(io_.get_executor()),
      tick_timer_(io_),
      delayed_timer_(io_),
      coarse_now_(context_->clock.MonotonicNow()) {}

Loop::~Loop() = default;

bool Loop::InThisThread() const { return current_loop == this; }

void Loop::Post(Task task) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    was_empty = tasks_.empty();
    tasks_.push_back(std::move(task));
  }
  if (was_empty) boost::asio::post(io_, [this] { RunTasks(); });
}

void Loop::PostAfter(Duration delay, Task task) {
  const MonotonicTime due = context_->clock.MonotonicNow() + delay;
  Post([this, due, task = std::move(task)]() mutable {
    const auto place = delayed_.emplace(due, std::move(task));
    if (place == delayed_.begin()) ScheduleDelayed();
  });
}

void Loop::ScheduleDelayed() {
  if (delayed_.empty()) return;
  delayed_timer_.expires_after(delayed_.begin()->first - context_->clock.MonotonicNow());
  delayed_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) RunDelayed();
  });
}

void Loop::RunDelayed() {
  const MonotonicTime now = context_->clock.MonotonicNow();
  while (!delayed_.empty() && delayed_.begin()->first <= now) {
    Task task = std::move(delayed_.begin()->second);
    delayed_.erase(delayed_.begin());
    task();
  }
  ScheduleDelayed();
}

void Loop::RunTasks() {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (Task& task : tasks) task();
}

void Loop::AddListener(int descriptor) {
  listeners_.push_back(std::make_unique<Listener>(*this, descriptor));
}

void Loop::Run() {
  current_loop = this;
  for (const auto& listener : listeners_) listener->Start();
  ScheduleTick();
  io_.run();
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
  tick_timer_.cancel();
  keep_running_.reset();
  for (const auto& connection : std::exchange(connections_, {})) connection->Close();
  // Whatever still waits is told that it was aborted, and lets go of its connection and of us.
  io_.restart();
  io_.poll();
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

void Loop::AddConnection(int socket, std::string remote_address) {
  auto connection =
      std::make_shared<Connection>(shared_from_this(), socket, std::move(remote_address));
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
  connections_.pop_back();
}

void Loop::ScheduleTick() {
  tick_timer_.expires_after(context_->limits.tick);
  tick_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    Tick();
    ScheduleTick();
  });
}

void Loop::Tick() {
  coarse_now_ = context_->clock.MonotonicNow();
  for (const auto& listener : listeners_) listener->Resume();
  // A simulated clock moves without the timer's knowing.
  if (!delayed_.empty() && delayed_.begin()->first <= coarse_now_) RunDelayed();
  // From the end, because a connection that closes is replaced by the last one.
  for (std::size_t i = connections_.size(); i-- > 0;) {
    const std::shared_ptr<Connection> connection = connections_[i];
    connection->Tick();
  }
}

std::string_view Loop::Date() {
  const WallTime now = context_->clock.WallNow();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (date_.empty() || second != date_second_) {
    date_second_ = second;
    date_ = FormatHttpDate(now);
  }
  return date_;
}

}  // namespace gramme
