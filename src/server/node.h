// Node: one running server, put together: store, catalog, jobs, backups, the request pipeline and
// the network. The only place that names a concrete store.
//
// Start and Stop belong to one thread.

#ifndef GRAMME_SERVER_NODE_H_
#define GRAMME_SERVER_NODE_H_

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "http/listen_address.h"
#include "server/exit_code.h"
#include "server/log.h"
#include "server/node_options.h"

namespace gramme {

// Why a node did not start: one line for the operator.
struct NodeFailure {
  ExitCode code = ExitCode::kFailed;
  std::string message;
};

class Node {
 public:
  // Takes the data directory, recovers it, and listens. The log outlives the node.
  static std::expected<std::unique_ptr<Node>, NodeFailure> Start(const NodeOptions& options,
                                                                 Log& log);
  ~Node();

  // Where it listens, with the ports that were found for port 0.
  const std::vector<ListenAddress>& addresses() const;
  std::size_t table_count() const;
  const std::string& region() const;

  // Finishes what was accepted, pauses jobs, flushes and marks the stop as clean. Errors: why the
  // stop was not clean; nothing acknowledged is lost even then.
  std::expected<void, NodeFailure> Stop();

 private:
  struct Parts;

  explicit Node(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace gramme

#endif  // GRAMME_SERVER_NODE_H_
