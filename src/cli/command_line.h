// The command line: `gramme <command> [flags]`. Data goes to standard output, messages to standard
// error.

#ifndef GRAMME_CLI_COMMAND_LINE_H_
#define GRAMME_CLI_COMMAND_LINE_H_

#include "server/exit_code.h"

namespace gramme {

ExitCode RunCommandLine(int argument_count, const char* const* arguments);

}  // namespace gramme

#endif  // GRAMME_CLI_COMMAND_LINE_H_
