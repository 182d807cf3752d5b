// BackupStorage: where backups are kept, as files in one directory for each backup. It knows names
// and bytes; what is in the files is backup_manifest.h's and block.h's.
//
// A backup is whole when its manifest is there, which is written last. Until then it is a draft:
// its directory holds files that nobody relies on. Several servers may share a storage: a draft
// belongs to the process that writes it, and only a draft that nobody writes may be removed by
// others.
//
// Thread-safe. Errors: kIoError, kOutOfSpace; kCorruption where a file is missing.

#ifndef GRAMME_BACKUP_BACKUP_STORAGE_H_
#define GRAMME_BACKUP_BACKUP_STORAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace gramme {

// The name of the manifest in a backup's directory. Part of the format.
inline constexpr std::string_view kManifestFile = "MANIFEST";

// 14 digits, `-`, 8 lower-case hexadecimal digits: creation time in milliseconds and a random part,
// so ids are ordered by time. Also the name of the backup's directory.
bool IsBackupId(std::string_view text);

// A backup that is being written. Each of its files is used by one thread at a time. Destroyed
// before Publish it stays an abandoned draft. The storage outlives it.
class BackupDraft {
 public:
  virtual ~BackupDraft() = default;
  // Appends to a file, which the first call creates.
  virtual StoreResult<void> Append(std::string_view file, std::string_view bytes) = 0;
  // Closes a file; its bytes are durable, and what is read from now on comes from where they are.
  virtual StoreResult<void> Finish(std::string_view file) = 0;
  // Writes the manifest under its name, in one step and durably. The last call.
  // REQUIRES: every file is finished.
  virtual StoreResult<void> Publish(std::string_view manifest) = 0;
};

class BackupStorage {
 public:
  virtual ~BackupStorage() = default;

  // Ids of all that is there, drafts included, in order. Whatever else lies there is left alone.
  virtual StoreResult<std::vector<std::string>> List() const = 0;

  // A fresh draft; an abandoned one of the same id is removed. Errors: kConflict where the backup
  // is whole, or the draft of another process.
  virtual StoreResult<std::unique_ptr<BackupDraft>> Begin(std::string_view id) = 0;

  // Nothing where the backup is absent or a draft.
  virtual StoreResult<std::optional<std::string>> ReadManifest(std::string_view id) const = 0;
  virtual StoreResult<std::uint64_t> FileSize(std::string_view id, std::string_view file) const = 0;
  // Fills `into` from `offset` on. Errors: kCorruption where the file is shorter.
  virtual StoreResult<void> Read(std::string_view id, std::string_view file, std::uint64_t offset,
                                 std::span<char> into) const = 0;

  // Removes a whole backup: the manifest first, durably, then the rest. An absent one succeeds.
  virtual StoreResult<void> Remove(std::string_view id) = 0;
  // Removes a draft that nobody writes; leaves alone what is whole or being written.
  virtual StoreResult<void> RemoveAbandoned(std::string_view id) = 0;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_STORAGE_H_
