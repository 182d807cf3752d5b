// F8 at the end of a run: what a server leaves behind when it stops is whole.

#ifndef GRAMME_TESTS_CLIENT_SCRUB_H_
#define GRAMME_TESTS_CLIENT_SCRUB_H_

#include <string>

#include "tests/client/requests.h"

namespace gramme {

// Runs `gramme scrub` with these arguments, on directories that no server holds. The error is what
// it found.
Asked<void> ScrubIsClean(const std::string& binary, const std::string& arguments);

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_SCRUB_H_
