// `gramme backup list|verify|copy|restore`: backups without a server, from nothing but their
// directory.

#ifndef GRAMME_CLI_BACKUP_COMMAND_H_
#define GRAMME_CLI_BACKUP_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "server/exit_code.h"

namespace CLI {
class App;
}

namespace gramme {

struct BackupFlags {
  std::optional<std::string> backup_directory;
  std::optional<std::string> data_directory;
  std::vector<std::string> backups;  // ids or ARNs
  std::string copy_directory;
  std::string target_table;
};

// Declares the command and its subcommands. The flags outlive the parsing.
CLI::App* AddBackupCommand(CLI::App& app, BackupFlags& flags);

// Runs the subcommand that was parsed. kDataIntegrity where a backup is damaged.
ExitCode RunBackup(const BackupFlags& flags, const CLI::App& command);

}  // namespace gramme

#endif  // GRAMME_CLI_BACKUP_COMMAND_H_
