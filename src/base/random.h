// Random: the only source of randomness. Seeded in the simulation and in tests, from the operating
// system in the server. Not for secrets.

#ifndef GRAMME_BASE_RANDOM_H_
#define GRAMME_BASE_RANDOM_H_

#include <cstdint>
#include <string>

namespace gramme {

class Random {
 public:
  virtual ~Random() = default;
  // Uniform over all 64-bit values.
  virtual std::uint64_t Next64() = 0;

  // Uniform in [0, bound). REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  // True once in `n` calls on average. REQUIRES: n > 0.
  bool OneIn(std::uint64_t n) { return Below(n) == 0; }
};

// Reproducible from its seed. Not thread-safe.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  std::uint64_t Next64() override;

 private:
  std::uint64_t state_[4];
};

// One generator per thread, seeded by the operating system. Thread-safe.
Random& SystemRandom();

// A random (version 4) UUID, lower case, 36 characters.
std::string NewUuid(Random& random);

}  // namespace gramme

#endif  // GRAMME_BASE_RANDOM_H_
