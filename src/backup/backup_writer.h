// BackupWriter: writes one backup into a draft: data files of blocks, and the definitions. It knows
// keys and values, no tables; whether what it wrote is there, read_back.h finds out. Used by one
// thread at a time.

#ifndef GRAMME_BACKUP_BACKUP_WRITER_H_
#define GRAMME_BACKUP_BACKUP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "backup/backup_block.h"
#include "backup/backup_manifest.h"
#include "backup/backup_storage.h"
#include "backup/sha256.h"
#include "base/status.h"

namespace gramme {

struct BackupWriterOptions {
  std::size_t block_bytes = 128 << 10;                 // unpacked; a block ends once it has so many
  std::uint64_t file_bytes = std::uint64_t{64} << 20;  // a data file ends once it has so many
};

class BackupWriter {
 public:
  // Borrows the draft.
  BackupWriter(BackupDraft& draft, const BackupWriterOptions& options)
      : draft_(draft), options_(options) {}

  // One item, counted. REQUIRES: keys come in ascending order. Errors: kCorruption where the value
  // is no item; the storage's. After an error the writer is of no use.
  StoreResult<void> Add(std::string_view key, std::string_view value);
  // Ends the data and writes the definitions, completed with what was counted, durably. What the
  // result lacks is `data_files`. Errors: as Add.
  StoreResult<BackupManifest> FinishFiles(BackupDescription description);
  // The data files that have ended since the last call, in order: written to, not finished, and
  // without a digest.
  std::vector<BackupFile> TakeEnded() { return std::exchange(ended_, {}); }

  const Counts& counts() const { return counts_; }

 private:
  StoreResult<void> WriteBlock();
  void EndDataFile();

  BackupDraft& draft_;
  const BackupWriterOptions options_;
  BlockBuilder block_;
  BackupFile file_;  // the data file being written; no name: none
  std::optional<Sha256> marks_hash_;
  std::uint64_t data_file_count_ = 0;
  std::vector<BackupFile> ended_;
  Counts counts_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_WRITER_H_
