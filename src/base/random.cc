#include "base/random.h"

#include <sys/random.h>

#include <bit>

#include <fmt/format.h>

#include "base/check.h"

namespace gramme {
namespace {

// SplitMix64: spreads a seed over the whole state.
std::uint64_t Spread(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::uint64_t SystemSeed() {
  std::uint64_t seed = 0;
  const auto read = getrandom(&seed, sizeof(seed), 0);
  GRAMME_CHECK(read == sizeof(seed), "the operating system gave no randomness");
  return seed;
}

class PerThreadRandom : public Random {
 public:
  std::uint64_t Next64() override {
    thread_local SeededRandom generator(SystemSeed());
    return generator.Next64();
  }
};

}  // namespace

std::uint64_t Random::Below(std::uint64_t bound) {
  GRAMME_CHECK(bound > 0, "Below(0)");
  // Values in the last, incomplete stretch would favour small results: draw again.
  const std::uint64_t reject_from = UINT64_MAX - (UINT64_MAX % bound + 1) % bound;
  std::uint64_t value = Next64();
  while (value > reject_from) value = Next64();
  return value % bound;
}

SeededRandom::SeededRandom(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = Spread(seed);
}

// xoshiro256**, by Blackman and Vigna.
std::uint64_t SeededRandom::Next64() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

Random& SystemRandom() {
  static PerThreadRandom random;
  return random;
}

std::string NewUuid(Random& random) {
  const std::uint64_t high = (random.Next64() & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (random.Next64() & ~(3ULL << 62)) | (2ULL << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF,
                     high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFFULL);
}

}  // namespace gramme
