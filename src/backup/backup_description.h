// What is known of a backup besides its items. Value types, in DynamoDB's words.

#ifndef GRAMME_BACKUP_BACKUP_DESCRIPTION_H_
#define GRAMME_BACKUP_BACKUP_DESCRIPTION_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "model/table_description.h"
#include "storage/key.h"
#include "table/counters.h"

namespace gramme {

enum class BackupStatus { kCreating, kAvailable, kDeleted };
// Part of the format. kSystem: of a deleted table that had point-in-time recovery; it expires.
// kBase: what point-in-time recovery begins with (recovery.h); no listing shows it.
enum class BackupType { kUser = 0, kSystem = 1, kBase = 2 };

// How long a backup of type SYSTEM is kept. DynamoDB's figure.
inline constexpr Duration kSystemBackupRetention = std::chrono::days(35);

std::string_view BackupStatusName(BackupStatus status);
std::string_view BackupTypeName(BackupType type);

struct BackupDescription {
  std::string id;
  std::string name;  // not unique
  std::string arn;   // with the labels of the server that made it
  BackupType type = BackupType::kUser;
  BackupStatus status = BackupStatus::kCreating;
  WallTime creation_time{};  // of the request, in whole milliseconds
  // The instant: every commit up to these positions, one for each group, and the time of the last.
  std::vector<Position> positions;
  WallTime commit_time{};
  // The table as it was, without what a backup does not keep.
  TableDescription table;
  // Backups of earlier versions have neither tags nor deletion protection.
  bool is_all_recorded = true;
  // Of its items: exact once the backup is available.
  Counts counts;
};

// When it goes by itself; nothing: never.
std::optional<WallTime> ExpiryOf(const BackupDescription& backup);

// What a backup keeps of a table's description: all but its change log, a restore under way and
// indexes that are being deleted.
TableDescription RecordedTable(TableDescription table);

// The description as a record of its own. Part of the format, see docs/internals/formats.md.
std::string EncodeBackupDescription(const BackupDescription& backup);
// Errors: kCorruption.
StoreResult<BackupDescription> DecodeBackupDescription(std::string_view bytes);

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_DESCRIPTION_H_
