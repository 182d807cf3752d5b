#include "cli/config_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gramme {

ExitCode ShowConfiguration(const Configuration& configuration) {
  for (const ConfiguredSetting& configured : configuration.settings) {
    const std::string value =
        configured.values.empty() ? "-" : fmt::format("{}", fmt::join(configured.values, ", "));
    fmt::print("{:20} {:28} {}\n", configured.setting->name, value, configured.origin);
  }
  return ExitCode::kGood;
}

}  // namespace gramme
