#include "cli/configuration.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/result.h"
#include "cli/machine.h"

namespace gramme {
namespace {

constexpr const char* kDefaultFile = "/etc/gramme/gramme.toml";
// Read by tools of the project, not settings.
constexpr std::string_view kOtherVariables[] = {"GRAMME_CONFIG", "GRAMME_PLANTED_BUG"};

std::string UnknownName(std::string_view what, std::string_view name, std::string_view origin,
                        const std::vector<std::string>& known) {
  const std::string nearest = NearestName(name, known);
  std::string text = fmt::format("{}: unknown {} '{}'", origin, what, name);
  if (!nearest.empty()) text.append(fmt::format("; did you mean '{}'?", nearest));
  return text;
}

// How many letters to insert, remove or change, or neighbours to swap.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        rows[i][j] = i + j;
        continue;
      }
      const std::size_t change = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, change});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.size()][b.size()];
}

std::expected<std::string, std::string> TextOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  return std::unexpected("it is a string or a whole number");
}

std::expected<std::vector<std::string>, std::string> ValuesOf(const toml::node& node,
                                                              bool is_repeatable) {
  std::vector<std::string> values;
  if (const toml::array* array = node.as_array(); array != nullptr && is_repeatable) {
    for (const toml::node& element : *array) {
      GRAMME_TRY(std::string text, TextOf(element));
      values.push_back(std::move(text));
    }
    return values;
  }
  GRAMME_TRY(std::string text, TextOf(node));
  values.push_back(std::move(text));
  return values;
}

// The library tells its errors by throwing.
std::expected<toml::table, std::string> ParseFile(const std::string& path) {
  try {
    return toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return std::unexpected(
        fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
}

std::expected<GivenSettings, std::string> ReadFile(const std::string& path) {
  GRAMME_TRY(const toml::table parsed, ParseFile(path));
  std::vector<std::string> known;
  for (const Setting& setting : Settings()) known.emplace_back(setting.name);
  GivenSettings given;
  for (const auto& [key, node] : parsed) {
    const Setting* setting = FindSetting(key.str());
    if (setting == nullptr) return std::unexpected(UnknownName("key", key.str(), path, known));
    auto values = ValuesOf(node, setting->is_repeatable);
    if (!values) return std::unexpected(fmt::format("{}: {}: {}", path, key.str(), values.error()));
    given[std::string(key.str())] = *std::move(values);
  }
  return given;
}

std::expected<void, std::string> CheckEnvironment(
    const std::map<std::string, std::string, std::less<>>& environment) {
  std::vector<std::string> known(std::begin(kOtherVariables), std::end(kOtherVariables));
  for (const Setting& setting : Settings()) known.push_back(EnvironmentName(setting));
  for (const auto& [name, value] : environment) {
    if (std::ranges::find(known, name) == known.end()) {
      return std::unexpected(UnknownName("variable", name, "environment", known));
    }
  }
  return {};
}

ConfiguredSetting Choose(const Setting& setting, const ConfigurationSources& sources,
                         const GivenSettings& file, const std::string& file_name) {
  ConfiguredSetting chosen = {.setting = &setting, .values = {}, .origin = "default"};
  const std::string variable = EnvironmentName(setting);
  if (const auto flag = sources.flags.find(setting.name); flag != sources.flags.end()) {
    chosen.values = flag->second;
    chosen.origin = fmt::format("flag --{}", setting.name);
  } else if (const auto value = sources.environment.find(variable);
             value != sources.environment.end()) {
    chosen.values = {value->second};
    chosen.origin = "environment " + variable;
  } else if (const auto line = file.find(setting.name); line != file.end()) {
    chosen.values = line->second;
    chosen.origin = "file " + file_name;
  } else if (std::string text = setting.default_text(sources.mode); !text.empty()) {
    chosen.values = {std::move(text)};
  }
  if (!setting.is_repeatable && chosen.values.size() > 1) {
    chosen.values = {chosen.values.back()};
  }
  return chosen;
}

// A name that only looks like an address may resolve to anything.
bool IsLoopback(const ListenAddress& address) {
  if (!address.unix_path.empty()) return true;
  if (address.host == "localhost" || address.host == "::1") return true;
  in_addr parsed{};
  return inet_pton(AF_INET, address.host.c_str(), &parsed) == 1 && address.host.starts_with("127.");
}

std::expected<ListenAddress, std::string> ParseAddress(std::string_view text) {
  GRAMME_TRY(ListenAddress address, ParseListenAddress(text));
  if (!IsLoopback(address)) {
    return std::unexpected(fmt::format(
        "{} is not a loopback address: until signatures are verified, gramme answers requests of "
        "this machine only",
        text));
  }
  return address;
}

// `--listen` wins over `--host` and `--port`. `localhost` is both loopback addresses, because a
// client's `localhost` may be either; a free port is found for one of them only.
std::expected<std::vector<ListenAddress>, std::string> AddressesOf(const SettingTarget& target) {
  std::vector<std::string> texts = target.listen;
  if (texts.empty()) {
    if (target.host == "localhost") {
      texts.push_back("127.0.0.1:" + target.port);
      if (target.port != "0" && HasIpv6Loopback()) texts.push_back("[::1]:" + target.port);
    } else if (target.host.find(':') != std::string::npos && !target.host.starts_with('[')) {
      texts.push_back(fmt::format("[{}]:{}", target.host, target.port));
    } else {
      texts.push_back(fmt::format("{}:{}", target.host, target.port));
    }
  }
  std::vector<ListenAddress> addresses;
  for (const std::string& text : texts) {
    GRAMME_TRY(ListenAddress address, ParseAddress(text));
    addresses.push_back(std::move(address));
  }
  return addresses;
}

}  // namespace

std::expected<Configuration, std::string> Configure(const ConfigurationSources& sources) {
  GRAMME_RETURN_IF_ERROR(CheckEnvironment(sources.environment));
  std::string file_name;
  GivenSettings file;
  if (sources.file) {
    file_name = *sources.file;
  } else if (const auto named = sources.environment.find("GRAMME_CONFIG");
             named != sources.environment.end()) {
    file_name = named->second;
  } else if (sources.mode == NodeMode::kServe && std::filesystem::exists(kDefaultFile)) {
    file_name = kDefaultFile;
  }
  if (!file_name.empty()) {
    GRAMME_TRY(file, ReadFile(file_name));
  }
  Configuration configuration;
  SettingTarget target;
  target.options.mode = sources.mode;
  for (const Setting& setting : Settings()) {
    ConfiguredSetting chosen = Choose(setting, sources, file, file_name);
    for (const std::string& value : chosen.values) {
      if (const auto applied = setting.apply(value, target); !applied) {
        return std::unexpected(fmt::format("{}: '{}' cannot be {}: {}", chosen.origin, value,
                                           setting.name, applied.error()));
      }
    }
    configuration.settings.push_back(std::move(chosen));
  }
  GRAMME_TRY(target.options.addresses, AddressesOf(target));
  configuration.options = std::move(target.options);
  return configuration;
}

std::map<std::string, std::string, std::less<>> GrammeEnvironment() {
  std::map<std::string, std::string, std::less<>> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (text.starts_with("GRAMME_") && equals != std::string_view::npos) {
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return found;
}

std::string NearestName(std::string_view name, const std::vector<std::string>& candidates) {
  std::string nearest;
  // Of short names everything is near.
  const std::size_t changes_max = name.size() < 4 ? 1 : std::max<std::size_t>(2, name.size() / 3);
  std::size_t least = std::min(changes_max + 1, name.size());
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace gramme
