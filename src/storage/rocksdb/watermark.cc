#include "storage/rocksdb/watermark.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <fstream>
#include <string_view>
#include <utility>

#include "base/big_endian.h"
#include "base/result.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/files.h"

namespace gramme {
namespace {

// Part of the format, see docs/internals/formats.md.
constexpr std::string_view kMagic = "GRAMMEW1";
constexpr std::size_t kSlotBytes = 512;  // what a disk writes whole
constexpr std::size_t kSlotCount = 2;
constexpr std::size_t kBootIdBytes = 40;
constexpr std::size_t kBodyBytes = 8 + 4 * 8 + kBootIdBytes;
constexpr std::uint64_t kCleanStopFlag = 1;
constexpr std::uint64_t kRelaxedFlag = 2;

const rocksdb::IOOptions kIoOptions;

struct Slot {
  std::uint64_t write_count = 0;
  Watermark watermark;
};

std::string EncodeSlot(const Slot& slot) {
  std::string bytes(kMagic);
  AppendBigEndian64(slot.write_count, bytes);
  AppendBigEndian64(slot.watermark.commit_number, bytes);
  AppendBigEndian64(slot.watermark.sequence, bytes);
  AppendBigEndian64((slot.watermark.clean_stop ? kCleanStopFlag : 0) |
                        (slot.watermark.relaxed ? kRelaxedFlag : 0),
                    bytes);
  std::string boot_id = slot.watermark.boot_id;
  boot_id.resize(kBootIdBytes, '\0');
  bytes.append(boot_id);
  AppendBigEndian64(XXH3_64bits(bytes.data(), bytes.size()), bytes);
  bytes.resize(kSlotBytes, '\0');
  return bytes;
}

std::optional<Slot> DecodeSlot(std::string_view bytes) {
  if (bytes.size() < kBodyBytes + 8 || !bytes.starts_with(kMagic)) return std::nullopt;
  if (ReadBigEndian64(bytes.substr(kBodyBytes)) != XXH3_64bits(bytes.data(), kBodyBytes)) {
    return std::nullopt;
  }
  Slot slot;
  slot.write_count = ReadBigEndian64(bytes.substr(8));
  slot.watermark.commit_number = ReadBigEndian64(bytes.substr(16));
  slot.watermark.sequence = ReadBigEndian64(bytes.substr(24));
  const std::uint64_t flags = ReadBigEndian64(bytes.substr(32));
  slot.watermark.clean_stop = (flags & kCleanStopFlag) != 0;
  slot.watermark.relaxed = (flags & kRelaxedFlag) != 0;
  const std::string_view boot_id = bytes.substr(40, kBootIdBytes);
  slot.watermark.boot_id = std::string(boot_id.substr(0, boot_id.find('\0')));
  return slot;
}

StoreResult<std::optional<Slot>> ReadNewestSlot(rocksdb::FileSystem& files,
                                                const std::string& directory) {
  const std::string path = fmt::format("{}/{}", directory, kWatermarkFileName);
  GRAMME_TRY(const auto contents, ReadWholeFile(files, path));
  if (!contents) return std::optional<Slot>();
  std::optional<Slot> newest;
  for (std::size_t i = 0; i < kSlotCount && i * kSlotBytes < contents->size(); ++i) {
    auto slot = DecodeSlot(std::string_view(*contents).substr(i * kSlotBytes, kSlotBytes));
    if (slot && (!newest || slot->write_count > newest->write_count)) newest = std::move(slot);
  }
  if (!newest) {
    return StoreError(StatusCode::kCorruption,
                      path + " is damaged: no record of how far the log was durable is whole");
  }
  return newest;
}

}  // namespace

StoreResult<std::optional<Watermark>> ReadWatermark(rocksdb::FileSystem& files,
                                                    const std::string& directory) {
  GRAMME_TRY(const auto slot, ReadNewestSlot(files, directory));
  if (!slot) return std::optional<Watermark>();
  return std::optional(slot->watermark);
}

StoreResult<std::unique_ptr<WatermarkFile>> WatermarkFile::Open(
    const std::shared_ptr<rocksdb::FileSystem>& files, const std::string& directory) {
  GRAMME_TRY(auto slot, ReadNewestSlot(*files, directory));
  if (!slot) {
    // Both sectors are there from the start, so that no later write needs space.
    slot = Slot();
    GRAMME_RETURN_IF_ERROR(ReplaceFile(*files, directory, std::string(kWatermarkFileName),
                                       EncodeSlot(*slot) + EncodeSlot(*slot)));
  }
  std::string path = fmt::format("{}/{}", directory, kWatermarkFileName);
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  GRAMME_RETURN_IF_ERROR(CheckIo(
      files->NewRandomRWFile(path, rocksdb::FileOptions(), &file, nullptr), "opening", path));
  return std::unique_ptr<WatermarkFile>(
      new WatermarkFile(std::move(path), std::move(file), slot->write_count));
}

StoreResult<void> WatermarkFile::Write(const Watermark& watermark) {
  ++write_count_;
  const std::string bytes = EncodeSlot({.write_count = write_count_, .watermark = watermark});
  const std::uint64_t offset = write_count_ % kSlotCount * kSlotBytes;
  return CheckIo(file_->Write(offset, bytes, kIoOptions, nullptr), "writing", path_);
}

StoreResult<void> WatermarkFile::Sync() {
  return CheckIo(file_->Sync(kIoOptions, nullptr), "syncing", path_);
}

std::string ReadBootId() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string boot_id;
  std::getline(in, boot_id);
  boot_id.resize(std::min(boot_id.size(), kBootIdBytes));
  return boot_id;
}

}  // namespace gramme
