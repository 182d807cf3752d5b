// The watermark: a small file that says how far the log was durable, written after each synced
// round and before its answers. Recovery compares what it finds with it, so that a log that lost
// its tail is noticed; no recovery mode of RocksDB notices that by itself.
//
// Two sectors, written in turn, so that a torn write leaves the other one.
// Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_STORAGE_ROCKSDB_WATERMARK_H_
#define GRAMME_STORAGE_ROCKSDB_WATERMARK_H_

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/status.h"

namespace gramme {

inline constexpr std::string_view kWatermarkFileName = "WATERMARK";

struct Watermark {
  std::uint64_t commit_number = 0;
  std::uint64_t sequence = 0;  // RocksDB's
  // Everything was flushed and closed; nothing was written since.
  bool clean_stop = false;
  // Written by a process that answers before it syncs: rounds after this one may be torn.
  bool relaxed = false;
  std::string boot_id;  // at most 40 bytes

  friend bool operator==(const Watermark&, const Watermark&) = default;
};

// The newest record of DIRECTORY/WATERMARK; nothing where the file is absent.
// Errors: kCorruption (no record of it is whole), kIoError.
StoreResult<std::optional<Watermark>> ReadWatermark(rocksdb::FileSystem& files,
                                                    const std::string& directory);

// Used by one thread at a time.
class WatermarkFile {
 public:
  // Creates the file where there is none, durably. Errors: kCorruption, kIoError, kOutOfSpace.
  static StoreResult<std::unique_ptr<WatermarkFile>> Open(
      const std::shared_ptr<rocksdb::FileSystem>& files, const std::string& directory);

  // Survives the end of the process once it returns, the loss of power once Sync() does.
  StoreResult<void> Write(const Watermark& watermark);
  StoreResult<void> Sync();

 private:
  WatermarkFile(std::string path, std::unique_ptr<rocksdb::FSRandomRWFile> file,
                std::uint64_t write_count)
      : path_(std::move(path)), file_(std::move(file)), write_count_(write_count) {}

  std::string path_;
  std::unique_ptr<rocksdb::FSRandomRWFile> file_;
  std::uint64_t write_count_;  // over the life of the file
};

// The machine's boot id, which changes when it restarts; empty where it cannot be told.
std::string ReadBootId();

}  // namespace gramme

#endif  // GRAMME_STORAGE_ROCKSDB_WATERMARK_H_
