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
#include <mutex>
#include <system_error>
#include <utility>

#include "backup/posix_file.h"
#include "base/result.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr int kDirectoryPermissions = 0750;
// What has been appended is written to the disk in pieces of this size, so that the sync at the end
// is short and others get at the disk between them.
constexpr std::uint64_t kWriteBytes = 4 << 20;
// How far the disk reads ahead of a reader that goes through a file.
constexpr std::uint64_t kReadAheadBytes = 4 << 20;
// The manifest until it is whole. Part of the format: a reader ignores it.
constexpr std::string_view kManifestDraftFile = "MANIFEST.draft";

StoreResult<bool> Exists(const std::string& path) {
  struct stat found = {};
  if (::stat(path.c_str(), &found) == 0) return true;
  if (errno == ENOENT) return false;
  return std::unexpected(ErrnoStatus("looking for", path));
}

// Those of directories, or those of everything else.
StoreResult<std::vector<std::string>> NamesIn(const std::string& path, bool of_directories) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(path, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code unknown;
    if (entry->is_directory(unknown) == of_directories) {
      names.push_back(entry->path().filename().string());
    }
  }
  if (error) {
    return StoreError(StatusCode::kIoError, fmt::format("listing {}: {}", path, error.message()));
  }
  std::ranges::sort(names);
  return names;
}

StoreResult<void> Unlink(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return std::unexpected(ErrnoStatus("removing", path));
}

// Directories in it are nobody's that we know, and stay.
StoreResult<void> EmptyDirectory(const std::string& path) {
  GRAMME_TRY(const std::vector<std::string> names, NamesIn(path, false));
  for (const std::string& name : names) GRAMME_RETURN_IF_ERROR(Unlink(path + "/" + name));
  return {};
}

StoreResult<void> RemoveDirectory(const std::string& path) {
  GRAMME_RETURN_IF_ERROR(EmptyDirectory(path));
  if (::rmdir(path.c_str()) == 0 || errno == ENOENT || errno == ENOTEMPTY) return {};
  return std::unexpected(ErrnoStatus("removing", path));
}

// Makes the last directory of the path only: where the one above is missing, a disk is not mounted
// rather than new.
StoreResult<void> MakeDirectory(const std::string& path) {
  if (::mkdir(path.c_str(), kDirectoryPermissions) == 0) {
    // Its name, too, must survive a loss of power.
    return SyncDirectory((fs::path(path) / "..").string());
  }
  if (errno == EEXIST) return {};
  const int error = errno;
  std::string message = fmt::format("making the directory of backups {}: {}", path,
                                    std::generic_category().message(error));
  if (error == ENOENT) message += "; the one above it is missing: is its disk mounted?";
  return StoreError(StatusCode::kIoError, std::move(message));
}

StoreResult<void> CheckWritable(const std::string& path) {
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) return {};
  return StoreError(StatusCode::kIoError,
                    fmt::format("the directory of backups {} cannot be written: {}", path,
                                std::generic_category().message(errno)));
}

// Whether `path` still names what was opened: somebody may have removed it before it was locked.
bool IsAt(const FileDescriptor& opened, const std::string& path) {
  struct stat here = {};
  struct stat there = {};
  return ::fstat(opened.get(), &here) == 0 && ::stat(path.c_str(), &there) == 0 &&
         here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

class DirectoryBackupDraft : public BackupDraft {
 public:
  DirectoryBackupDraft(std::string path, FileDescriptor directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

  StoreResult<void> Append(std::string_view file, std::string_view bytes) override {
    const std::string path = fmt::format("{}/{}", path_, file);
    GRAMME_TRY(OpenedFile * open, Opened(file, path));
    GRAMME_RETURN_IF_ERROR(WriteAll(open->descriptor, bytes, path));
    open->byte_count += bytes.size();
    if (open->byte_count - open->started_byte_count >= kWriteBytes) {
      StartWriting(open->descriptor, open->started_byte_count,
                   open->byte_count - open->started_byte_count);
      open->started_byte_count = open->byte_count;
    }
    return {};
  }

  StoreResult<void> Finish(std::string_view file) override {
    std::map<std::string, OpenedFile, std::less<>>::node_type finished;
    {
      const std::lock_guard lock(mutex_);
      const auto found = open_.find(file);
      if (found == open_.end()) return {};
      finished = open_.extract(found);
    }
    const FileDescriptor& descriptor = finished.mapped().descriptor;
    GRAMME_RETURN_IF_ERROR(Sync(descriptor, fmt::format("{}/{}", path_, file)));
    LetGoOfCache(descriptor);
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
  struct OpenedFile {
    FileDescriptor descriptor;
    std::uint64_t byte_count = 0;
    std::uint64_t started_byte_count = 0;  // of them, what the disk was told to write
  };

  // Valid until the file is finished.
  StoreResult<OpenedFile*> Opened(std::string_view file, const std::string& path) {
    const std::lock_guard lock(mutex_);
    auto found = open_.find(file);
    if (found == open_.end()) {
      GRAMME_TRY(FileDescriptor made, OpenFile(path, O_WRONLY | O_CREAT | O_EXCL));
      found = open_.emplace(std::string(file), OpenedFile{.descriptor = std::move(made)}).first;
    }
    return &found->second;
  }

  const std::string path_;
  const FileDescriptor directory_;  // holds the lock
  std::mutex mutex_;
  std::map<std::string, OpenedFile, std::less<>> open_;
};

}  // namespace

StoreResult<std::unique_ptr<DirectoryBackupStorage>> DirectoryBackupStorage::Make(std::string path,
                                                                                  Open open) {
  if (open == Open::kCreate) GRAMME_RETURN_IF_ERROR(MakeDirectory(path));
  if (std::error_code unknown; !fs::is_directory(path, unknown)) {
    return StoreError(StatusCode::kIoError, "no directory " + path);
  }
  if (open == Open::kCreate) GRAMME_RETURN_IF_ERROR(CheckWritable(path));
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
  GRAMME_TRY(std::vector<std::string> names, NamesIn(path_, true));
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
  if (!is_locked || !IsAt(directory, path)) {
    return StoreError(StatusCode::kConflict, path + " is being written");
  }
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
  std::string bytes(size, '\0');
  GRAMME_RETURN_IF_ERROR(ReadAt(file, 0, bytes, path));
  return std::optional(std::move(bytes));
}

StoreResult<std::uint64_t> DirectoryBackupStorage::FileSize(std::string_view id,
                                                            std::string_view file) const {
  const std::string path = PathOf(id, file);
  GRAMME_TRY(const FileDescriptor open, OpenFile(path, O_RDONLY));
  return SizeOf(open, path);
}

StoreResult<void> DirectoryBackupStorage::Read(std::string_view id, std::string_view file,
                                               std::uint64_t offset, std::span<char> into) const {
  const std::string path = PathOf(id, file);
  GRAMME_TRY(const FileDescriptor open, OpenFile(path, O_RDONLY));
  StartReading(open, offset, into.size() + kReadAheadBytes);
  return ReadAt(open, offset, into, path);
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
  if (const auto removed = RemoveDirectory(path); !removed) {
    // Where nothing can be written, nothing is to be cleared up either.
    if (::access(path.c_str(), W_OK) != 0 && errno == EROFS) return {};
    return removed;
  }
  return SyncDirectory(path_);
}

}  // namespace gramme
