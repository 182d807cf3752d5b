// Loop: one event loop, run by one thread, with the connections and listeners that live on it.
//
// Connections never leave their loop. What happens on another thread and concerns one of them comes
// in through Post(); many tasks posted while the loop is busy or asleep wake it once.

#ifndef GRAMME_HTTP_LOOP_H_
#define GRAMME_HTTP_LOOP_H_

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "http/server_context.h"

namespace gramme {

class Connection;
class Listener;

// A file descriptor that the loop waits for and owns.
using Descriptor =
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

// Held by a shared pointer, because a Responder that outlives the server still names its loop.
// Post(), PostAfter() and RequestStop() are thread-safe, at any time; everything else belongs to
// the loop's thread.
class Loop final : public Executor, public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(std::shared_ptr<ServerContext> context);
  ~Loop() override;

  // Dropped, unrun, once the loop has stopped.
  void Post(Task task) override;
  void PostAfter(Duration delay, Task task) override;

  // Takes over listening sockets. REQUIRES: before Run().
  void AddListener(int descriptor);
  // Runs until RequestStop(); then closes every connection, answered or not.
  void Run();
  void RequestStop() { io_.stop(); }

  // Takes what is in the accept queues, then closes the listening sockets.
  void StopAccepting();
  // Connections close as soon as they have no request in progress.
  void Drain();

  // Takes over a connected socket.
  void AddConnection(int socket, std::string remote_address);
  void RemoveConnection(Connection& connection);

  bool InThisThread() const;
  ServerContext& context() { return *context_; }
  boost::asio::io_context& io() { return io_; }
  // Where bytes are received before they belong to a request. Shared by all connections of the
  // loop: valid until the handler of the current event returns.
  std::span<char> receive_buffer() { return receive_buffer_; }
  // Monotonic time, late by up to Limits::tick: for deadlines.
  MonotonicTime coarse_now() const { return coarse_now_; }
  // The value of the Date header, formatted once per second.
  std::string_view Date();

 private:
  static constexpr std::size_t kReceiveBufferBytes = 64 * 1024;

  void RunTasks();
  // Waits for the first of delayed_.
  void ScheduleDelayed();
  void RunDelayed();
  void ScheduleTick();
  void Tick();
  void Shutdown();

  const std::shared_ptr<ServerContext> context_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_;
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer delayed_timer_;
  std::multimap<MonotonicTime, Task> delayed_;
  std::array<char, kReceiveBufferBytes> receive_buffer_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::shared_ptr<Connection>> connections_;
  MonotonicTime coarse_now_;
  std::string date_;
  std::chrono::sys_seconds date_second_;

  std::mutex mutex_;
  std::vector<Task> tasks_;  // guarded by mutex_
  bool stopped_ = false;     // guarded by mutex_
};

}  // namespace gramme

#endif  // GRAMME_HTTP_LOOP_H_
