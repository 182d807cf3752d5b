#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "backup/backup_copy.h"
#include "backup/directory_backup_storage.h"
#include "backup/offline.h"
#include "backup/testing/backup_world.h"
#include "base/result.h"
#include "tests/client/command.h"
#include "tests/crash/off_host/backup_server.h"
#include "tests/crash/off_host/file_set.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr int kDataIntegrity = 5;

bool Names(const std::string& text, const std::string& file) {
  return text.find(file) != std::string::npos;
}

std::string JudgeVerify(const std::string& binary, const std::string& directory,
                        const std::string& id, const std::string& file) {
  const CommandEnd end =
      RunCommand(binary, fmt::format("backup verify --backup-dir '{}' {}", directory, id));
  if (end.exit_code == kDataIntegrity && Names(end.output, file)) return "";
  return fmt::format("verify ended with {} and said {}{}", end.exit_code, end.output, end.errors);
}

std::string JudgeCopy(const BackupStorage& storage, const std::string& id,
                      const std::string& file) {
  MemoryBackupStorage target;
  const auto copy = CopyBackup(storage, target, id);
  if (copy && copy->outcome == CopyOutcome::kRefused && Names(copy->why->message(), file) &&
      target.List()->empty()) {
    return "";
  }
  return "the copy was not refused by the name of the file";
}

std::string JudgeRestore(BackupStorage& storage, const std::string& id, const std::string& file) {
  BackupWorld world;
  const auto restored =
      RestoreOffline(world.store, world.process().catalog, storage, world.clock, world.random,
                     world.settings, {.backup_id = id, .target_table_name = "Restored"});
  if (restored) return "it was restored";
  if (!Names(restored.error().message, file)) {
    return "the restore was refused with: " + restored.error().message;
  }
  world.CrashAndStart();
  if (!world.RunJobs()) return "the restore's jobs do not end";
  return world.Find("Restored") == nullptr ? "" : "a refused restore left its table";
}

}  // namespace

Asked<std::vector<FileSet>> BackupFileSets(const std::string& binary, const std::string& folder,
                                           std::uint64_t seed) {
  const std::vector<SampleTable> tables = {
      {.name = "Empty"},
      {.name = "Plain", .item_count = 500, .item_bytes = 300},
      {.name = "Indexed", .kind = SampleKind::kIndexed, .item_count = 500, .item_bytes = 500},
      {.name = "Large", .item_count = 8, .item_bytes = 390'000},
  };
  const std::string backups = folder + "/backups";
  GRAMME_TRY(BackupServer server, BackupServer::Start(binary, folder, folder + "/data", backups));
  SeededRandom random(seed);
  std::vector<FileSet> sets;
  for (const SampleTable& table : tables) {
    GRAMME_RETURN_IF_ERROR(server.Make(table, random));
    GRAMME_TRY(const std::string id, server.BackUp(table.name));
    auto storage = DirectoryBackupStorage::Make(backups, DirectoryBackupStorage::Open::kExisting);
    if (!storage) return std::unexpected(storage.error().message());
    FileSet set = {.name = "backup of " + table.name,
                   .directory = backups + "/" + id,
                   .files = {},
                   .judge = nullptr};
    for (const auto& entry : fs::directory_iterator(set.directory)) {
      set.files.push_back(entry.path().filename().string());
    }
    std::ranges::sort(set.files);
    set.judge = [=, storage = std::shared_ptr<BackupStorage>(*std::move(storage))](
                    const std::string& file) {
      std::string said = JudgeVerify(binary, backups, id, file);
      if (said.empty()) said = JudgeCopy(*storage, id, file);
      if (said.empty()) said = JudgeRestore(*storage, id, file);
      return said;
    };
    sets.push_back(std::move(set));
  }
  if (server.process().Stop() != 0) return std::unexpected("the server did not stop cleanly");
  return sets;
}

}  // namespace gramme
