#include "protocol/request_id.h"

#include <cstdint>

namespace gramme {

RequestId::RequestId(Random& random) {
  // A power of two, so that each character is five bits.
  constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  constexpr std::size_t kCharactersPerNumber = 12;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (i % kCharactersPerNumber == 0) number = random.Next64();
    text_[i] = kCharacters[number % kCharacters.size()];
    number /= kCharacters.size();
  }
}

}  // namespace gramme
