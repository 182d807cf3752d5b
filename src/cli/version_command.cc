#include "cli/version_command.h"

#include <fmt/format.h>

#include "server/version.h"

namespace gramme {

ExitCode RunVersion(const VersionFlags& flags) {
  if (flags.output == "json") {
    fmt::print("{{\"version\":\"{}\",\"compiler\":\"{}\"}}\n", kVersion, __VERSION__);
  } else {
    fmt::print("gramme {} (compiler {})\n", kVersion, __VERSION__);
  }
  return ExitCode::kGood;
}

}  // namespace gramme
