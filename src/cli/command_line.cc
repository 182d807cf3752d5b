#include "cli/command_line.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cli/backup_command.h"
#include "cli/config_command.h"
#include "cli/configuration.h"
#include "cli/scrub_command.h"
#include "cli/serve_command.h"
#include "cli/version_command.h"

namespace gramme {
namespace {

constexpr const char* kOverview = R"(gramme: a DynamoDB-compatible database

  gramme dev                        in memory, any credentials, http://localhost:8000
  gramme dev --data ./gramme-data   the same, and the data is kept
  gramme serve --data DIR           a server for keeps

  gramme backup list|verify|copy|restore   backups, offline
  gramme scrub --data DIR                  looks for damage, offline
  gramme config show                       every setting with its origin
  gramme version                           what this binary is

  gramme COMMAND --help               more about a command
)";

// What the flags of one subcommand gave.
struct ServerFlags {
  GivenSettings given;
  std::optional<std::string> config_file;
};

void AddSettingFlags(CLI::App& command, ServerFlags& flags) {
  for (const Setting& setting : Settings()) {
    const std::string name(setting.name);
    std::string flag = "--" + name;
    if (name == "data") flag = "-d," + flag;
    if (name == "port") flag = "-p," + flag;
    command
        .add_option_function<std::vector<std::string>>(
            flag,
            [&flags, name](const std::vector<std::string>& values) { flags.given[name] = values; },
            std::string(setting.help))
        ->type_name(std::string(setting.value_name))
        ->allow_extra_args(false)
        ->multi_option_policy(setting.is_repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                    : CLI::MultiOptionPolicy::TakeLast);
  }
  command.add_option("--config", flags.config_file, "a TOML file with settings")
      ->type_name("FILE");
}

ExitCode Usage(const std::string& message) {
  fmt::print(stderr, "gramme: {}\n", message);
  return ExitCode::kUsage;
}

std::expected<Configuration, std::string> ConfigurationOf(NodeMode mode,
                                                          const ServerFlags& flags) {
  return Configure({.mode = mode,
                    .flags = flags.given,
                    .environment = GrammeEnvironment(),
                    .file = flags.config_file});
}

bool AnySubcommand(const CLI::App*) { return true; }

// CLI11 says what is wrong; the nearest command or flag is ours to add.
std::string ExplainParseError(const CLI::App& app, const CLI::ParseError& error) {
  std::vector<std::string> known;
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  for (const CLI::App* candidate : command->get_subcommands(AnySubcommand)) {
    known.push_back(candidate->get_name());
  }
  for (const CLI::Option* option : command->get_options()) {
    known.push_back(option->get_name());
  }
  std::string text = error.what();
  // A first word that is no flag was meant as a command, whatever the library stumbled over.
  for (const std::string& word : command->remaining()) {
    if (word.starts_with('-') || command->get_subcommands(AnySubcommand).empty()) break;
    text = fmt::format("unknown command '{}'", word);
    const std::string nearest = NearestName(word, known);
    return nearest.empty() ? text : fmt::format("{}; did you mean '{}'?", text, nearest);
  }
  for (const std::string& word : command->remaining()) {
    const std::string nearest = NearestName(word.substr(0, word.find('=')), known);
    if (!nearest.empty()) return fmt::format("{}; did you mean '{}'?", text, nearest);
  }
  return text;
}

}  // namespace

ExitCode RunCommandLine(int argument_count, const char* const* arguments) {
  if (argument_count < 2) {
    fmt::print("{}", kOverview);
    return ExitCode::kGood;
  }
  CLI::App app(kOverview, "gramme");
  app.set_help_flag("-h,--help", "show this help");
  app.require_subcommand(1);
  ServerFlags flags;
  CLI::App* dev = app.add_subcommand(
      "dev", "Serve this machine for development: any credentials, in memory unless --data is "
             "given (then as durable as serve).\nExample: gramme dev --port 8000 --data "
             "./gramme-data");
  AddSettingFlags(*dev, flags);
  CLI::App* serve = app.add_subcommand(
      "serve", "Serve a data directory. Loopback only until signatures are verified.\nExample: "
               "gramme serve --data /var/lib/gramme");
  AddSettingFlags(*serve, flags);
  CLI::App* config = app.add_subcommand("config", "About settings.");
  config->require_subcommand(1);
  CLI::App* config_show =
      config->add_subcommand("show", "Show the value of every setting of serve, and its origin.");
  bool show_dev = false;
  config_show->add_flag("--dev", show_dev, "of dev instead");
  AddSettingFlags(*config_show, flags);
  VersionFlags version_flags;
  CLI::App* version = app.add_subcommand("version", "Show what this binary is.");
  version->add_option("--output", version_flags.output, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  BackupFlags backup_flags;
  CLI::App* backup = AddBackupCommand(app, backup_flags);
  ScrubFlags scrub_flags;
  CLI::App* scrub = AddScrubCommand(app, scrub_flags);

  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return ExitCode::kGood;
  } catch (const CLI::ParseError& error) {
    return Usage(ExplainParseError(app, error));
  }

  if (*version) return RunVersion(version_flags);
  if (*backup) return RunBackup(backup_flags, *backup);
  if (*scrub) return RunScrub(scrub_flags);
  const bool is_dev = *dev || (*config && show_dev);
  const auto configuration = ConfigurationOf(is_dev ? NodeMode::kDev : NodeMode::kServe, flags);
  if (!configuration) return Usage(configuration.error());
  if (*config) return ShowConfiguration(*configuration);
  static_cast<void>(serve);
  return RunServer(configuration->options);
}

}  // namespace gramme
