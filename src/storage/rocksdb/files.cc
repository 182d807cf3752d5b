#include "storage/rocksdb/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/result.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace gramme {
namespace {

const rocksdb::IOOptions kIoOptions;

}  // namespace

StoreResult<void> CheckIo(const rocksdb::IOStatus& status, std::string_view doing,
                          std::string_view path) {
  if (status.ok()) return {};
  const StatusCode code = status.IsNoSpace() ? StatusCode::kOutOfSpace : StatusCode::kIoError;
  return StoreError(code, fmt::format("{} {}: {}", doing, path, status.ToString()));
}

StoreResult<std::optional<std::string>> ReadWholeFile(rocksdb::FileSystem& files,
                                                      const std::string& path) {
  const rocksdb::IOStatus exists = files.FileExists(path, kIoOptions, nullptr);
  if (exists.IsNotFound()) return std::optional<std::string>();
  GRAMME_RETURN_IF_ERROR(CheckIo(exists, "looking for", path));
  std::string contents;
  const rocksdb::Status status = rocksdb::ReadFileToString(&files, path, &contents);
  if (!status.ok()) return std::unexpected(FromRocksDb(status, "reading " + path));
  return std::optional(std::move(contents));
}

StoreResult<void> ReplaceFile(rocksdb::FileSystem& files, const std::string& directory,
                              const std::string& name, std::string_view contents) {
  const std::string path = directory + "/" + name;
  const std::string fresh = path + ".new";
  const rocksdb::Status written = rocksdb::WriteStringToFile(
      &files, rocksdb::Slice(contents.data(), contents.size()), fresh, /*should_sync=*/true);
  if (!written.ok()) return std::unexpected(FromRocksDb(written, "writing " + fresh));
  GRAMME_RETURN_IF_ERROR(
      CheckIo(files.RenameFile(fresh, path, kIoOptions, nullptr), "renaming to", path));
  return SyncDirectory(files, directory);
}

StoreResult<void> MakeDirectory(rocksdb::FileSystem& files, const std::string& path) {
  if (files.FileExists(path, kIoOptions, nullptr).ok()) return {};
  const std::size_t slash = path.find_last_of('/');
  const std::string parent = slash == 0                   ? "/"
                             : slash == std::string::npos ? "."
                                                          : path.substr(0, slash);
  if (slash != 0 && slash != std::string::npos)
    GRAMME_RETURN_IF_ERROR(MakeDirectory(files, parent));
  GRAMME_RETURN_IF_ERROR(
      CheckIo(files.CreateDirIfMissing(path, kIoOptions, nullptr), "creating", path));
  return SyncDirectory(files, parent);
}

StoreResult<void> SyncDirectory(rocksdb::FileSystem& files, const std::string& path) {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  GRAMME_RETURN_IF_ERROR(
      CheckIo(files.NewDirectory(path, kIoOptions, &directory, nullptr), "opening", path));
  return CheckIo(directory->Fsync(kIoOptions, nullptr), "syncing", path);
}

StoreResult<std::vector<std::string>> ListDirectory(rocksdb::FileSystem& files,
                                                    const std::string& path) {
  std::vector<std::string> names;
  const rocksdb::IOStatus exists = files.FileExists(path, kIoOptions, nullptr);
  if (exists.IsNotFound()) return names;
  GRAMME_RETURN_IF_ERROR(CheckIo(exists, "looking for", path));
  GRAMME_RETURN_IF_ERROR(
      CheckIo(files.GetChildren(path, kIoOptions, &names, nullptr), "listing", path));
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  std::sort(names.begin(), names.end());
  return names;
}

StoreResult<bool> IsDirectory(rocksdb::FileSystem& files, const std::string& path) {
  bool is_directory = false;
  GRAMME_RETURN_IF_ERROR(
      CheckIo(files.IsDirectory(path, kIoOptions, &is_directory, nullptr), "looking at", path));
  return is_directory;
}

StoreResult<void> RemoveTree(rocksdb::FileSystem& files, const std::string& path) {
  if (files.FileExists(path, kIoOptions, nullptr).IsNotFound()) return {};
  GRAMME_TRY(const auto names, ListDirectory(files, path));
  for (const std::string& name : names) {
    const std::string child = path + "/" + name;
    GRAMME_TRY(const bool is_directory, IsDirectory(files, child));
    if (is_directory) {
      GRAMME_RETURN_IF_ERROR(RemoveTree(files, child));
    } else {
      GRAMME_RETURN_IF_ERROR(
          CheckIo(files.DeleteFile(child, kIoOptions, nullptr), "removing", child));
    }
  }
  return CheckIo(files.DeleteDir(path, kIoOptions, nullptr), "removing", path);
}

StoreResult<std::uint64_t> TreeByteCount(rocksdb::FileSystem& files, const std::string& path) {
  std::uint64_t total = 0;
  GRAMME_TRY(const auto names, ListDirectory(files, path));
  for (const std::string& name : names) {
    const std::string child = path + "/" + name;
    GRAMME_TRY(const bool is_directory, IsDirectory(files, child));
    std::uint64_t byte_count = 0;
    if (is_directory) {
      GRAMME_TRY(byte_count, TreeByteCount(files, child));
    } else {
      GRAMME_RETURN_IF_ERROR(
          CheckIo(files.GetFileSize(child, kIoOptions, &byte_count, nullptr), "measuring", child));
    }
    total += byte_count;
  }
  return total;
}

}  // namespace gramme
