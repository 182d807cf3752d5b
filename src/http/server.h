// Server: listens, runs the loops, and hands every well-framed request to one Handler.
//
// One loop per thread, each with its own listening socket per address. It knows neither routes nor
// DynamoDB: the handler decides what a request means.

#ifndef GRAMME_HTTP_SERVER_H_
#define GRAMME_HTTP_SERVER_H_

#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "http/limits.h"
#include "http/listen_address.h"
#include "http/message.h"
#include "metrics/registry.h"

namespace gramme {

class Loop;
struct ServerContext;

struct ServerOptions {
  std::vector<ListenAddress> addresses;  // one at least
  std::size_t loop_count = 1;            // threads; one per core is what it is made for
  Limits limits;
};

// Start(), StopAccepting(), Drain() and Stop() belong to one thread, which is none of the loops';
// the rest is thread-safe after Start().
class Server {
 public:
  // Keeps the references; all three outlive the server. Registers the metrics `gramme_http_*`: one
  // server per registry. REQUIRES: an address and a loop at least.
  Server(ServerOptions options, Handler& handler, Clock& clock, Registry& registry);
  // Stops as Stop() does.
  ~Server();

  // Opens every address, then starts the loops. The error is one line that names the address and
  // the cause; nothing is left open then. REQUIRES: called once.
  std::expected<void, std::string> Start();

  // Where it listens, with the ports that were found for port 0. In the order of the options.
  const std::vector<ListenAddress>& addresses() const { return options_.addresses; }

  // New connections are refused from here on; what the kernel had accepted is taken first. Returns
  // when done. Idempotent. REQUIRES: started.
  void StopAccepting();
  // Stops accepting, closes idle connections, lets requests that have begun to arrive or are being
  // handled be answered with `Connection: close`. True when all connections ended within `timeout`.
  // The loops run on, so that late answers find their way, until Stop().
  bool Drain(Duration timeout);
  // Closes all connections now and joins the threads. Requests that are still being handled are
  // answered into the void; their Responders stay valid. Idempotent.
  void Stop();

  // Runs tasks on one loop's thread, so that a batch of answers wakes it once. Tasks are dropped
  // once the server has stopped. REQUIRES: index < loop_count.
  Executor& loop(std::size_t index);

 private:
  ServerOptions options_;
  std::shared_ptr<ServerContext> context_;
  std::vector<std::shared_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
  bool accepting_ = true;
};

}  // namespace gramme

#endif  // GRAMME_HTTP_SERVER_H_
