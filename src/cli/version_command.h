// `gramme version`.

#ifndef GRAMME_CLI_VERSION_COMMAND_H_
#define GRAMME_CLI_VERSION_COMMAND_H_

#include <string>

#include "server/exit_code.h"

namespace gramme {

struct VersionFlags {
  std::string output = "text";
};

ExitCode RunVersion(const VersionFlags& flags);

}  // namespace gramme

#endif  // GRAMME_CLI_VERSION_COMMAND_H_
