// Reading a backup: its description, its items in key order, and whether it is still what was
// written. No function here relies on anything but the bytes read.

#ifndef GRAMME_BACKUP_BACKUP_READER_H_
#define GRAMME_BACKUP_BACKUP_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "backup/backup_block.h"
#include "backup/backup_manifest.h"
#include "backup/backup_storage.h"
#include "backup/item_check.h"
#include "backup/sha256.h"
#include "base/status.h"

namespace gramme {

// Errors: kCorruption, also where there is no manifest; the storage's.
StoreResult<BackupManifest> ReadManifest(const BackupStorage& storage, std::string_view id);
// The definitions, checked against the manifest; its status is kAvailable.
StoreResult<BackupDescription> ReadDefinitions(const BackupStorage& storage,
                                               const BackupManifest& manifest);

// Where a cursor stands: before a block, by data file and offset.
struct BackupCursorPosition {
  std::uint64_t file_index = 0;
  std::uint64_t offset = 0;

  friend bool operator==(const BackupCursorPosition&, const BackupCursorPosition&) = default;
};

// Goes through a backup block by block, in key order. Each block's checksum is checked; a file that
// is read from its start to its end is compared with its digest, too, or with what its writer knows
// of it. Borrows both arguments. Used by one thread.
class BackupCursor {
 public:
  BackupCursor(const BackupStorage& storage, const BackupManifest& manifest,
               BackupCursorPosition start = {})
      : storage_(storage), manifest_(manifest), position_(start) {}

  // The next block, valid until the next call, or nothing at the end. Errors: kCorruption; the
  // storage's.
  StoreResult<std::optional<BackupBlock>> Next();

  BackupCursorPosition position() const { return position_; }
  // The SHA-256 of the file that ended last. REQUIRES: it was read from its start.
  const std::string& last_sha256() const { return last_sha256_; }

 private:
  StoreResult<void> BeginFile(const BackupFile& file);
  StoreResult<void> EndFile(const BackupFile& file);
  // Valid until the next call.
  StoreResult<std::string_view> Take(const BackupFile& file, std::size_t byte_count);
  StoreResult<void> Fill(const BackupFile& file, std::size_t byte_count);

  const BackupStorage& storage_;
  const BackupManifest& manifest_;
  BackupCursorPosition position_;
  std::optional<Sha256> hash_;  // of the file, where it was read from its start
  std::optional<Sha256> marks_hash_;
  std::uint64_t item_count_ = 0;
  std::string last_sha256_;
  // What has been read of the file and not been taken: up to `buffer_end_`.
  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_capacity_ = 0;
  std::size_t buffer_begin_ = 0;
  std::size_t buffer_end_ = 0;
};

// Reads all of a backup and finds whatever is wrong with it: checksums, digests, lengths, counts,
// the order of keys, and its items.
class BackupVerifier {
 public:
  BackupVerifier(const BackupStorage& storage, BackupManifest manifest,
                 ItemDepth depth = ItemDepth::kWhole)
      : storage_(storage),
        manifest_(std::move(manifest)),
        depth_(depth),
        cursor_(storage_, manifest_) {}
  BackupVerifier(const BackupVerifier&) = delete;
  BackupVerifier& operator=(const BackupVerifier&) = delete;

  // Goes on for about so many bytes of items; true when all is verified. Errors: kCorruption says
  // what is wrong; the storage's.
  StoreResult<bool> Step(std::uint64_t byte_count);
  // The next block, verified, for whoever has a use for it; nothing when all is verified. Valid
  // until the next call.
  StoreResult<std::optional<BackupBlock>> Next();

  // Before the next block.
  BackupCursorPosition position() const { return cursor_.position(); }
  // REQUIRES: a step has succeeded.
  const BackupDescription& description() const { return *description_; }

 private:
  const BackupStorage& storage_;
  const BackupManifest manifest_;
  const ItemDepth depth_;
  BackupCursor cursor_;
  std::optional<BackupDescription> description_;
  std::optional<ItemCheck> items_;
};

// Errors: kCorruption where they are not what the manifest says.
StoreResult<void> CheckCounts(const Counts& found, const BackupManifest& manifest);

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_READER_H_
