// The commit that this binary was built from. cmake/commit.cmake defines it, at each build.

#ifndef GRAMME_CLI_COMMIT_H_
#define GRAMME_CLI_COMMIT_H_

namespace gramme {

// 12 digits; "-changed" follows if the sources differed from the commit. "unknown" outside git.
extern const char* const kCommit;

}  // namespace gramme

#endif  // GRAMME_CLI_COMMIT_H_
