#include "backup/directory_backup_storage.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "backup/posix_file.h"
#include "base/result.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr int kDirectoryPermissions = 0750;
// The manifest until it is whole. Part of the format: a reader ignores it.
constexpr std::string_view kManifestDraftFile = "MANIFEST.draft";

StoreResult<bool> Exists(const std::string& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) == 0) return true;
  if (errno == ENOENT) return false;
  return std::unexpected(ErrnoStatus("looking for", path));
}

StoreResult<std::vector<std::string>> NamesIn(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(path, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) {
    return StoreError(StatusCode::kIoError,
                      fmt::format("listing {}: {}", path, error.message()));
  }
  std::ranges::sort(names);
  return names;
}

StoreResult<void> Unlink(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return std::unexpected(ErrnoStatus("removing", path));
}

StoreResult<void> EmptyDirectory(const std::string& path) {
  GRAMME_TRY(const std::vector<std::string> names, NamesIn(path));
  for (const std::string& name : names) GRAMME_RETURN_IF_ERROR(Unlink(path + "/" + name));
  return {};
}

StoreResult<void> RemoveDirectory(const std::string& path) {
  GRAMME_RETURN_IF_ERROR(EmptyDirectory(path));
  if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return {};
  return std::unexpected(ErrnoStatus("removing", path));
}

class DirectoryBackupDraft : public BackupDraft {
 public:
  DirectoryBackupDraft(std::string path, FileDescriptor directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

  StoreResult<void> Append(std::string_view file, std::string_view bytes) override {
    const std::string path = fmt::format("{}/{}", path_, file);
    auto open = open_.find(file);
    if (open == open_.end()) {
      GRAMME_TRY(FileDescriptor made, OpenFile(path, O_WRONLY | O_CREAT | O_EXCL));
      open = open_.emplace(std::string(file), std::move(made)).first;
    }
    return WriteAll(open->second, bytes, path);
  }

  StoreResult<void> Finish(std::string_view file) override {
    const auto open = open_.find(file);
    if (open == open_.end()) return {};
    GRAMME_RETURN_IF_ERROR(Sync(open->second, fmt::format("{}/{}", path_, file)));
    open_.erase(open);
    return {};
  }

  StoreResult<void> Publish(std::string_view manifest) override {
    GRAMME_RETURN_IF_ERROR(Append(kManifestDraftFile, manifest));
    GRAMME_RETURN_IF_ERROR(Finish(kManifestDraftFile));
    // The names of the files first: no manifest may outlive what it lists.
    GRAMME_RETURN_IF_ERROR(Sync(directory_, path_));
    const std::string from = fmt::format("{}/{}", path_, kManifestDraftFile);
    const std::string to = fmt::format("{}/{}", path_, kManifestFile);
    if (std::rename(from.c_str(), to.c_str()) != 0) {
      return std::unexpected(ErrnoStatus("publishing", to));
    }
    return Sync(directory_, path_);
  }

 private:
  const std::string path_;
  const FileDescriptor directory_;  // holds the lock
  std::map<std::string, FileDescriptor, std::less<>> open_;
};

}  // namespace

StoreResult<std::unique_ptr<DirectoryBackupStorage>> DirectoryBackupStorage::Make(std::string path,
                                                                                  Open open) {
  if (open == Open::kCreate) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) {
      return StoreError(StatusCode::kIoError, fmt::format("making {}: {}", path, error.message()));
    }
  }
  GRAMME_TRY(const bool exists, Exists(path));
  if (!exists) return StoreError(StatusCode::kIoError, "no directory " + path);
  // The constructor is private.
  return std::unique_ptr<DirectoryBackupStorage>(new DirectoryBackupStorage(std::move(path)));
}

std::string DirectoryBackupStorage::PathOf(std::string_view id) const {
  return fmt::format("{}/{}", path_, id);
}

std::string DirectoryBackupStorage::PathOf(std::string_view id, std::string_view file) const {
  return fmt::format("{}/{}/{}", path_, id, file);
}

StoreResult<std::vector<std::string>> DirectoryBackupStorage::List() const {
  GRAMME_TRY(std::vector<std::string> names, NamesIn(path_));
  std::erase_if(names, [](const std::string& name) { return !IsBackupId(name); });
  return names;
}

StoreResult<std::unique_ptr<BackupDraft>> DirectoryBackupStorage::Begin(std::string_view id) {
  const std::string path = PathOf(id);
  if (::mkdir(path.c_str(), kDirectoryPermissions) != 0 && errno != EEXIST) {
    return std::unexpected(ErrnoStatus("making", path));
  }
  GRAMME_TRY(FileDescriptor directory, OpenFile(path, O_RDONLY | O_DIRECTORY));
  GRAMME_TRY(const bool is_locked, TryLock(directory, path));
  if (!is_locked) return StoreError(StatusCode::kConflict, path + " is being written");
  GRAMME_TRY(const bool is_whole, Exists(PathOf(id, kManifestFile)));
  if (is_whole) return StoreError(StatusCode::kConflict, path + " is there already");
  GRAMME_RETURN_IF_ERROR(EmptyDirectory(path));
  GRAMME_RETURN_IF_ERROR(SyncDirectory(path_));
  return std::make_unique<DirectoryBackupDraft>(path, std::move(directory));
}

StoreResult<std::optional<std::string>> DirectoryBackupStorage::ReadManifest(
    std::string_view id) const {
  const std::string path = PathOf(id, kManifestFile);
  GRAMME_TRY(const bool exists, Exists(path));
  if (!exists) return std::optional<std::string>();
  GRAMME_TRY(const FileDescriptor file, OpenFile(path, O_RDONLY));
  GRAMME_TRY(const std::uint64_t size, SizeOf(file, path));
  GRAMME_TRY(std::string bytes, ReadAt(file, 0, size, path));
  return std::optional(std::move(bytes));
}

StoreResult<std::uint64_t> DirectoryBackupStorage::FileSize(std::string_view id,
                                                            std::string_view file) const {
  const std::string path = PathOf(id, file);
  GRAMME_TRY(const FileDescriptor open, OpenFile(path, O_RDONLY));
  return SizeOf(open, path);
}

StoreResult<std::string> DirectoryBackupStorage::Read(std::string_view id, std::string_view file,
                                                      std::uint64_t offset,
                                                      std::size_t byte_count) const {
  const std::string path = PathOf(id, file);
  GRAMME_TRY(const FileDescriptor open, OpenFile(path, O_RDONLY));
  return ReadAt(open, offset, byte_count, path);
}

StoreResult<void> DirectoryBackupStorage::Remove(std::string_view id) {
  const std::string path = PathOf(id);
  GRAMME_TRY(const bool exists, Exists(path));
  if (!exists) return {};
  GRAMME_RETURN_IF_ERROR(Unlink(PathOf(id, kManifestFile)));
  GRAMME_RETURN_IF_ERROR(SyncDirectory(path));
  GRAMME_RETURN_IF_ERROR(RemoveDirectory(path));
  return SyncDirectory(path_);
}

StoreResult<void> DirectoryBackupStorage::RemoveAbandoned(std::string_view id) {
  const std::string path = PathOf(id);
  GRAMME_TRY(const bool exists, Exists(path));
  if (!exists) return {};
  GRAMME_TRY(const FileDescriptor directory, OpenFile(path, O_RDONLY | O_DIRECTORY));
  GRAMME_TRY(const bool is_locked, TryLock(directory, path));
  GRAMME_TRY(const bool is_whole, Exists(PathOf(id, kManifestFile)));
  if (!is_locked || is_whole) return {};
  GRAMME_RETURN_IF_ERROR(RemoveDirectory(path));
  return SyncDirectory(path_);
}

}  // namespace gramme
