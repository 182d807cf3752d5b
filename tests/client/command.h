// Command: runs a Gramme binary to its end and keeps what it said.

#ifndef GRAMME_TESTS_CLIENT_COMMAND_H_
#define GRAMME_TESTS_CLIENT_COMMAND_H_

#include <string>

namespace gramme {

struct CommandEnd {
  int exit_code = -1;  // -1: ended by a signal or after a minute
  std::string output;
  std::string errors;
};

// Runs `BINARY ARGUMENTS` by a shell in an empty environment with `environment` (`NAME=VALUE …`).
CommandEnd RunCommand(const std::string& binary, const std::string& arguments,
                      const std::string& environment = "");

std::size_t LineCount(const std::string& text);

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_COMMAND_H_
