// `gramme config show`.

#ifndef GRAMME_CLI_CONFIG_COMMAND_H_
#define GRAMME_CLI_CONFIG_COMMAND_H_

#include "cli/configuration.h"
#include "server/exit_code.h"

namespace gramme {

// One line per setting: name, value, origin.
ExitCode ShowConfiguration(const Configuration& configuration);

}  // namespace gramme

#endif  // GRAMME_CLI_CONFIG_COMMAND_H_
