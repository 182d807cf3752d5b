// The open files and directories of a PowerLossFileSystem.

#ifndef GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_FILE_H_
#define GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_FILE_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>

#include "storage/rocksdb/testing/power_loss_disk.h"

namespace gramme {

inline rocksdb::IOStatus NoPower() { return rocksdb::IOStatus::IOError("the power is off"); }

// One open node, and the boot that it was opened in. All methods are thread-safe.
class PowerLossFile {
 public:
  PowerLossFile(std::shared_ptr<PowerLossDisk> disk, std::uint64_t boot, std::string path,
                std::shared_ptr<PowerLossNode> node)
      : disk_(std::move(disk)), boot_(boot), path_(std::move(path)), node_(std::move(node)) {}

  // Points `result` into `scratch`.
  rocksdb::IOStatus Read(std::uint64_t offset, std::size_t count, rocksdb::Slice* result,
                         char* scratch) const;
  rocksdb::IOStatus Append(const rocksdb::Slice& data);
  rocksdb::IOStatus Write(std::uint64_t offset, const rocksdb::Slice& data);
  rocksdb::IOStatus Truncate(std::uint64_t size);
  rocksdb::IOStatus Sync();
  std::uint64_t Size() const;

 private:
  std::shared_ptr<PowerLossDisk> disk_;
  std::uint64_t boot_;
  std::string path_;
  std::shared_ptr<PowerLossNode> node_;
};

std::unique_ptr<rocksdb::FSSequentialFile> MakeSequentialFile(PowerLossFile file);
std::unique_ptr<rocksdb::FSRandomAccessFile> MakeRandomAccessFile(PowerLossFile file);
std::unique_ptr<rocksdb::FSWritableFile> MakeWritableFile(PowerLossFile file);
std::unique_ptr<rocksdb::FSRandomRWFile> MakeRandomRWFile(PowerLossFile file);
std::unique_ptr<rocksdb::FSDirectory> MakeDirectoryFile(PowerLossFile file);

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TESTING_POWER_LOSS_FILE_H_
