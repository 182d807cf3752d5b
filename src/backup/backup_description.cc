#include "backup/backup_description.h"

#include <utility>

#include "base/result.h"
#include "encoding/record.h"
#include "table/attribute_use.h"
#include "table/catalog_record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format
// The first version of a table's record in whose backups tags and deletion protection are kept.
constexpr std::uint8_t kTableVersionWithAll = 3;

}  // namespace

std::string_view BackupStatusName(BackupStatus status) {
  switch (status) {
    case BackupStatus::kCreating:
      return "CREATING";
    case BackupStatus::kAvailable:
      return "AVAILABLE";
    case BackupStatus::kDeleted:
      return "DELETED";
  }
  return "";
}

std::string_view BackupTypeName(BackupType type) {
  switch (type) {
    case BackupType::kUser:
      return "USER";
    case BackupType::kSystem:
      return "SYSTEM";
    case BackupType::kBase:
      return "BASE";
  }
  return "";
}

std::optional<WallTime> ExpiryOf(const BackupDescription& backup) {
  if (backup.type != BackupType::kSystem) return std::nullopt;
  return backup.creation_time + kSystemBackupRetention;
}

TableDescription RecordedTable(TableDescription table) {
  table.restore_summary.reset();
  table.change_log.reset();
  std::erase_if(table.indexes, [](const IndexDescription& index) {
    return index.status == IndexStatus::kDeleting;
  });
  RemoveUnusedDefinitions(table);
  return table;
}

std::string EncodeBackupDescription(const BackupDescription& backup) {
  RecordWriter out(kVersion);
  out.Bytes(backup.id);
  out.Bytes(backup.name);
  out.Bytes(backup.arn);
  out.Unsigned(static_cast<std::uint64_t>(backup.type));
  out.Signed(backup.creation_time.time_since_epoch().count());
  out.Unsigned(backup.positions.size());
  for (const Position& position : backup.positions) {
    out.Unsigned(static_cast<std::uint64_t>(position.group()));
    out.Unsigned(position.epoch());
    out.Unsigned(position.commit_number());
  }
  out.Signed(backup.commit_time.time_since_epoch().count());
  out.Bytes(EncodeTableDescription(backup.table));
  out.Signed(backup.counts.items);
  out.Signed(backup.counts.bytes);
  return std::move(out).Finish();
}

StoreResult<BackupDescription> DecodeBackupDescription(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  BackupDescription backup;
  backup.id = in.Bytes();
  backup.name = in.Bytes();
  backup.arn = in.Bytes();
  backup.type = static_cast<BackupType>(in.Unsigned());
  backup.creation_time = WallTime(Duration(in.Signed()));
  const std::uint64_t position_count = in.Unsigned();
  for (std::uint64_t i = 0; i < position_count && !in.AtEnd(); ++i) {
    const GroupId group{in.Unsigned()};
    const std::uint64_t epoch = in.Unsigned();
    backup.positions.emplace_back(group, epoch, in.Unsigned());
  }
  backup.commit_time = WallTime(Duration(in.Signed()));
  const std::string_view table = in.Bytes();
  backup.counts.items = in.Signed();
  backup.counts.bytes = in.Signed();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  GRAMME_TRY(backup.table, DecodeTableDescription(table));
  GRAMME_TRY(const RecordReader of_table, RecordReader::Open(table, UINT8_MAX));
  backup.is_all_recorded = of_table.version() >= kTableVersionWithAll;
  return backup;
}

}  // namespace gramme
