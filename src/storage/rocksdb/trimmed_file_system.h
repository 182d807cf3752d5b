// TrimmedFileSystem: shows one file without its end, and changes nothing. For looking at a database
// as it would be once a torn end were cut off.

#ifndef GRAMME_STORAGE_ROCKSDB_TRIMMED_FILE_SYSTEM_H_
#define GRAMME_STORAGE_ROCKSDB_TRIMMED_FILE_SYSTEM_H_

#include <rocksdb/file_system.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace gramme {

// Thread-safe.
class TrimmedFileSystem : public rocksdb::FileSystemWrapper {
 public:
  // The file at `path` reads as `contents`.
  TrimmedFileSystem(const std::shared_ptr<rocksdb::FileSystem>& target, std::string path,
                    std::string contents)
      : rocksdb::FileSystemWrapper(target),
        path_(std::move(path)),
        contents_(std::make_shared<const std::string>(std::move(contents))) {}

  const char* Name() const override { return "GrammeTrimmedFileSystem"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext* debug) override {
    if (path != path_) {
      return rocksdb::FileSystemWrapper::NewSequentialFile(path, options, result, debug);
    }
    *result = std::make_unique<Contents>(contents_);
    return rocksdb::IOStatus::OK();
  }

  rocksdb::IOStatus GetFileSize(const std::string& path, const rocksdb::IOOptions& options,
                                std::uint64_t* size, rocksdb::IODebugContext* debug) override {
    if (path != path_) return rocksdb::FileSystemWrapper::GetFileSize(path, options, size, debug);
    *size = contents_->size();
    return rocksdb::IOStatus::OK();
  }

 private:
  class Contents : public rocksdb::FSSequentialFile {
   public:
    explicit Contents(std::shared_ptr<const std::string> bytes) : bytes_(std::move(bytes)) {}

    rocksdb::IOStatus Read(std::size_t count, const rocksdb::IOOptions&, rocksdb::Slice* result,
                           char* scratch, rocksdb::IODebugContext*) override {
      const std::size_t length = std::min(count, bytes_->size() - offset_);
      std::memcpy(scratch, bytes_->data() + offset_, length);
      *result = rocksdb::Slice(scratch, length);
      offset_ += length;
      return rocksdb::IOStatus::OK();
    }
    rocksdb::IOStatus Skip(std::uint64_t count) override {
      offset_ += std::min<std::size_t>(count, bytes_->size() - offset_);
      return rocksdb::IOStatus::OK();
    }

   private:
    std::shared_ptr<const std::string> bytes_;
    std::size_t offset_ = 0;
  };

  std::string path_;
  std::shared_ptr<const std::string> contents_;
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_TRIMMED_FILE_SYSTEM_H_
