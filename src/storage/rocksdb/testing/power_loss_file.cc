#include "storage/rocksdb/testing/power_loss_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace gramme {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class SequentialFile : public rocksdb::FSSequentialFile {
 public:
  explicit SequentialFile(PowerLossFile file) : file_(std::move(file)) {}

  IOStatus Read(std::size_t count, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    IOStatus status = file_.Read(offset_, count, result, scratch);
    if (status.ok()) offset_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t count) override {
    offset_ += count;
    return IOStatus::OK();
  }

 private:
  PowerLossFile file_;
  std::uint64_t offset_ = 0;
};

class RandomAccessFile : public rocksdb::FSRandomAccessFile {
 public:
  explicit RandomAccessFile(PowerLossFile file) : file_(std::move(file)) {}

  IOStatus Read(std::uint64_t offset, std::size_t count, const IOOptions&, Slice* result,
                char* scratch, IODebugContext*) const override {
    return file_.Read(offset, count, result, scratch);
  }

 private:
  PowerLossFile file_;
};

class WritableFile : public rocksdb::FSWritableFile {
 public:
  explicit WritableFile(PowerLossFile file) : file_(std::move(file)) {}

  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return file_.Append(data);
  }
  using rocksdb::FSWritableFile::PositionedAppend;
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions&,
                            IODebugContext*) override {
    return file_.Write(offset, data);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    return file_.Truncate(size);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return file_.Sync(); }
  bool IsSyncThreadSafe() const override { return true; }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return file_.Size(); }

 private:
  PowerLossFile file_;
};

class RandomRWFile : public rocksdb::FSRandomRWFile {
 public:
  explicit RandomRWFile(PowerLossFile file) : file_(std::move(file)) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions&,
                 IODebugContext*) override {
    return file_.Write(offset, data);
  }
  IOStatus Read(std::uint64_t offset, std::size_t count, const IOOptions&, Slice* result,
                char* scratch, IODebugContext*) const override {
    return file_.Read(offset, count, result, scratch);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return file_.Sync(); }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  PowerLossFile file_;
};

class Directory : public rocksdb::FSDirectory {
 public:
  explicit Directory(PowerLossFile file) : file_(std::move(file)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return file_.Sync(); }

 private:
  PowerLossFile file_;
};

}  // namespace

IOStatus PowerLossFile::Read(std::uint64_t offset, std::size_t count, Slice* result,
                             char* scratch) const {
  const std::lock_guard lock(disk_->mutex());
  // Reading changes nothing, so it does not count as a moment to lose power at.
  // An imported table stays readable: RocksDB 7.8 aborts where it cannot read one, and what a
  // process without power reads matters to nobody.
  const bool is_readable = path_.find("/imports/") != std::string::npos;
  if (disk_->lost_power_since(boot_) && !is_readable) return NoPower();
  const std::string& bytes = node_->bytes;
  const std::size_t start = std::min<std::size_t>(offset, bytes.size());
  const std::size_t length = std::min(count, bytes.size() - start);
  std::memcpy(scratch, bytes.data() + start, length);
  *result = Slice(scratch, length);
  return IOStatus::OK();
}

IOStatus PowerLossFile::Append(const Slice& data) { return Write(Size(), data); }

IOStatus PowerLossFile::Write(std::uint64_t offset, const Slice& data) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  const std::uint64_t end = offset + data.size();
  std::uint64_t end_max = end;
  if (end > node_->bytes.size() && disk_->capacity() != std::numeric_limits<std::uint64_t>::max()) {
    const std::uint64_t used = disk_->used_byte_count();
    const std::uint64_t room = disk_->capacity() - std::min(used, disk_->capacity());
    end_max = std::min(end, node_->bytes.size() + room);
  }
  if (node_->bytes.size() < end_max) node_->bytes.resize(end_max);
  if (offset < end_max) {
    std::memcpy(node_->bytes.data() + offset, data.data(),
                std::min<std::uint64_t>(data.size(), end_max - offset));
  }
  return end_max < end ? IOStatus::NoSpace("the disk is full") : IOStatus::OK();
}

IOStatus PowerLossFile::Truncate(std::uint64_t size) {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  node_->bytes.resize(size);
  return IOStatus::OK();
}

IOStatus PowerLossFile::Sync() {
  const std::lock_guard lock(disk_->mutex());
  if (!disk_->Operate(boot_)) return NoPower();
  if (disk_->SyncFails(path_)) return IOStatus::IOError("the sync failed");
  if (node_->is_directory) {
    node_->SyncEntries();
  } else {
    node_->synced_bytes = node_->bytes;
  }
  return IOStatus::OK();
}

std::uint64_t PowerLossFile::Size() const {
  const std::lock_guard lock(disk_->mutex());
  return node_->bytes.size();
}

std::unique_ptr<rocksdb::FSSequentialFile> MakeSequentialFile(PowerLossFile file) {
  return std::make_unique<SequentialFile>(std::move(file));
}
std::unique_ptr<rocksdb::FSRandomAccessFile> MakeRandomAccessFile(PowerLossFile file) {
  return std::make_unique<RandomAccessFile>(std::move(file));
}
std::unique_ptr<rocksdb::FSWritableFile> MakeWritableFile(PowerLossFile file) {
  return std::make_unique<WritableFile>(std::move(file));
}
std::unique_ptr<rocksdb::FSRandomRWFile> MakeRandomRWFile(PowerLossFile file) {
  return std::make_unique<RandomRWFile>(std::move(file));
}
std::unique_ptr<rocksdb::FSDirectory> MakeDirectoryFile(PowerLossFile file) {
  return std::make_unique<Directory>(std::move(file));
}

}  // namespace gramme
