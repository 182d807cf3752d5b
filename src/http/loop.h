// Loop: one event loop, run by one thread, with the connections and listeners that live on it.
//
// Connections never leave their loop. What happens on another thread and concerns one of them comes
// in through Post(); many tasks posted while the loop is busy or asleep wake it once.

#ifndef GRAMME_HTTP_LOOP_H_
#define GRAMME_HTTP_LOOP_H_

#include <array>
#include <atomic>
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
#include "base/wake_batch.h"
#include "http/poller.h"
#include "http/server_context.h"

namespace gramme {

class Connection;
class Listener;

// Held by a shared pointer, because a Responder that outlives the server still names its loop.
// Post(), PostAfter() and RequestStop() are thread-safe, at any time; everything else belongs to
// the loop's thread.
class Loop final : public Executor,
                   public Sleeper,
                   public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(std::shared_ptr<ServerContext> context);
  ~Loop() override;

  // Dropped, unrun, once the loop has stopped. Wakes the loop through base/wake_batch.h.
  void Post(Task task) override;
  void PostAfter(Duration delay, Task task) override;

  // Takes over listening sockets. REQUIRES: before Run().
  void AddListener(int descriptor);
  // Runs until RequestStop(); then closes every connection, answered or not.
  void Run();
  void RequestStop();
  void Wake() override { poller_.Wake(); }

  // Takes what is in the accept queues, then closes the listening sockets.
  void StopAccepting();
  // Connections close as soon as they have no request in progress.
  void Drain();

  // Takes over a connected socket.
  void AddConnection(int socket, std::string_view remote_address);
  // Lets go of a closed one, once the events of the moment have been told.
  void RemoveConnection(Connection& connection);

  bool InThisThread() const;
  ServerContext& context() { return *context_; }
  Poller& poller() { return poller_; }
  // Where bytes are received before they belong to a request. Shared by all connections of the
  // loop: valid until the handler of the current event returns.
  std::span<char> receive_buffer() { return receive_buffer_; }
  // Where a response is put together, under the same rule.
  std::string& send_buffer() { return send_buffer_; }
  // Monotonic time, late by up to Limits::tick: for deadlines.
  MonotonicTime coarse_now() const { return coarse_now_; }
  // The value of the Date header: when the loop last woke; formatted once per second.
  std::string_view Date();

 private:
  static constexpr std::size_t kReceiveBufferBytes = 64 * 1024;

  // How long there is nothing to do; 0 when there are tasks. Marks the loop as asleep.
  int PrepareWait();
  void RunTasks();
  void RunDelayed();
  void Tick();
  void Shutdown();

  const std::shared_ptr<ServerContext> context_;
  Poller poller_;
  std::multimap<MonotonicTime, Task> delayed_;
  std::array<char, kReceiveBufferBytes> receive_buffer_;
  std::string send_buffer_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> closed_connections_;  // until the next wait
  MonotonicTime coarse_now_;
  // On the machine's clock, whatever the server's clock is: a simulated one moves without our
  // knowing, and is looked at then.
  MonotonicTime next_tick_;
  bool date_is_current_ = false;
  std::string date_;
  std::chrono::sys_seconds date_second_;
  std::vector<Task> running_tasks_;  // its memory is used again

  std::atomic<bool> stop_requested_ = false;
  std::mutex mutex_;
  std::vector<Task> tasks_;  // guarded by mutex_
  bool asleep_ = false;      // guarded by mutex_: whoever posts next wakes the loop
  bool stopped_ = false;     // guarded by mutex_
};

}  // namespace gramme

#endif  // GRAMME_HTTP_LOOP_H_
