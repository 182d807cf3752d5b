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

std::size_t CountOf(std::string_view part, std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

std::string_view ErrorNameIn(std::string_view body) {
  constexpr std::string_view kType = "\"__type\":\"";
  const std::size_t type = body.find(kType);
  if (type == std::string_view::npos) return {};
  body.remove_prefix(type + kType.size());
  body = body.substr(0, body.find('"'));
  return body.substr(body.find('#') + 1);
}

}  // namespace gramme
