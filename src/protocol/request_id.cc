#include "protocol/request_id.h"

#include <cstdint>
#include <cstring>

namespace gramme {
namespace {

// Every two characters, of five bits each.
constexpr auto kPairs = [] {
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::array<std::array<char, 2>, kCharacters.size() * kCharacters.size()> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = {kCharacters[i % kCharacters.size()], kCharacters[i / kCharacters.size()]};
  }
  return pairs;
}();
static_assert(kRequestIdLength % 2 == 0);

}  // namespace

RequestId::RequestId(Random& random) {
  constexpr std::size_t kPairsPerNumber = 6;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < text_.size() / 2; ++i) {
    if (i % kPairsPerNumber == 0) number = random.Next64();
    std::memcpy(text_.data() + 2 * i, kPairs[number % kPairs.size()].data(), 2);
    number /= kPairs.size();
  }
}

}  // namespace gramme
