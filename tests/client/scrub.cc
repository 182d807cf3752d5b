#include "tests/client/scrub.h"

#include <fmt/format.h>

#include "tests/client/command.h"

namespace gramme {

Asked<void> ScrubIsClean(const std::string& binary, const std::string& arguments) {
  const CommandEnd end = RunCommand(binary, "scrub " + arguments);
  if (end.exit_code == 0 && end.output.ends_with("; 0 findings\n")) return {};
  return std::unexpected(
      fmt::format("the scrub ended with {} and said {}{}", end.exit_code, end.output, end.errors));
}

}  // namespace gramme
