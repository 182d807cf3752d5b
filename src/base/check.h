// GRAMME_CHECK: an invariant whose violation is a bug of ours. Stays on in release builds.
//
// Never reachable by user input: bad input is answered with an error. On failure the condition, the
// place and the message go to standard error and the process aborts, so that a broken invariant
// can never reach the disk.

#ifndef GRAMME_BASE_CHECK_H_
#define GRAMME_BASE_CHECK_H_

#include <string_view>

namespace gramme {

[[noreturn]] void CheckFailed(const char* condition, const char* file, int line,
                              std::string_view message);

}  // namespace gramme

#define GRAMME_CHECK(condition, message)                                 \
  do {                                                                   \
    if (!(condition)) [[unlikely]] {                                     \
      ::gramme::CheckFailed(#condition, __FILE__, __LINE__, (message));  \
    }                                                                    \
  } while (false)

#endif  // GRAMME_BASE_CHECK_H_
