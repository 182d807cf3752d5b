// What the environment of a whole-server test says: its size, its seed, the server it is about.

#ifndef GRAMME_TESTS_CLIENT_ENVIRONMENT_H_
#define GRAMME_TESTS_CLIENT_ENVIRONMENT_H_

#include <cstdint>
#include <string>

namespace gramme {

std::uint64_t NumberFromEnvironment(const char* name, std::uint64_t otherwise);

// GRAMME_SEED, or one that is drawn; printed, so that a run can be repeated.
std::uint64_t SeedFromEnvironment();

// GRAMME_BINARY, or the server that the test was built with.
std::string BinaryFromEnvironment(std::string built);

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_ENVIRONMENT_H_
