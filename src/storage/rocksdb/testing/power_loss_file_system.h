// PowerLossFileSystem: RocksDB's FileSystem on a PowerLossDisk, for one boot of it. After the power
// was lost everything fails; make another one for the next boot.

#ifndef GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_FILE_SYSTEM_H_
#define GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_FILE_SYSTEM_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/rocksdb/testing/power_loss_disk.h"

namespace gramme {

// Thread-safe.
class PowerLossFileSystem : public rocksdb::FileSystem {
 public:
  using Options = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;

  explicit PowerLossFileSystem(std::shared_ptr<PowerLossDisk> disk)
      : disk_(std::move(disk)), boot_(disk_->boot()) {}

  const char* Name() const override { return "GrammePowerLossFileSystem"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions&,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      Debug*) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions&,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        Debug*) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    Debug*) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions&,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                                    Debug*) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const Options&,
                                 std::unique_ptr<rocksdb::FSDirectory>* result, Debug*) override;
  rocksdb::IOStatus FileExists(const std::string& path, const Options&, Debug*) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const Options&,
                                std::vector<std::string>* result, Debug*) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const Options&, Debug*) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const Options&, Debug*) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const Options&, Debug*) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const Options&, Debug*) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const Options&, std::uint64_t* size,
                                Debug*) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string& path, const Options&,
                                            std::uint64_t* time, Debug*) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const Options&,
                               Debug*) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const Options&,
                             Debug*) override;
  rocksdb::IOStatus LockFile(const std::string& path, const Options&, rocksdb::FileLock** lock,
                             Debug*) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const Options&, Debug*) override;
  rocksdb::IOStatus GetTestDirectory(const Options&, std::string* path, Debug*) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string& path, const Options&, std::string* result,
                                    Debug*) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const Options&, std::uint64_t* free,
                                 Debug*) override;
  rocksdb::IOStatus IsDirectory(const std::string& path, const Options&, bool* result,
                                Debug*) override;

 private:
  // The node, opened for reading.
  rocksdb::IOStatus Open(const std::string& path, std::shared_ptr<PowerLossNode>* node);
  // Changes one entry of the directory that holds `path`. Under the lock.
  rocksdb::IOStatus ChangeEntry(const std::string& path, std::shared_ptr<PowerLossNode> node);

  std::shared_ptr<PowerLossDisk> disk_;
  std::uint64_t boot_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_FILE_SYSTEM_H_
