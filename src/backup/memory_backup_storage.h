// MemoryBackupStorage: backups in memory, gone with the process. For `gramme dev` in memory and for
// the simulation, which can make it fail and damage what it holds.

#ifndef GRAMME_BACKUP_MEMORY_BACKUP_STORAGE_H_
#define GRAMME_BACKUP_MEMORY_BACKUP_STORAGE_H_

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_storage.h"

namespace gramme {

class MemoryBackupStorage : public BackupStorage {
 public:
  using Files = std::map<std::string, std::string, std::less<>>;
  // Asked before each change; an answer makes the call fail so, half done where that is possible.
  using Fault = std::function<std::optional<StatusCode>()>;

  StoreResult<std::vector<std::string>> List() const override;
  StoreResult<std::unique_ptr<BackupDraft>> Begin(std::string_view id) override;
  StoreResult<std::optional<std::string>> ReadManifest(std::string_view id) const override;
  StoreResult<std::uint64_t> FileSize(std::string_view id, std::string_view file) const override;
  StoreResult<void> Read(std::string_view id, std::string_view file, std::uint64_t offset,
                         std::span<char> into) const override;
  StoreResult<void> Remove(std::string_view id) override;
  StoreResult<void> RemoveAbandoned(std::string_view id) override;

  // For tests and the simulation.
  void SetFault(Fault fault);
  Files FilesOf(std::string_view id) const;
  void Replace(std::string_view id, std::string_view file, std::string bytes);

 private:
  friend class MemoryBackupDraft;

  struct Backup {
    Files files;
    bool is_being_written = false;
  };

  // REQUIRES: mutex_ is held.
  StoreResult<void> CheckFault() const;
  StoreResult<const std::string*> FindFile(std::string_view id, std::string_view file) const;

  mutable std::mutex mutex_;
  std::map<std::string, Backup, std::less<>> backups_;
  Fault fault_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_MEMORY_BACKUP_STORAGE_H_
