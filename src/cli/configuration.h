// Configuration: the values of all settings, each with where it came from. One precedence: flag,
// environment, file, default.

#ifndef GRAMME_CLI_CONFIGURATION_H_
#define GRAMME_CLI_CONFIGURATION_H_

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/setting.h"
#include "server/node_options.h"

namespace gramme {

// The values given for each setting by one source, by name.
using GivenSettings = std::map<std::string, std::vector<std::string>, std::less<>>;

struct ConfiguredSetting {
  const Setting* setting = nullptr;
  std::vector<std::string> values;  // none: not set
  std::string origin;               // `flag --port`, `environment GRAMME_PORT`, `file X`, `default`
};

struct Configuration {
  std::vector<ConfiguredSetting> settings;  // in the order of Settings()
  NodeOptions options;
};

struct ConfigurationSources {
  NodeMode mode = NodeMode::kDev;
  GivenSettings flags;
  // Asked for each GRAMME_* name that exists; the whole environment is looked at for unknown ones.
  std::map<std::string, std::string, std::less<>> environment;
  // Read when given; otherwise /etc/gramme/gramme.toml in serve mode, where it exists.
  std::optional<std::string> file;
};

// The error is one line: the setting, its origin and what is wrong; an unknown name with the
// nearest known one.
std::expected<Configuration, std::string> Configure(const ConfigurationSources& sources);

// The variables of this process that begin with GRAMME_.
std::map<std::string, std::string, std::less<>> GrammeEnvironment();

// The nearest of `candidates` to a misspelt name; empty if none is near.
std::string NearestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace gramme

#endif  // GRAMME_CLI_CONFIGURATION_H_
