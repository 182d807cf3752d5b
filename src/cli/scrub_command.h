// `gramme scrub`: looks at everything in a data directory for damage, once, without a server.

#ifndef GRAMME_CLI_SCRUB_COMMAND_H_
#define GRAMME_CLI_SCRUB_COMMAND_H_

#include <optional>
#include <string>

#include "server/exit_code.h"

namespace CLI {
class App;
}

namespace gramme {

struct ScrubFlags {
  std::string data_directory;
  std::optional<std::string> backup_directory;  // none: `backups` in the data directory
};

// Declares the command. The flags outlive the parsing.
CLI::App* AddScrubCommand(CLI::App& app, ScrubFlags& flags);

// One line for each finding on standard output, then the totals. kDataIntegrity where there is any.
ExitCode RunScrub(const ScrubFlags& flags);

}  // namespace gramme

#endif  // GRAMME_CLI_SCRUB_COMMAND_H_
