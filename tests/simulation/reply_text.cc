#include "tests/simulation/reply_text.h"

#include <charconv>

namespace gramme {

std::vector<std::uint64_t> NumbersAfter(std::string_view start, std::string_view text) {
  std::vector<std::uint64_t> numbers;
  while (true) {
    const std::size_t at = text.find(start);
    if (at == std::string_view::npos) return numbers;
    text.remove_prefix(at + start.size());
    std::uint64_t number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc()) {
      numbers.push_back(number);
    }
  }
}

}  // namespace gramme
