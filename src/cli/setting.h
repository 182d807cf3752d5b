// Settings: the one table of what can be configured. Each row is a flag `--backup-dir`, an
// environment variable GRAMME_BACKUP_DIR and a TOML key `backup-dir`, and knows how to read its
// text. Help, `gramme config show` and docs/reference/configuration.md follow from it.

#ifndef GRAMME_CLI_SETTING_H_
#define GRAMME_CLI_SETTING_H_

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/node_options.h"

namespace gramme {

// What is being read: options of a node, and the parts that only together make an address.
struct SettingTarget {
  NodeOptions options;
  std::string host;
  std::string port;
  std::vector<std::string> listen;
};

struct Setting {
  std::string_view name;        // `backup-dir`
  std::string_view value_name;  // `DIR`
  std::string_view help;
  bool is_repeatable = false;
  // The value where nothing gives one; empty: none.
  std::string (*default_text)(NodeMode mode);
  // Reads one value (the last given; each, where repeatable). The error says what is wrong with it.
  std::expected<void, std::string> (*apply)(std::string_view text, SettingTarget& target);
};

std::span<const Setting> Settings();

// nullptr if there is none.
const Setting* FindSetting(std::string_view name);

// `GRAMME_BACKUP_DIR`
std::string EnvironmentName(const Setting& setting);

// `512M` and the like: bytes. K, M, G, T are powers of 1,024.
std::expected<std::size_t, std::string> ParseSize(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_CLI_SETTING_H_
