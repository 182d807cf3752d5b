#include "cli/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <thread>

#include "cli/machine.h"
#include "table/change_log/stream_edits.h"

namespace gramme {
namespace {

using Applied = std::expected<void, std::string>;

constexpr std::size_t kMemoryBytesMin = std::size_t{32} << 20;
constexpr std::size_t kLoopCountMax = 256;
constexpr std::uint32_t kTtlSweepIntervalSecondsMax = 86'400;
constexpr std::uint32_t kScrubIntervalHoursMax = 8760;
constexpr std::size_t kAccountIdLength = 12;

template <typename Value>
std::expected<Value, std::string> ParseWhole(std::string_view text) {
  Value value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::unexpected("it is not a whole number");
  }
  return value;
}

// One of a few words; `chosen` gets its place in the list.
Applied ParseWord(std::string_view text, std::initializer_list<std::string_view> words,
                  std::size_t& chosen) {
  const auto* const found = std::ranges::find(words, text);
  if (found == words.end()) {
    return std::unexpected(fmt::format("it is one of: {}", fmt::join(words, ", ")));
  }
  chosen = static_cast<std::size_t>(found - words.begin());
  return {};
}

Applied ApplyData(std::string_view text, SettingTarget& target) {
  if (text.empty()) return std::unexpected("it is empty");
  target.options.data_directory = text;
  return {};
}

Applied ApplyBackupDirectory(std::string_view text, SettingTarget& target) {
  if (text.empty()) return std::unexpected("it is empty");
  target.options.backup_directory = text;
  return {};
}

Applied ApplyHost(std::string_view text, SettingTarget& target) {
  target.host = text;
  return {};
}

Applied ApplyPort(std::string_view text, SettingTarget& target) {
  if (!ParseWhole<std::uint16_t>(text)) return std::unexpected("a port is a number up to 65535");
  target.port = text;
  return {};
}

Applied ApplyListen(std::string_view text, SettingTarget& target) {
  target.listen.emplace_back(text);
  return {};
}

Applied ApplyRegion(std::string_view text, SettingTarget& target) {
  const bool is_good = !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_good) return std::unexpected("a region is lower-case letters, digits and hyphens");
  target.options.region = text;
  return {};
}

Applied ApplyAccountId(std::string_view text, SettingTarget& target) {
  const bool is_good = text.size() == kAccountIdLength &&
                       std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!is_good) return std::unexpected("an account id is 12 digits");
  target.options.account_id = text;
  return {};
}

Applied ApplyDurability(std::string_view text, SettingTarget& target) {
  std::size_t chosen = 0;
  const Applied parsed = ParseWord(text, {"always", "relaxed"}, chosen);
  target.options.is_relaxed = chosen == 1;
  return parsed;
}

Applied ApplyMemory(std::string_view text, SettingTarget& target) {
  const auto bytes = ParseSize(text);
  if (!bytes) return std::unexpected(bytes.error());
  if (*bytes < kMemoryBytesMin) return std::unexpected("at least 32M");
  target.options.memory_bytes = *bytes;
  return {};
}

Applied ApplyTransitionDelay(std::string_view text, SettingTarget& target) {
  const auto seconds = ParseWhole<std::uint32_t>(text);
  if (!seconds) return std::unexpected("it is a whole number of seconds");
  target.options.transition_delay = std::chrono::seconds(*seconds);
  return {};
}

Applied ApplyTtlSweepInterval(std::string_view text, SettingTarget& target) {
  const auto seconds = ParseWhole<std::uint32_t>(text);
  if (!seconds || *seconds == 0 || *seconds > kTtlSweepIntervalSecondsMax) {
    return std::unexpected("a whole number of seconds, from 1 to 86400");
  }
  target.options.ttl_sweep_interval = std::chrono::seconds(*seconds);
  return {};
}

Applied ApplyScrubInterval(std::string_view text, SettingTarget& target) {
  const auto hours = ParseWhole<std::uint32_t>(text);
  if (!hours || *hours > kScrubIntervalHoursMax) {
    return std::unexpected("a whole number of hours, up to 8760; 0: never");
  }
  target.options.scrub_interval = std::chrono::hours(*hours);
  return {};
}

Applied ApplyStreamShards(std::string_view text, SettingTarget& target) {
  const auto count = ParseWhole<std::uint32_t>(text);
  if (!count || !std::has_single_bit(*count) || *count > kOpenShardCountMax) {
    return std::unexpected("a power of two from 1 to 256");
  }
  target.options.stream_shard_count = *count;
  return {};
}

Applied ApplyRecoveryBaseLog(std::string_view text, SettingTarget& target) {
  const auto bytes = ParseSize(text);
  if (!bytes) return std::unexpected(bytes.error());
  target.options.recovery_base_log_bytes = *bytes;
  return {};
}

Applied ApplyLoops(std::string_view text, SettingTarget& target) {
  const auto count = ParseWhole<std::size_t>(text);
  if (!count || *count == 0 || *count > kLoopCountMax) return std::unexpected("from 1 to 256");
  target.options.loop_count = *count;
  return {};
}

Applied ApplyLogLevel(std::string_view text, SettingTarget& target) {
  std::size_t chosen = 0;
  const Applied parsed = ParseWord(text, {"debug", "info", "warning", "error"}, chosen);
  target.options.log_level = static_cast<LogLevel>(chosen);
  return parsed;
}

Applied ApplyLogFormat(std::string_view text, SettingTarget& target) {
  std::size_t chosen = 0;
  const Applied parsed = ParseWord(text, {"text", "json"}, chosen);
  target.options.log_format = static_cast<LogFormat>(chosen);
  return parsed;
}

Applied ApplyReadyFile(std::string_view text, SettingTarget& target) {
  if (text.empty()) return std::unexpected("it is empty");
  target.options.ready_file = text;
  return {};
}

std::string None(NodeMode) { return ""; }

constexpr Setting kSettings[] = {
    {"data", "DIR", "the data directory; without it, dev keeps everything in memory", false,
     [](NodeMode mode) { return std::string(mode == NodeMode::kServe ? "./gramme-data" : ""); },
     &ApplyData},
    {"backup-dir", "DIR", "where backups are kept (default: backups in the data directory)", false,
     &None, &ApplyBackupDirectory},
    {"host", "HOST", "the address to listen on", false,
     [](NodeMode) { return std::string("localhost"); }, &ApplyHost},
    {"port", "PORT", "the port; 0 takes a free one", false,
     [](NodeMode) { return std::string("8000"); }, &ApplyPort},
    {"listen", "HOST:PORT", "address and port in one, or unix:PATH; may be repeated", true, &None,
     &ApplyListen},
    {"region", "NAME", "the region in ARNs; fixed when the data directory is created", false, &None,
     &ApplyRegion},
    {"account-id", "DIGITS", "the account in ARNs; fixed when the data directory is created", false,
     &None, &ApplyAccountId},
    {"durability", "MODE",
     "always: answer a write after it is synced; relaxed: sync every 100 ms, and lose what was "
     "answered since when the machine fails",
     false, [](NodeMode) { return std::string("always"); }, &ApplyDurability},
    {"memory", "SIZE", "for cache, write buffers and queues together, e.g. 512M", false,
     [](NodeMode mode) { return DefaultMemoryText(mode); }, &ApplyMemory},
    {"control-plane-delay", "SECONDS", "how long CREATING, UPDATING and DELETING last at least",
     false, [](NodeMode) { return std::string("0"); }, &ApplyTransitionDelay},
    {"ttl-sweep-interval", "SECONDS", "how often items are deleted whose time to live is over",
     false, [](NodeMode mode) { return std::string(mode == NodeMode::kServe ? "60" : "1"); },
     &ApplyTtlSweepInterval},
    {"scrub-interval", "HOURS",
     "from the end of one search for damage to the start of the next; 0: none", false,
     [](NodeMode) { return std::string("24"); }, &ApplyScrubInterval},
    {"stream-shards", "COUNT", "open shards of a new stream: a power of two up to 256", false,
     [](NodeMode) { return std::string("1"); }, &ApplyStreamShards},
    {"recovery-base-log", "SIZE",
     "a new base of point-in-time recovery is made once the log since the last one is as large as "
     "the table, and at least so large",
     false, [](NodeMode) { return std::string("64M"); }, &ApplyRecoveryBaseLog},
    {"loops", "COUNT", "event loops (default: one per core)", false,
     [](NodeMode) { return std::to_string(std::max(1U, std::thread::hardware_concurrency())); },
     &ApplyLoops},
    {"log-level", "LEVEL", "debug, info, warning or error", false,
     [](NodeMode) { return std::string("info"); }, &ApplyLogLevel},
    {"log-format", "FORMAT", "text or json (default: text on a terminal)", false,
     [](NodeMode) { return std::string(StandardErrorIsTerminal() ? "text" : "json"); },
     &ApplyLogFormat},
    {"ready-file", "FILE", "written when requests are accepted: endpoint, port, pid as JSON", false,
     &None, &ApplyReadyFile},
};

}  // namespace

std::span<const Setting> Settings() { return kSettings; }

const Setting* FindSetting(std::string_view name) {
  const auto* const found = std::ranges::find(kSettings, name, &Setting::name);
  return found == std::end(kSettings) ? nullptr : found;
}

std::string EnvironmentName(const Setting& setting) {
  std::string name = "GRAMME_";
  for (const char c : setting.name) {
    name.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

std::expected<std::size_t, std::string> ParseSize(std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  std::size_t shift = 0;
  std::string_view digits = text;
  if (!digits.empty()) {
    const std::size_t unit = kUnits.find(digits.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (unit + 1);
      digits.remove_suffix(1);
    }
  }
  const auto count = ParseWhole<std::size_t>(digits);
  if (!count) return std::unexpected("it is a size such as 512M or 2G");
  if (*count > (SIZE_MAX >> shift)) return std::unexpected("it is too large");
  return *count << shift;
}

}  // namespace gramme
