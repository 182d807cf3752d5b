#include "storage/rocksdb/prewritten_log.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "storage/rocksdb/wal_scan.h"

namespace gramme {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// A longer append pays for its own journal, and the zeros would cost more than they save.
constexpr std::size_t kShortAppendBytesMax = 64 << 10;

class PrewrittenLog : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  explicit PrewrittenLog(std::unique_ptr<rocksdb::FSWritableFile> file)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = target()->PositionedAppend(data, written_, options, debug);
    if (!status.ok()) return status;
    written_ += data.size();
    if (written_ > zeroed_end_) {
      zeroed_end_ = written_;
      if (data.size() <= kShortAppendBytesMax) WriteZeros(options, debug);
    }
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    written_ = zeroed_end_ = size;
    return target()->Truncate(size, options, debug);
  }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return written_; }

  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status;
    if (zeroed_end_ > written_) status = Truncate(written_, options, debug);
    const IOStatus closed = target()->Close(options, debug);
    return status.ok() ? closed : status;
  }

 private:
  void WriteZeros(const IOOptions& options, IODebugContext* debug) {
    static const std::string zeros(kPrewrittenBytes, '\0');
    if (!prewrites_) return;
    // Without space for them the log goes on as any other file does.
    prewrites_ = target()->PositionedAppend(zeros, written_, options, debug).ok();
    if (prewrites_) {
      zeroed_end_ += zeros.size();
    } else {
      static_cast<void>(target()->Truncate(written_, options, debug));
    }
  }

  std::uint64_t written_ = 0;
  std::uint64_t zeroed_end_ = 0;  // never below `written_`, between two calls
  bool prewrites_ = true;
};

// Reads a log from its end, a block at a time.
class LogTail {
 public:
  LogTail(rocksdb::FSRandomAccessFile& file, std::uint64_t size) : file_(file), size_(size) {}

  IOStatus Find(std::uint64_t* written) {
    *written = 0;
    if (size_ == 0) return IOStatus::OK();
    for (std::uint64_t start = (size_ - 1) / kWalBlockBytes * kWalBlockBytes;;
         start -= kWalBlockBytes) {
      std::string_view block;
      IOStatus status = Read(start, &block);
      if (!status.ok()) return status;
      const std::size_t last = block.find_last_not_of('\0');
      if (last != std::string_view::npos) {
        // Bytes behind the last one that is not zero may belong to a whole record.
        *written = start + std::max(last + 1, WholeWalFragmentsEnd(block));
        return status;
      }
      if (start == 0) return status;
    }
  }

 private:
  IOStatus Read(std::uint64_t start, std::string_view* block) {
    bytes_.resize(std::min<std::uint64_t>(kWalBlockBytes, size_ - start));
    Slice read;
    IOStatus status = file_.Read(start, bytes_.size(), IOOptions(), &read, bytes_.data(), nullptr);
    *block = read.ToStringView();
    return status;
  }

  rocksdb::FSRandomAccessFile& file_;
  std::uint64_t size_;
  std::string bytes_;
};

}  // namespace

std::unique_ptr<rocksdb::FSWritableFile> PrewriteLog(
    std::unique_ptr<rocksdb::FSWritableFile> file) {
  return std::make_unique<PrewrittenLog>(std::move(file));
}

IOStatus WrittenLogSize(rocksdb::FileSystem& files, const std::string& path, std::uint64_t* size) {
  std::uint64_t file_size = 0;
  IOStatus status = files.GetFileSize(path, IOOptions(), &file_size, nullptr);
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  status = files.NewRandomAccessFile(path, rocksdb::FileOptions(), &file, nullptr);
  if (!status.ok()) return status;
  return LogTail(*file, file_size).Find(size);
}

}  // namespace gramme
