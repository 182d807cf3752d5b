// `gramme dev` and `gramme serve`: runs a node until it is told to stop.

#ifndef GRAMME_CLI_SERVE_COMMAND_H_
#define GRAMME_CLI_SERVE_COMMAND_H_

#include "cli/configuration.h"
#include "server/exit_code.h"

namespace gramme {

// Returns after SIGTERM or SIGINT, or when the node could not start. A second signal ends the
// process at once, which loses nothing that was acknowledged.
ExitCode RunServer(const NodeOptions& options);

}  // namespace gramme

#endif  // GRAMME_CLI_SERVE_COMMAND_H_
