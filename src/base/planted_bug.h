// Bugs planted on purpose, to prove that the named test would catch a real one.
//
// Compiled in only with GRAMME_PLANTED_BUGS, which the test preset sets and the release preset does
// not. A bug is switched on by naming it in the environment variable GRAMME_PLANTED_BUG, or by
// PlantBug() in a test. docs/internals/testing.md lists every one with the test that must fail.

#ifndef GRAMME_BASE_PLANTED_BUG_H_
#define GRAMME_BASE_PLANTED_BUG_H_

#include <string_view>

namespace gramme {

#ifdef GRAMME_PLANTED_BUGS
bool BugIsPlanted(std::string_view name);
// Replaces what is planted; empty plants nothing. REQUIRES: no other thread asks meanwhile.
void PlantBug(std::string_view name);
#else
constexpr bool BugIsPlanted(std::string_view) { return false; }
#endif

}  // namespace gramme

#endif  // GRAMME_BASE_PLANTED_BUG_H_
