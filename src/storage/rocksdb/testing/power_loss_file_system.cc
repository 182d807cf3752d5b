#include "storage/rocksdb/testing/power_loss_file_system.h"

#include <mutex>
#include <utility>

#include "storage/rocksdb/testing/power_loss_file.h"

namespace gramme {
namespace {

using rocksdb::IOStatus;

constexpr std::uint64_t kPlentyOfSpace = std::uint64_t{1} << 40;

class Lock : public rocksdb::FileLock {};

IOStatus Absent(const std::string& path) { return IOStatus::NotFound(path); }

}  // namespace

IOStatus PowerLossFileSystem::Open(const std::string& path, std::shared_ptr<PowerLossNode>* node) {
  const std::lock_guard lock(disk_->mutex());
  if (disk_->lost_power_since(boot_)) return NoPower();
  *node = disk_->Find(path);
  return *node == nullptr ? Absent(path) : IOStatus::OK();
}

IOStatus PowerLossFileSystem::ChangeEntry(const std::string& path,
                                          std::shared_ptr<PowerLossNode> node) {
  const auto [parent, name] = disk_->FindParent(path);
  if (parent == nullptr) return Absent(path);
  parent->Apply({{name, std::move(node)}});
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::NewSequentialFile(const std::string& path,
                                                const rocksdb::FileOptions&,
                                                std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                                Debug*) {
  std::shared_ptr<PowerLossNode> node;
  IOStatus status = Open(path, &node);
  if (status.ok()) *result = MakeSequentialFile(PowerLossFile(disk_, boot_, path, node));
  return status;
}

IOStatus PowerLossFileSystem::NewRandomAccessFile(
    const std::string& path, const rocksdb::FileOptions&,
    std::unique_ptr<rocksdb::FSRandomAccessFile>* result, Debug*) {
  std::shared_ptr<PowerLossNode> node;
  IOStatus status = Open(path, &node);
  if (status.ok()) *result = MakeRandomAccessFile(PowerLossFile(disk_, boot_, path, node));
  return status;
}

IOStatus PowerLossFileSystem::NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                                              Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  std::shared_ptr<PowerLossNode> node = disk_->Find(path);
  if (node == nullptr) {
    node = std::make_shared<PowerLossNode>();
    if (IOStatus status = ChangeEntry(path, node); !status.ok()) return status;
  }
  node->bytes.clear();
  *result = MakeWritableFile(PowerLossFile(disk_, boot_, path, node));
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::NewRandomRWFile(const std::string& path, const rocksdb::FileOptions&,
                                              std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                              Debug*) {
  std::shared_ptr<PowerLossNode> node;
  IOStatus status = Open(path, &node);
  if (status.ok()) *result = MakeRandomRWFile(PowerLossFile(disk_, boot_, path, node));
  return status;
}

IOStatus PowerLossFileSystem::NewDirectory(const std::string& path, const Options&,
                                           std::unique_ptr<rocksdb::FSDirectory>* result, Debug*) {
  std::shared_ptr<PowerLossNode> node;
  IOStatus status = Open(path, &node);
  if (status.ok()) *result = MakeDirectoryFile(PowerLossFile(disk_, boot_, path, node));
  return status;
}

IOStatus PowerLossFileSystem::FileExists(const std::string& path, const Options&, Debug*) {
  std::shared_ptr<PowerLossNode> node;
  return Open(path, &node);
}

IOStatus PowerLossFileSystem::GetChildren(const std::string& path, const Options&,
                                          std::vector<std::string>* result, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (disk_->lost_power_since(boot_)) return NoPower();
  result->clear();
  const std::shared_ptr<PowerLossNode> node = disk_->Find(path);
  if (node == nullptr || !node->is_directory) return Absent(path);
  for (const auto& [name, child] : node->entries) result->push_back(name);
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::DeleteFile(const std::string& path, const Options&, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  const std::shared_ptr<PowerLossNode> node = disk_->Find(path);
  if (node == nullptr || node->is_directory) return Absent(path);
  return ChangeEntry(path, nullptr);
}

IOStatus PowerLossFileSystem::CreateDir(const std::string& path, const Options&, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  if (disk_->Find(path) != nullptr) return IOStatus::IOError(path, "exists");
  auto node = std::make_shared<PowerLossNode>();
  node->is_directory = true;
  return ChangeEntry(path, std::move(node));
}

IOStatus PowerLossFileSystem::CreateDirIfMissing(const std::string& path, const Options& options,
                                                 Debug* debug) {
  if (FileExists(path, options, debug).ok()) return IOStatus::OK();
  return CreateDir(path, options, debug);
}

IOStatus PowerLossFileSystem::DeleteDir(const std::string& path, const Options&, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  const std::shared_ptr<PowerLossNode> node = disk_->Find(path);
  if (node == nullptr || !node->is_directory) return Absent(path);
  if (!node->entries.empty()) return IOStatus::IOError(path, "is not empty");
  return ChangeEntry(path, nullptr);
}

IOStatus PowerLossFileSystem::GetFileSize(const std::string& path, const Options&,
                                          std::uint64_t* size, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (disk_->lost_power_since(boot_)) return NoPower();
  const std::shared_ptr<PowerLossNode> node = disk_->Find(path);
  if (node == nullptr) return Absent(path);
  *size = node->bytes.size();
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::GetFileModificationTime(const std::string&, const Options&,
                                                      std::uint64_t* time, Debug*) {
  *time = 0;
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::RenameFile(const std::string& from, const std::string& to,
                                         const Options&, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  const std::shared_ptr<PowerLossNode> node = disk_->Find(from);
  if (node == nullptr) return Absent(from);
  const auto [from_parent, from_name] = disk_->FindParent(from);
  const auto [to_parent, to_name] = disk_->FindParent(to);
  if (to_parent == nullptr) return Absent(to);
  if (from_parent == to_parent) {
    from_parent->Apply({{from_name, nullptr}, {to_name, node}});
  } else {
    to_parent->Apply({{to_name, node}});
    from_parent->Apply({{from_name, nullptr}});
  }
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::LinkFile(const std::string& from, const std::string& to,
                                       const Options&, Debug*) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  std::shared_ptr<PowerLossNode> node = disk_->Find(from);
  if (node == nullptr) return Absent(from);
  if (disk_->Find(to) != nullptr) return IOStatus::IOError(to, "exists");
  return ChangeEntry(to, std::move(node));
}

IOStatus PowerLossFileSystem::LockFile(const std::string& path, const Options& options,
                                       rocksdb::FileLock** lock, Debug* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = NewWritableFile(path, rocksdb::FileOptions(), &file, debug);
  static_cast<void>(options);
  *lock = status.ok() ? std::make_unique<Lock>().release() : nullptr;
  return status;
}

IOStatus PowerLossFileSystem::UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) {
  const std::unique_ptr<rocksdb::FileLock> released(lock);
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::GetTestDirectory(const Options&, std::string* path, Debug*) {
  *path = "/test";
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::GetAbsolutePath(const std::string& path, const Options&,
                                              std::string* result, Debug*) {
  *result = path;
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::GetFreeSpace(const std::string&, const Options&, std::uint64_t* free,
                                           Debug*) {
  const std::lock_guard lock(disk_->mutex());
  const std::uint64_t used = disk_->used_byte_count();
  *free = std::min(kPlentyOfSpace, disk_->capacity() - std::min(used, disk_->capacity()));
  return IOStatus::OK();
}

IOStatus PowerLossFileSystem::IsDirectory(const std::string& path, const Options&, bool* result,
                                          Debug*) {
  std::shared_ptr<PowerLossNode> node;
  IOStatus status = Open(path, &node);
  if (status.ok()) *result = node->is_directory;
  return status;
}

}  // namespace gramme
