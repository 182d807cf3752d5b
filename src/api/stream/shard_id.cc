#include "api/stream/shard_id.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace gramme {
namespace {

constexpr std::string_view kPrefix = "shardId-";
constexpr std::size_t kTimeDigitCount = 20;
constexpr std::size_t kNumberDigitCount = 8;
constexpr std::size_t kLength = kPrefix.size() + kTimeDigitCount + 1 + kNumberDigitCount;

std::string Render(const ShardName& name) {
  return fmt::format("{}{:020}-{:08x}", kPrefix, name.creation_ms, name.number);
}

template <typename Number>
bool ReadWhole(std::string_view digits, int base, Number& number) {
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return error == std::errc() && end == digits.data() + digits.size();
}

}  // namespace

std::string ShardId(const LogShard& shard) {
  const auto creation =
      std::chrono::floor<std::chrono::milliseconds>(shard.creation_time.time_since_epoch());
  return Render(
      {.creation_ms = static_cast<std::uint64_t>(creation.count()), .number = shard.number});
}

std::optional<ShardName> ParseShardId(std::string_view text) {
  if (text.size() != kLength) return std::nullopt;
  ShardName name;
  const bool is_read =
      ReadWhole(text.substr(kPrefix.size(), kTimeDigitCount), 10, name.creation_ms) &&
      ReadWhole(text.substr(kLength - kNumberDigitCount), 16, name.number);
  if (!is_read || Render(name) != text) return std::nullopt;
  return name;
}

}  // namespace gramme
