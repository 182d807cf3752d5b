#include "api/stream/shard_iterator.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <array>
#include <charconv>

namespace gramme {
namespace {

constexpr std::string_view kVersion = "|1|";
constexpr std::size_t kWordDigitCount = 16;
// Shard and index, time of the position, time of issue, checksum.
using Words = std::array<std::uint64_t, 4>;

std::uint64_t Checksum(std::string_view stream_arn, const Words& words) {
  const std::uint64_t seed = XXH3_64bits(stream_arn.data(), stream_arn.size());
  return XXH3_64bits_withSeed(words.data(), (words.size() - 1) * sizeof(std::uint64_t), seed);
}

std::string Render(std::string_view stream_arn, const Words& words) {
  return fmt::format("{}{}{:016x}{:016x}{:016x}{:016x}", stream_arn, kVersion, words[0], words[1],
                     words[2], words[3]);
}

}  // namespace

std::string EncodeShardIterator(const ShardIterator& iterator) {
  const auto issue = iterator.issue_time.time_since_epoch().count();
  Words words = {std::uint64_t{iterator.shard_number} << 32 | iterator.position.index,
                 iterator.position.micros, static_cast<std::uint64_t>(issue)};
  words.back() = Checksum(iterator.stream_arn, words);
  return Render(iterator.stream_arn, words);
}

std::optional<ShardIterator> DecodeShardIterator(std::string_view text) {
  Words words{};
  constexpr std::size_t kTailLength = kVersion.size() + words.size() * kWordDigitCount;
  if (text.size() <= kTailLength) return std::nullopt;
  const std::string_view stream_arn = text.substr(0, text.size() - kTailLength);
  std::string_view digits = text.substr(stream_arn.size() + kVersion.size());
  for (std::uint64_t& word : words) {
    std::from_chars(digits.data(), digits.data() + kWordDigitCount, word, 16);
    digits.remove_prefix(kWordDigitCount);
  }
  // Written again it is the same text, or it was not written here.
  if (Render(stream_arn, words) != text || words.back() != Checksum(stream_arn, words)) {
    return std::nullopt;
  }
  return ShardIterator{
      .stream_arn = std::string(stream_arn),
      .shard_number = static_cast<std::uint32_t>(words[0] >> 32),
      .position = {.micros = words[1], .index = static_cast<std::uint32_t>(words[0])},
      .issue_time = WallTime(Duration(static_cast<std::int64_t>(words[2])))};
}

}  // namespace gramme
