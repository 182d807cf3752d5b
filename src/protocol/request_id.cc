#include "protocol/request_id.h"

#include <cstdint>
#include <string_view>

namespace gramme {

std::string NewRequestId(Random& random) {
  constexpr std::string_view kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  // 36^12 < 2^64.
  constexpr std::size_t kCharactersPerNumber = 12;
  std::string id(kRequestIdLength, '0');
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i % kCharactersPerNumber == 0) number = random.Next64();
    id[i] = kCharacters[number % kCharacters.size()];
    number /= kCharacters.size();
  }
  return id;
}

}  // namespace gramme
