#include "cli/version_command.h"

#include <fmt/format.h>

#include "cli/commit.h"
#include "server/version.h"

namespace gramme {

ExitCode RunVersion(const VersionFlags& flags) {
  if (flags.output == "json") {
    fmt::print(R"({{"version":"{}","commit":"{}","compiler":"{}"}})"
               "\n",
               kVersion, kCommit, __VERSION__);
  } else {
    fmt::print("gramme {} (commit {}, compiler {})\n", kVersion, kCommit, __VERSION__);
  }
  return ExitCode::kGood;
}

}  // namespace gramme
