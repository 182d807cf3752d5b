// Reading a backup: its description, its items in key order, and whether it is still what was
// written. No function here relies on anything but the bytes read.

#ifndef GRAMME_BACKUP_BACKUP_READER_H_
#define GRAMME_BACKUP_BACKUP_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_block.h"
#include "backup/backup_manifest.h"
#include "backup/backup_storage.h"
#include "backup/sha256.h"
#include "base/status.h"
#include "table/table.h"

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
};

// Goes through a backup block by block, in key order. Each block's checksum is checked; a file that
// is read from its start to its end is compared with its digest, too. Borrows both arguments.
class BackupCursor {
 public:
  BackupCursor(const BackupStorage& storage, const BackupManifest& manifest,
               BackupCursorPosition start = {})
      : storage_(storage), manifest_(manifest), position_(start) {}

  // The next block, or nothing at the end. Errors: kCorruption; the storage's.
  StoreResult<std::optional<BackupBlock>> Next();

  BackupCursorPosition position() const { return position_; }

 private:
  StoreResult<void> BeginFile(const BackupFile& file);
  StoreResult<void> EndFile(const BackupFile& file);
  StoreResult<std::string> Take(const BackupFile& file, std::size_t byte_count);

  const BackupStorage& storage_;
  const BackupManifest& manifest_;
  BackupCursorPosition position_;
  std::optional<Sha256> hash_;  // of the file, where it was read from its start
  std::uint64_t item_count_ = 0;
};

// Reads all of a backup and finds whatever is wrong with it: checksums, digests, lengths, counts,
// the order of keys, and that every item decodes and has the key it lies under.
class BackupVerifier {
 public:
  BackupVerifier(const BackupStorage& storage, BackupManifest manifest)
      : storage_(storage), manifest_(std::move(manifest)), cursor_(storage_, manifest_) {}
  BackupVerifier(const BackupVerifier&) = delete;
  BackupVerifier& operator=(const BackupVerifier&) = delete;

  // Goes on for about so many bytes of items; true when all is verified. Errors: kCorruption says
  // what is wrong; the storage's.
  StoreResult<bool> Step(std::uint64_t byte_count);

  const Counts& counts() const { return counts_; }
  // REQUIRES: a step has succeeded.
  const BackupDescription& description() const { return *description_; }

 private:
  StoreResult<void> CheckBlock(const BackupBlock& block);
  StoreResult<void> CheckEnd() const;

  const BackupStorage& storage_;
  const BackupManifest manifest_;
  BackupCursor cursor_;
  std::optional<BackupDescription> description_;
  TableRef table_;
  std::string last_key_;
  Counts counts_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_READER_H_
