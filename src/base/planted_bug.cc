#include "base/planted_bug.h"

#ifdef GRAMME_PLANTED_BUGS

#include <cstdlib>
#include <string>

namespace gramme {
namespace {

std::string& Planted() {
  static std::string name = [] {
    const char* value = std::getenv("GRAMME_PLANTED_BUG");
    return std::string(value == nullptr ? "" : value);
  }();
  return name;
}

}  // namespace

bool BugIsPlanted(std::string_view name) { return Planted() == name; }

void PlantBug(std::string_view name) { Planted() = name; }

}  // namespace gramme

#endif
