#include "backup/backup_reader.h"

#include <fmt/format.h>

#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

std::unexpected<Status> Damaged(const BackupFile& file, std::string_view why) {
  return StoreError(StatusCode::kCorruption, fmt::format("{}: {}", file.name, why));
}

// The same error, with the file that it is about.
Status In(const BackupFile& file, const Status& status) {
  return {status.code(), fmt::format("{}: {}", file.name, status.message())};
}

}  // namespace

StoreResult<BackupManifest> ReadManifest(const BackupStorage& storage, std::string_view id) {
  GRAMME_TRY(const auto bytes, storage.ReadManifest(id));
  if (!bytes) return StoreError(StatusCode::kCorruption, "no manifest: not a whole backup");
  auto manifest = DecodeManifest(*bytes);
  if (!manifest) {
    return std::unexpected(In({.name = std::string(kManifestFile)}, manifest.error()));
  }
  if (manifest->id != id) {
    return StoreError(StatusCode::kCorruption, "the manifest is that of backup " + manifest->id);
  }
  return manifest;
}

StoreResult<BackupDescription> ReadDefinitions(const BackupStorage& storage,
                                               const BackupManifest& manifest) {
  const BackupFile& file = manifest.definitions;
  GRAMME_TRY(const std::uint64_t size, storage.FileSize(manifest.id, file.name));
  if (size != file.byte_count) return Damaged(file, "has another length than the manifest says");
  GRAMME_TRY(const std::string bytes, storage.Read(manifest.id, file.name, 0, file.byte_count));
  if (Sha256Of(bytes) != file.sha256) return Damaged(file, "has another SHA-256 than it should");
  auto description = DecodeBackupDescription(bytes);
  if (!description) return std::unexpected(In(file, description.error()));
  if (description->id != manifest.id || description->counts != manifest.counts) {
    return Damaged(file, "belongs to another backup");
  }
  description->status = BackupStatus::kAvailable;
  return description;
}

StoreResult<std::optional<BackupBlock>> BackupCursor::Next() {
  while (position_.file_index < manifest_.data_files.size()) {
    const BackupFile& file = manifest_.data_files[position_.file_index];
    if (position_.offset == 0) GRAMME_RETURN_IF_ERROR(BeginFile(file));
    if (position_.offset == file.byte_count) {
      GRAMME_RETURN_IF_ERROR(EndFile(file));
      continue;
    }
    GRAMME_TRY(const std::string head, Take(file, kBlockLengthBytes));
    const auto length = DecodeBlockLength(head);
    if (!length) return std::unexpected(In(file, length.error()));
    GRAMME_TRY(const std::string stored, Take(file, *length));
    auto block = DecodeBlock(stored);
    if (!block) {
      return std::unexpected(
          In(file, {block.error().code(),
                    fmt::format("{}, at byte {}", block.error().message(),
                                position_.offset - stored.size() - head.size())}));
    }
    item_count_ += block->entries.size();
    return std::optional(*std::move(block));
  }
  return std::optional<BackupBlock>();
}

StoreResult<void> BackupCursor::BeginFile(const BackupFile& file) {
  GRAMME_TRY(const std::uint64_t size, storage_.FileSize(manifest_.id, file.name));
  if (size != file.byte_count) return Damaged(file, "has another length than the manifest says");
  hash_.emplace();
  item_count_ = 0;
  GRAMME_TRY(const std::string magic, Take(file, kDataFileMagic.size()));
  if (magic != kDataFileMagic) return Damaged(file, "is not a data file of a backup");
  return {};
}

StoreResult<void> BackupCursor::EndFile(const BackupFile& file) {
  if (hash_) {
    if (hash_->Finish() != file.sha256) return Damaged(file, "has another SHA-256 than it should");
    if (item_count_ != file.item_count) return Damaged(file, "has another number of items");
  }
  hash_.reset();
  position_ = {.file_index = position_.file_index + 1, .offset = 0};
  return {};
}

StoreResult<std::string> BackupCursor::Take(const BackupFile& file, std::size_t byte_count) {
  if (file.byte_count - position_.offset < byte_count) return Damaged(file, "ends in a block");
  GRAMME_TRY(std::string bytes,
             storage_.Read(manifest_.id, file.name, position_.offset, byte_count));
  if (hash_) hash_->Add(bytes);
  position_.offset += byte_count;
  return bytes;
}

}  // namespace gramme
