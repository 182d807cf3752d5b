// What the defaults of settings need to know of this machine.

#ifndef GRAMME_CLI_MACHINE_H_
#define GRAMME_CLI_MACHINE_H_

#include <string>

#include "server/node_options.h"

namespace gramme {

// kServe: half of the memory that the process may use (of the cgroup, where it is less). kDev: the
// same, at most 256M.
std::string DefaultMemoryText(NodeMode mode);

bool StandardErrorIsTerminal();

// Whether ::1 can be bound.
bool HasIpv6Loopback();

}  // namespace gramme

#endif  // GRAMME_CLI_MACHINE_H_
