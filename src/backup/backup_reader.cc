#include "backup/backup_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "base/result.h"

namespace gramme {
namespace {

// Read at once: much beside the cost of a call, little beside what the processor keeps at hand.
constexpr std::size_t kReadBytes = 1 << 20;

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
  std::string bytes(file.byte_count, '\0');
  GRAMME_RETURN_IF_ERROR(storage.Read(manifest.id, file.name, 0, bytes));
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
    GRAMME_TRY(const std::string_view head, Take(file, kBlockLengthBytes));
    const auto length = DecodeBlockLength(head);
    if (!length) return std::unexpected(In(file, length.error()));
    if (marks_hash_) marks_hash_->Add(head);
    GRAMME_TRY(const std::string_view stored, Take(file, *length));
    if (marks_hash_) marks_hash_->Add(stored.substr(0, kEnvelopeBytes));
    auto block = DecodeBlock(stored);
    if (!block) {
      return std::unexpected(
          In(file, {block.error().code(),
                    fmt::format("{}, at byte {}", block.error().message(),
                                position_.offset - *length - kBlockLengthBytes)}));
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
  marks_hash_.emplace();
  item_count_ = 0;
  GRAMME_TRY(const std::string_view magic, Take(file, kDataFileMagic.size()));
  if (magic != kDataFileMagic) return Damaged(file, "is not a data file of a backup");
  return {};
}

StoreResult<void> BackupCursor::EndFile(const BackupFile& file) {
  if (hash_) {
    last_sha256_ = hash_->Finish();
    if (file.marks_sha256.empty() ? last_sha256_ != file.sha256
                                  : marks_hash_->Finish() != file.marks_sha256) {
      return Damaged(file, "has another SHA-256 than it should");
    }
    if (item_count_ != file.item_count) return Damaged(file, "has another number of items");
  }
  hash_.reset();
  marks_hash_.reset();
  position_ = {.file_index = position_.file_index + 1, .offset = 0};
  return {};
}

StoreResult<std::string_view> BackupCursor::Take(const BackupFile& file, std::size_t byte_count) {
  if (file.byte_count - position_.offset < byte_count) return Damaged(file, "ends in a block");
  if (buffer_end_ - buffer_begin_ < byte_count) GRAMME_RETURN_IF_ERROR(Fill(file, byte_count));
  const std::string_view bytes(buffer_.get() + buffer_begin_, byte_count);
  buffer_begin_ += byte_count;
  position_.offset += byte_count;
  return bytes;
}

// Reads on, so that at least so many bytes are there to be taken.
StoreResult<void> BackupCursor::Fill(const BackupFile& file, std::size_t byte_count) {
  const std::size_t kept = buffer_end_ - buffer_begin_;
  const std::uint64_t left = file.byte_count - position_.offset;
  const auto wanted = static_cast<std::size_t>(
      std::min<std::uint64_t>(std::max(byte_count, kReadBytes), left));
  if (buffer_capacity_ < wanted) {
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (kept > 0) std::memcpy(larger.get(), buffer_.get() + buffer_begin_, kept);
    buffer_ = std::move(larger);
    buffer_capacity_ = wanted;
  } else if (kept > 0) {
    std::memmove(buffer_.get(), buffer_.get() + buffer_begin_, kept);
  }
  buffer_begin_ = 0;
  buffer_end_ = kept;
  const std::span<char> into(buffer_.get() + kept, wanted - kept);
  GRAMME_RETURN_IF_ERROR(storage_.Read(manifest_.id, file.name, position_.offset + kept, into));
  if (hash_) hash_->Add({into.data(), into.size()});
  buffer_end_ = wanted;
  return {};
}

}  // namespace gramme
