// DirectoryBackupStorage: backups under one directory of the file system (`--backup-dir`), each in
// a directory named as its id. The lock of a draft is the operating system's, on its directory, so
// it goes with the process that held it.

#ifndef GRAMME_BACKUP_DIRECTORY_BACKUP_STORAGE_H_
#define GRAMME_BACKUP_DIRECTORY_BACKUP_STORAGE_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_storage.h"

namespace gramme {

class DirectoryBackupStorage : public BackupStorage {
 public:
  // kCreate makes the directory where it is absent, but none above it, and refuses one that cannot
  // be written; kExisting refuses an absent one. Errors: kIoError, with the path.
  enum class Open { kCreate, kExisting };
  static StoreResult<std::unique_ptr<DirectoryBackupStorage>> Make(std::string path, Open open);

  StoreResult<std::vector<std::string>> List() const override;
  StoreResult<std::unique_ptr<BackupDraft>> Begin(std::string_view id) override;
  StoreResult<std::optional<std::string>> ReadManifest(std::string_view id) const override;
  StoreResult<std::uint64_t> FileSize(std::string_view id, std::string_view file) const override;
  StoreResult<void> Read(std::string_view id, std::string_view file, std::uint64_t offset,
                         std::span<char> into) const override;
  StoreResult<void> Remove(std::string_view id) override;
  StoreResult<void> RemoveAbandoned(std::string_view id) override;

  const std::string& path() const { return path_; }

 private:
  explicit DirectoryBackupStorage(std::string path) : path_(std::move(path)) {}

  std::string PathOf(std::string_view id) const;
  std::string PathOf(std::string_view id, std::string_view file) const;

  const std::string path_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_DIRECTORY_BACKUP_STORAGE_H_
