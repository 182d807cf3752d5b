// BackupWriter: writes one backup into a draft: data files of blocks, the definitions, and at last
// the manifest. It knows keys and values, no tables. Used by one thread at a time.

#ifndef GRAMME_BACKUP_BACKUP_WRITER_H_
#define GRAMME_BACKUP_BACKUP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "backup/backup_block.h"
#include "backup/backup_manifest.h"
#include "backup/backup_storage.h"
#include "backup/sha256.h"
#include "base/status.h"

namespace gramme {

struct BackupWriterOptions {
  std::size_t block_bytes = 128 << 10;          // unpacked; a block ends once it has so many
  std::uint64_t file_bytes = std::uint64_t{256} << 20;  // a data file ends once it has so many
};

class BackupWriter {
 public:
  BackupWriter(std::unique_ptr<BackupDraft> draft, const BackupWriterOptions& options)
      : draft_(std::move(draft)), options_(options) {}

  // One item, counted. REQUIRES: keys come in ascending order. Errors: kCorruption where the value
  // is no item; the storage's. After an error the writer is of no use.
  StoreResult<void> Add(std::string_view key, std::string_view value);
  // Ends the data and writes the definitions, completed with what was counted: everything but the
  // manifest is durable. The result can be verified and published.
  StoreResult<BackupManifest> FinishFiles(BackupDescription description);
  // Errors: the storage's; the backup may be there nevertheless.
  StoreResult<void> Publish(const BackupManifest& manifest);

  const Counts& counts() const { return counts_; }

 private:
  StoreResult<void> WriteBlock();
  StoreResult<void> FinishDataFile();
  StoreResult<void> Append(BackupFile& file, std::string_view bytes);

  std::unique_ptr<BackupDraft> draft_;
  const BackupWriterOptions options_;
  BlockBuilder block_;
  BackupFile file_;  // the data file being written; no name: none
  std::optional<Sha256> hash_;
  std::vector<BackupFile> data_files_;
  Counts counts_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_WRITER_H_
