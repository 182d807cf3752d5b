// What the process says when it ends. Part of the interface: scripts and units rely on it.

#ifndef GRAMME_SERVER_EXIT_CODE_H_
#define GRAMME_SERVER_EXIT_CODE_H_

namespace gramme {

enum class ExitCode : int {
  kGood = 0,
  kFailed = 1,
  kUsage = 2,
  kNotReachable = 3,
  kDenied = 4,
  kDataIntegrity = 5,
  kLogFailure = 6,  // the write-ahead log could not be written or synced
};

}  // namespace gramme

#endif  // GRAMME_SERVER_EXIT_CODE_H_
