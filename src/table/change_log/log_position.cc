#include "table/change_log/log_position.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace gramme {
namespace {

constexpr std::size_t kDigitCountMin = 21;
constexpr std::size_t kDigitCountMax = 40;
constexpr std::size_t kIndexDigitCount = 8;

}  // namespace

std::string SequenceNumber(const LogPosition& position) {
  return fmt::format("{:013}{:08}", position.micros, position.index);
}

std::optional<LogPosition> ParseSequenceNumber(std::string_view text) {
  if (text.size() < kDigitCountMin || text.size() > kDigitCountMax) return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::ranges::all_of(text, is_digit)) return std::nullopt;
  const std::string_view head = text.substr(0, text.size() - kIndexDigitCount);
  const std::string_view tail = text.substr(head.size());
  LogPosition position;
  const auto read = std::from_chars(head.data(), head.data() + head.size(), position.micros);
  if (read.ec != std::errc()) position.micros = std::numeric_limits<std::uint64_t>::max();
  std::from_chars(tail.data(), tail.data() + tail.size(), position.index);
  return position;
}

}  // namespace gramme
