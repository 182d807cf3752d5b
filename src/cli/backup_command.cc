#include "cli/backup_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "backup/backup_copy.h"
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
  std::string path =
      flags.backup_directory ? *flags.backup_directory : *flags.data_directory + "/backups";
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

// Those that were named, or all whole ones.
StoreResult<std::vector<std::string>> ChosenIds(const BackupFlags& flags,
                                                const BackupStorage& storage) {
  std::vector<std::string> ids;
  for (const std::string& backup : flags.backups) ids.push_back(IdOf(backup));
  if (!ids.empty()) return ids;
  GRAMME_TRY(const auto backups, ListStoredBackups(storage));
  for (const StoredBackup& stored : backups) ids.push_back(stored.id);
  return ids;
}

ExitCode VerifyBackups(const BackupFlags& flags) {
  const auto storage = OpenDirectory(flags);
  if (!storage) return Report(storage.error());
  const auto ids = ChosenIds(flags, **storage);
  if (!ids) return Report(ids.error());
  ExitCode code = ExitCode::kGood;
  for (const std::string& id : *ids) {
    const auto problems = VerifyStoredBackup(**storage, id);
    if (!problems) return Report(problems.error());
    fmt::print("{}  {}\n", id, problems->empty() ? "good" : "damaged");
    for (const std::string& problem : *problems) fmt::print("  {}\n", problem);
    if (!problems->empty()) code = ExitCode::kDataIntegrity;
  }
  return code;
}

// Prints what became of one backup.
ExitCode ReportCopy(const std::string& id, const BackupCopy& copy, bool is_named) {
  switch (copy.outcome) {
    case CopyOutcome::kCopied:
      fmt::print("{}  copied, {} bytes\n", id, copy.byte_count);
      return ExitCode::kGood;
    case CopyOutcome::kPresent:
      fmt::print("{}  there already\n", id);
      return ExitCode::kGood;
    case CopyOutcome::kGone:
      fmt::print("{}  not there\n", id);
      // One that nobody asked for was deleted meanwhile.
      return is_named ? ExitCode::kFailed : ExitCode::kGood;
    case CopyOutcome::kRefused:
      break;
  }
  fmt::print("{}  not copied: {}\n", id, copy.why->message());
  return copy.why->code() == StatusCode::kCorruption ? ExitCode::kDataIntegrity : ExitCode::kFailed;
}

ExitCode CopyBackups(const BackupFlags& flags) {
  const auto source = OpenDirectory(flags);
  if (!source) return Report(source.error());
  const auto target =
      DirectoryBackupStorage::Make(flags.copy_directory, DirectoryBackupStorage::Open::kCreate);
  if (!target) return Report(target.error());
  const auto ids = ChosenIds(flags, **source);
  if (!ids) return Report(ids.error());
  ExitCode worst = ExitCode::kGood;
  for (const std::string& id : *ids) {
    const auto copy = CopyBackup(**source, **target, id);
    if (!copy) {
      // Damage is a word for what was whole once.
      fmt::print(stderr, "gramme: {} is not copied: {}\n", id, copy.error().message());
      return ExitCode::kFailed;
    }
    worst = std::max(worst, ReportCopy(id, *copy, !flags.backups.empty()));
  }
  return worst;
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
  const std::string id = IdOf(flags.backups.front());
  const auto restored =
      RestoreOffline(store, catalog, **storage, SystemClock(), SystemRandom(), settings,
                     {.backup_id = id, .target_table_name = flags.target_table});
  const auto closed = store.Close();
  if (!restored) {
    fmt::print(stderr, "gramme: {}\n", restored.error().message);
    if (restored.error().code != ErrorCode::kInternalServerError) return ExitCode::kFailed;
    const auto problems = VerifyStoredBackup(**storage, id);
    return problems && !problems->empty() ? ExitCode::kDataIntegrity : ExitCode::kFailed;
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
      backup->add_subcommand("verify",
                             "Read backups whole and compare every checksum.\nExit code "
                             "5: one is damaged.");
  CLI::App* copy = backup->add_subcommand(
      "copy",
      "Copy backups into another directory, each file compared with its checksum before "
      "and after.\nWhat is there already is left out. Exit code 5: one is damaged; the "
      "others are copied.\nExample: gramme backup copy --backup-dir B --to "
      "/mnt/elsewhere/backups");
  CLI::App* restore = backup->add_subcommand(
      "restore",
      "Restore a backup into a data directory that no server holds; created where "
      "absent.\nExample: gramme backup restore --backup-dir B --data D --target-table "
      "Music 01489602797149-73d8d5bc");
  for (CLI::App* command : {list, verify, copy, restore}) {
    command->add_option("--backup-dir", flags.backup_directory, "where the backups are")
        ->type_name("DIR");
    command->add_option("-d,--data", flags.data_directory, "the data directory")->type_name("DIR");
  }
  for (CLI::App* command : {verify, copy}) {
    command->add_option("backup", flags.backups, "ids or ARNs; none: all")->type_name("BACKUP");
  }
  copy->add_option("--to", flags.copy_directory, "where to; made where absent")
      ->type_name("DIR")
      ->required();
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
  if (command.got_subcommand("copy")) return CopyBackups(flags);
  return RestoreBackup(flags);
}

}  // namespace gramme
