#include "tests/client/command.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/client/temporary_directory.h"

namespace gramme {
namespace {

constexpr int kTimeoutExitCode = 124;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

CommandEnd RunCommand(const std::string& binary, const std::string& arguments,
                      const std::string& environment) {
  TemporaryDirectory directory("gramme-command");
  const std::string output = directory.path() + "/output";
  const std::string errors = directory.path() + "/errors";
  const std::string command =
      fmt::format("cd '{}' && env -i {} timeout 60 '{}' {} >'{}' 2>'{}' </dev/null",
                  directory.path(), environment, binary, arguments, output, errors);
  const int status = std::system(command.c_str());
  CommandEnd end = {.output = ReadAll(output), .errors = ReadAll(errors)};
  if (WIFEXITED(status) && WEXITSTATUS(status) != kTimeoutExitCode) {
    end.exit_code = WEXITSTATUS(status);
  }
  directory.Remove();
  return end;
}

std::size_t LineCount(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace gramme
