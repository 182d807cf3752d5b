#include "storage/rocksdb/text_record.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

#include "base/check.h"
#include "base/result.h"

namespace gramme {
namespace {

constexpr std::string_view kSeparator = " = ";

std::string ChecksumLine(std::string_view text) {
  return fmt::format("checksum = {:016x}\n", XXH3_64bits(text.data(), text.size()));
}

}  // namespace

void TextRecord::Add(std::string name, std::string value) {
  GRAMME_CHECK((name + value).find('\n') == std::string::npos, "a line feed in a text record");
  lines_.emplace_back(std::move(name), std::move(value));
}

std::string TextRecord::Encode() const {
  std::string text = title_ + "\n";
  for (const auto& [name, value] : lines_) text += fmt::format("{}{}{}\n", name, kSeparator, value);
  return text + ChecksumLine(text);
}

StoreResult<TextRecord> TextRecord::Decode(std::string_view title, std::string_view text,
                                           std::string_view path) {
  const auto damaged = [&](std::string_view how) {
    return StoreError(StatusCode::kCorruption, fmt::format("{}: {}", path, how));
  };
  if (!text.starts_with(std::string(title) + "\n")) {
    return damaged(fmt::format("does not start with '{}'", title));
  }
  const std::size_t checksum_start = text.rfind("checksum = ");
  if (checksum_start == std::string_view::npos ||
      text.substr(checksum_start) != ChecksumLine(text.substr(0, checksum_start))) {
    return damaged("fails its checksum");
  }
  TextRecord record{std::string(title)};
  record.path_ = path;
  std::string_view rest = text.substr(title.size() + 1, checksum_start - title.size() - 1);
  while (!rest.empty()) {
    const std::size_t line_end = rest.find('\n');
    const std::string_view line = rest.substr(0, line_end);
    rest = line_end == std::string_view::npos ? std::string_view() : rest.substr(line_end + 1);
    const std::size_t separator = line.find(kSeparator);
    if (separator == std::string_view::npos) return damaged("has a line without ' = '");
    record.lines_.emplace_back(line.substr(0, separator),
                               line.substr(separator + kSeparator.size()));
  }
  return record;
}

StoreResult<std::string> TextRecord::Get(std::string_view name) const {
  for (const auto& [have, value] : lines_) {
    if (have == name) return value;
  }
  return StoreError(StatusCode::kCorruption, fmt::format("{}: has no line '{}'", path_, name));
}

StoreResult<std::uint64_t> TextRecord::GetNumber(std::string_view name) const {
  GRAMME_TRY(const std::string value, Get(name));
  std::uint64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end) {
    return StoreError(StatusCode::kCorruption, fmt::format("{}: '{}' is no number", path_, name));
  }
  return number;
}

std::string JoinWords(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ","));
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    words.emplace_back(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return words;
}

}  // namespace gramme
