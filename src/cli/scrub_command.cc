#include "cli/scrub_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <system_error>

#include "backup/directory_backup_storage.h"
#include "base/result.h"
#include "server/log.h"
#include "server/scrub_pass.h"
#include "server/store_factory.h"
#include "table/catalog.h"

namespace gramme {
namespace {

// So damaged that it cannot be opened is a finding too.
ExitCode Report(const Status& status) {
  if (status.code() != StatusCode::kCorruption) {
    fmt::print(stderr, "gramme: {}\n", status.message());
    return ExitCode::kFailed;
  }
  fmt::print("{}\nnothing else was looked at; 1 finding\n", status.message());
  return ExitCode::kDataIntegrity;
}

// Null where there are no backups and none were asked for.
StoreResult<std::unique_ptr<BackupStorage>> OpenBackups(const ScrubFlags& flags) {
  const std::string path = flags.backup_directory.value_or(flags.data_directory + "/backups");
  std::error_code ignored;
  if (!flags.backup_directory && !std::filesystem::exists(path, ignored)) {
    return std::unique_ptr<BackupStorage>();
  }
  GRAMME_TRY(auto storage,
             DirectoryBackupStorage::Make(path, DirectoryBackupStorage::Open::kExisting));
  return storage;
}

StoreResult<ScrubTotals> RunPass(Store& store, const ScrubFlags& flags) {
  GRAMME_TRY(const auto backups, OpenBackups(flags));
  const auto print = [](const ScrubFinding& finding) { fmt::print("{}\n", ToText(finding)); };
  Catalog catalog(store);
  const StoreResult<void> loaded = catalog.Load();
  if (!loaded) {
    if (loaded.error().code() != StatusCode::kCorruption) return std::unexpected(loaded.error());
    print({.place = "the catalog, and with it all tables",
           .problem = loaded.error().message(),
           .key_hash = std::nullopt});
  }
  ScrubPass pass(store, catalog, backups.get());
  for (;;) {
    GRAMME_TRY(const bool is_over, pass.Step(print));
    if (!is_over) continue;
    ScrubTotals totals = pass.totals();
    if (!loaded) ++totals.finding_count;
    return totals;
  }
}

void PrintTotals(const ScrubTotals& totals) {
  fmt::print(
      "{} bytes of files; {} tables with {} items, {} right entries of indexes and {} change "
      "records; {} backups; {} findings\n",
      totals.file_byte_count, totals.table_count, totals.tables.item_count,
      totals.tables.entry_count, totals.tables.record_count, totals.backup_count,
      totals.finding_count);
}

}  // namespace

CLI::App* AddScrubCommand(CLI::App& app, ScrubFlags& flags) {
  CLI::App* scrub = app.add_subcommand(
      "scrub",
      "Look at everything in a data directory for damage, without a server: files, "
      "tables, indexes, backups.\nExit code 5: there is some.\nExample: gramme scrub "
      "--data /var/lib/gramme");
  scrub->add_option("-d,--data", flags.data_directory, "the data directory; no server holds it")
      ->type_name("DIR")
      ->required();
  scrub
      ->add_option("--backup-dir", flags.backup_directory,
                   "where the backups are (default: backups in the data directory)")
      ->type_name("DIR");
  return scrub;
}

ExitCode RunScrub(const ScrubFlags& flags) {
  std::error_code failed;
  if (std::filesystem::is_empty(flags.data_directory, failed) || failed) {
    fmt::print(stderr, "gramme: there is no data directory {}\n", flags.data_directory);
    return ExitCode::kFailed;
  }
  Log log(LogLevel::kWarning, LogFormat::kText);
  Registry registry;
  NodeOptions options;
  options.data_directory = flags.data_directory;
  auto opened = OpenStore(options, log, registry);
  if (!opened) return Report(opened.error());
  const StoreResult<ScrubTotals> totals = RunPass(*opened->store, flags);
  const auto closed = opened->store->Close();
  if (!totals) return Report(totals.error());
  PrintTotals(*totals);
  if (totals->finding_count > 0) return ExitCode::kDataIntegrity;
  return closed ? ExitCode::kGood : Report(closed.error());
}

}  // namespace gramme
