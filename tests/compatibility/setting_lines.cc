#include "tests/compatibility/setting_lines.h"

#include <fmt/core.h>

#include "cli/setting.h"

namespace gramme {

std::string SettingLines() {
  std::string lines;
  for (const Setting& setting : Settings()) {
    lines += fmt::format("setting\t{}\t{}\t{}\n", setting.name, setting.value_name,
                         setting.is_repeatable ? "repeatable" : "single");
  }
  return lines;
}

}  // namespace gramme
