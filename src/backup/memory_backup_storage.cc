#include "backup/memory_backup_storage.h"

#include <utility>

#include "base/result.h"

namespace gramme {

class MemoryBackupDraft : public BackupDraft {
 public:
  MemoryBackupDraft(MemoryBackupStorage& storage, std::string_view id)
      : storage_(storage), id_(id) {}
  ~MemoryBackupDraft() override {
    const std::lock_guard lock(storage_.mutex_);
    storage_.backups_[id_].is_being_written = false;
  }

  StoreResult<void> Append(std::string_view file, std::string_view bytes) override {
    const std::lock_guard lock(storage_.mutex_);
    std::string& contents = storage_.backups_[id_].files[std::string(file)];
    if (auto fault = storage_.CheckFault(); !fault) {
      contents += bytes.substr(0, bytes.size() / 2);
      return fault;
    }
    contents += bytes;
    return {};
  }

  StoreResult<void> Finish(std::string_view) override {
    const std::lock_guard lock(storage_.mutex_);
    return storage_.CheckFault();
  }

  StoreResult<void> Publish(std::string_view manifest) override {
    const std::lock_guard lock(storage_.mutex_);
    GRAMME_RETURN_IF_ERROR(storage_.CheckFault());
    storage_.backups_[id_].files[std::string(kManifestFile)] = std::string(manifest);
    // The manifest may be there although its writer is told that it failed.
    return storage_.CheckFault();
  }

 private:
  MemoryBackupStorage& storage_;
  const std::string id_;
};

StoreResult<std::vector<std::string>> MemoryBackupStorage::List() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, backup] : backups_) ids.push_back(id);
  return ids;
}

StoreResult<std::unique_ptr<BackupDraft>> MemoryBackupStorage::Begin(std::string_view id) {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckFault());
  Backup& backup = backups_[std::string(id)];
  if (backup.files.contains(kManifestFile)) {
    return StoreError(StatusCode::kConflict, "the backup is there already");
  }
  if (backup.is_being_written) {
    return StoreError(StatusCode::kConflict, "the backup is being written");
  }
  backup = {.files = {}, .is_being_written = true};
  return std::make_unique<MemoryBackupDraft>(*this, id);
}

StoreResult<std::optional<std::string>> MemoryBackupStorage::ReadManifest(
    std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto backup = backups_.find(id);
  if (backup == backups_.end()) return std::optional<std::string>();
  const auto manifest = backup->second.files.find(kManifestFile);
  if (manifest == backup->second.files.end()) return std::optional<std::string>();
  return std::optional(manifest->second);
}

StoreResult<std::uint64_t> MemoryBackupStorage::FileSize(std::string_view id,
                                                         std::string_view file) const {
  const std::lock_guard lock(mutex_);
  GRAMME_TRY(const std::string* contents, FindFile(id, file));
  return contents->size();
}

StoreResult<void> MemoryBackupStorage::Read(std::string_view id, std::string_view file,
                                            std::uint64_t offset, std::span<char> into) const {
  const std::lock_guard lock(mutex_);
  GRAMME_TRY(const std::string* contents, FindFile(id, file));
  if (offset > contents->size() || contents->size() - offset < into.size()) {
    return StoreError(StatusCode::kCorruption, "the file " + std::string(file) + " is too short");
  }
  contents->copy(into.data(), into.size(), offset);
  return {};
}

StoreResult<void> MemoryBackupStorage::Remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  GRAMME_RETURN_IF_ERROR(CheckFault());
  const auto backup = backups_.find(id);
  if (backup == backups_.end()) return {};
  backup->second.files.erase(std::string(kManifestFile));
  GRAMME_RETURN_IF_ERROR(CheckFault());
  backups_.erase(backup);
  return {};
}

StoreResult<void> MemoryBackupStorage::RemoveAbandoned(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto backup = backups_.find(id);
  if (backup == backups_.end() || backup->second.is_being_written ||
      backup->second.files.contains(kManifestFile)) {
    return {};
  }
  GRAMME_RETURN_IF_ERROR(CheckFault());
  backups_.erase(backup);
  return {};
}

void MemoryBackupStorage::SetFault(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

MemoryBackupStorage::Files MemoryBackupStorage::FilesOf(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto backup = backups_.find(id);
  return backup == backups_.end() ? Files() : backup->second.files;
}

void MemoryBackupStorage::Replace(std::string_view id, std::string_view file, std::string bytes) {
  const std::lock_guard lock(mutex_);
  backups_[std::string(id)].files[std::string(file)] = std::move(bytes);
}

StoreResult<void> MemoryBackupStorage::CheckFault() const {
  if (!fault_) return {};
  if (const auto code = fault_()) return StoreError(*code, "injected into the backup storage");
  return {};
}

StoreResult<const std::string*> MemoryBackupStorage::FindFile(std::string_view id,
                                                              std::string_view file) const {
  const auto backup = backups_.find(id);
  if (backup != backups_.end()) {
    const auto found = backup->second.files.find(file);
    if (found != backup->second.files.end()) return &found->second;
  }
  return StoreError(StatusCode::kCorruption, "the file " + std::string(file) + " is missing");
}

}  // namespace gramme
