#include "cli/backup_command.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "backup/directory_backup_storage.h"
#include "backup/offline.h"
#include "base/random.h"
#include "base/result.h"
#include "model/arn.h"
#include "server/log.h"
#include "server/store_factory.h"
#include "table/catalog.h"
#include "table/settings.h"

namespace gramme {
namespace {

ExitCode Report(const Status& status) {
  fmt::print(stderr, "gramme: {}\n", status.message());
  return status.code() == StatusCode::kCorruption ? ExitCode::kDataIntegrity : ExitCode::kFailed;
}

StoreResult<std::unique_ptr<DirectoryBackupStorage>> OpenDirectory(const BackupFlags& flags) {
  if (!flags.backup_directory && !flags.data_directory) {
    return StoreError(StatusCode::kUnavailable,
                      "name the directory: --backup-dir DIR (or --data DIR for its backups)");
  }
  std::string path = flags.backup_directory ? *flags.backup_directory
                                            : *flags.data_directory + "/backups";
  return DirectoryBackupStorage::Make(std::move(path), DirectoryBackupStorage::Open::kExisting);
}

// The id in an ARN, or the text itself.
std::string IdOf(const std::string& id_or_arn) {
  const auto arn = ParseArn(id_or_arn);
  return arn && arn->kind == "backup" ? std::string(arn->id) : id_or_arn;
}

ExitCode ListDirectory(const BackupFlags& flags) {
  const auto storage = OpenDirectory(flags);
  if (!storage) return Report(storage.error());
  const auto backups = ListStoredBackups(**storage);
  if (!backups) return Report(backups.error());
  ExitCode code = ExitCode::kGood;
  for (const StoredBackup& stored : *backups) {
    if (stored.backup) {
      const BackupDescription& backup = *stored.backup;
      fmt::print("{}  {}  {}  {} items  {}\n", stored.id, FormatIso8601(backup.creation_time),
                 backup.name, backup.counts.items, backup.arn);
    } else {
      fmt::print("{}  damaged: {}\n", stored.id, stored.problem);
      code = ExitCode::kDataIntegrity;
    }
  }
  return code;
}

ExitCode VerifyBackups(const BackupFlags& flags) {
  const auto storage = OpenDirectory(flags);
  if (!storage) return Report(storage.error());
  std::vector<std::string> ids;
  for (const std::string& backup : flags.backups) ids.push_back(IdOf(backup));
  if (ids.empty()) {
    const auto backups = ListStoredBackups(**storage);
    if (!backups) return Report(backups.error());
    for (const StoredBackup& stored : *backups) ids.push_back(stored.id);
  }
  ExitCode code = ExitCode::kGood;
  for (const std::string& id : ids) {
    const auto problems = VerifyStoredBackup(**storage, id);
    if (!problems) return Report(problems.error());
    fmt::print("{}  {}\n", id, problems->empty() ? "good" : "damaged");
    for (const std::string& problem : *problems) fmt::print("  {}\n", problem);
    if (!problems->empty()) code = ExitCode::kDataIntegrity;
  }
  return code;
}

ExitCode RestoreBackup(const BackupFlags& flags) {
  const auto storage = OpenDirectory(flags);
  if (!storage) return Report(storage.error());
  Log log(LogLevel::kInfo, LogFormat::kText);
  Registry registry;
  NodeOptions options;
  options.data_directory = flags.data_directory;
  auto opened = OpenStore(options, log, registry);
  if (!opened) return Report(opened.error());
  Store& store = *opened->store;
  Catalog catalog(store);
  if (const auto loaded = catalog.Load(); !loaded) return Report(loaded.error());
  const Settings settings = {.labels = opened->labels};
  const auto restored =
      RestoreOffline(store, catalog, **storage, SystemClock(), SystemRandom(), settings,
                     {.backup_id = IdOf(flags.backups.front()),
                      .target_table_name = flags.target_table});
  const auto closed = store.Close();
  if (!restored) {
    fmt::print(stderr, "gramme: {}\n", restored.error().message);
    return ExitCode::kFailed;
  }
  if (!closed) return Report(closed.error());
  fmt::print("restored {} as table {}\n", flags.backups.front(), restored->name);
  return ExitCode::kGood;
}

}  // namespace

CLI::App* AddBackupCommand(CLI::App& app, BackupFlags& flags) {
  CLI::App* backup = app.add_subcommand("backup", "Backups, without a server.");
  backup->require_subcommand(1);
  CLI::App* list = backup->add_subcommand("list", "List the backups of a directory.");
  CLI::App* verify =
      backup->add_subcommand("verify", "Read backups whole and compare every checksum.\nExit code "
                                       "5: one is damaged.");
  CLI::App* restore = backup->add_subcommand(
      "restore", "Restore a backup into a data directory that no server holds; created where "
                 "absent.\nExample: gramme backup restore --backup-dir B --data D --target-table "
                 "Music 01489602797149-73d8d5bc");
  for (CLI::App* command : {list, verify, restore}) {
    command->add_option("--backup-dir", flags.backup_directory, "where the backups are")
        ->type_name("DIR");
    command->add_option("-d,--data", flags.data_directory, "the data directory")->type_name("DIR");
  }
  verify->add_option("backup", flags.backups, "ids or ARNs; none: all")->type_name("BACKUP");
  restore->add_option("backup", flags.backups, "id or ARN")
      ->type_name("BACKUP")
      ->required()
      ->expected(1);
  restore->add_option("--target-table", flags.target_table, "the new table's name")
      ->type_name("NAME")
      ->required();
  restore->get_option("--data")->required();
  return backup;
}

ExitCode RunBackup(const BackupFlags& flags, const CLI::App& command) {
  if (command.got_subcommand("list")) return ListDirectory(flags);
  if (command.got_subcommand("verify")) return VerifyBackups(flags);
  return RestoreBackup(flags);
}

}  // namespace gramme
