// Copies whole backups from one storage into another, so that they outlive the first. Both may be
// in use by servers meanwhile.
//
// A copy is a draft until each of its files has been compared with the manifest twice: as it was
// read at the source, and as it lies at the target. So a storage never holds a damaged copy as a
// whole backup, and an interrupted one leaves a draft, which the next one replaces.

#ifndef GRAMME_BACKUP_BACKUP_COPY_H_
#define GRAMME_BACKUP_BACKUP_COPY_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "backup/backup_storage.h"
#include "base/status.h"

namespace gramme {

enum class CopyOutcome {
  kCopied,
  kPresent,  // was there already, the same by its manifest and the lengths of its files
  kGone,     // the source has no whole backup of this id, or none any more
  kRefused,
};

struct BackupCopy {
  CopyOutcome outcome = CopyOutcome::kCopied;
  // Of kRefused, with the file: kCorruption where source or target is damaged, kConflict where
  // the target has another backup of this id or one is being written there; else the source's.
  std::optional<Status> why = std::nullopt;
  std::uint64_t byte_count = 0;  // of kCopied: written, manifest included
};

// Copies one backup. What is wrong with this one backup is its outcome; errors are the target's,
// which then has no copy, or a whole one where only its publishing could not be confirmed.
// Thread-safe as the storages are.
StoreResult<BackupCopy> CopyBackup(const BackupStorage& source, BackupStorage& target,
                                   std::string_view id);

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_COPY_H_
