// The manifest of a backup: its files with lengths and digests. Written last; where it is, the
// backup is whole. Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_BACKUP_BACKUP_MANIFEST_H_
#define GRAMME_BACKUP_BACKUP_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_description.h"
#include "base/status.h"

namespace gramme {

// The file with the description of the backup and its table. Part of the format.
inline constexpr std::string_view kDefinitionsFile = "definitions";

struct BackupFile {
  std::string name;
  std::uint64_t byte_count = 0;
  std::string sha256;  // 32 bytes
  std::uint64_t item_count = 0;
  // Never stored: of a file that is being written, the SHA-256 of the marks of its blocks, which
  // hold their lengths and checksums. `sha256` is not known until the file has been read back.
  std::string marks_sha256 = {};

  friend bool operator==(const BackupFile&, const BackupFile&) = default;
};

struct BackupManifest {
  // Shown without reading anything else; the definitions say the same and more.
  std::string id;
  std::string name;
  std::string arn;
  BackupType type = BackupType::kUser;
  WallTime creation_time{};
  std::vector<Position> positions;
  WallTime commit_time{};
  Counts counts;
  BackupFile definitions;
  std::vector<BackupFile> data_files;  // in key order
};

std::string EncodeManifest(const BackupManifest& manifest);
// Errors: kCorruption, also for names that are no plain file names.
StoreResult<BackupManifest> DecodeManifest(std::string_view bytes);

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_MANIFEST_H_
