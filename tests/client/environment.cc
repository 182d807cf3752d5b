#include "tests/client/environment.h"

#include <cstdio>
#include <cstdlib>

#include "base/random.h"

namespace gramme {

std::uint64_t NumberFromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::uint64_t SeedFromEnvironment() {
  const std::uint64_t seed =
      NumberFromEnvironment("GRAMME_SEED", SystemRandom().Below(1'000'000'000));
  std::printf("GRAMME_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

std::string BinaryFromEnvironment(std::string built) {
  const char* const binary = std::getenv("GRAMME_BINARY");
  return binary == nullptr ? built : binary;
}

}  // namespace gramme
