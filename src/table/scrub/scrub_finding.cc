#include "table/scrub/scrub_finding.h"

#include <fmt/format.h>

namespace gramme {

std::string ToText(const ScrubFinding& finding) {
  const std::string key =
      finding.key_hash ? fmt::format(", key {:016x}", *finding.key_hash) : std::string();
  return fmt::format("{}{}: {}", finding.place, key, finding.problem);
}

}  // namespace gramme
