#include <algorithm>
#include <utility>

#include "backup/backup_job.h"
#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

// Part of the format. Version 2 added the image, which backups may share.
constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kVersionBeforeSharedImages = 1;

}  // namespace

std::string BackupImageId(std::string_view backup_id) {
  return std::string(kBackupImagePrefix) + std::string(backup_id);
}

Key BackupRecordKey(std::string_view backup_id) {
  return {.keyspace = kBackupKeyspace, .placement = 0, .bytes = std::string(backup_id)};
}

std::string EncodeBackupRecord(const BackupRecord& record) {
  RecordWriter out(kVersion);
  out.Bytes(EncodeBackupDescription(record.backup));
  out.Bytes(record.job_id);
  out.Bytes(record.image_id);
  return std::move(out).Finish();
}

StoreResult<BackupRecord> DecodeBackupRecord(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  const std::string_view description = in.Bytes();
  BackupRecord record;
  record.job_id = in.Bytes();
  if (in.version() > kVersionBeforeSharedImages) record.image_id = in.Bytes();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  GRAMME_TRY(record.backup, DecodeBackupDescription(description));
  if (in.version() == kVersionBeforeSharedImages) {
    record.image_id = BackupImageId(record.backup.id);
  }
  return record;
}

StoreResult<void> RemoveBackupRecord(Store& store, std::string_view backup_id,
                                     std::string_view job_id) {
  const Key keys[] = {BackupRecordKey(backup_id), JobKey(job_id)};
  const auto decide = [&](std::span<const CurrentValue>) {
    WriteBatch batch;
    for (const Key& key : keys) batch.Delete(key);
    return std::optional(std::move(batch));
  };
  GRAMME_TRY(const UpdateOutcome outcome, store.Update(keys, {}, UpdateOptions{}, decide));
  return store.Await(outcome.position);
}

StoreResult<std::vector<BackupRecord>> ReadBackupRecords(Store& store) {
  const Key somewhere = BackupRecordKey("");
  GRAMME_TRY(const auto view, store.OpenView(store.GroupOf(somewhere), ReadTier::kDisk));
  std::vector<BackupRecord> records;
  StoreResult<void> decoded;
  const auto visit = [&](std::string_view, std::string_view value) {
    auto record = DecodeBackupRecord(value);
    if (!record) {
      decoded = std::unexpected(record.error());
      return ScanStep::kStop;
    }
    records.push_back(*std::move(record));
    return ScanStep::kContinue;
  };
  GRAMME_RETURN_IF_ERROR(view->Scan(somewhere.keyspace, {}, Direction::kForward, visit));
  GRAMME_RETURN_IF_ERROR(decoded);
  return records;
}

StoreResult<void> ReleaseBackupImage(Store& store, std::string_view image_id) {
  GRAMME_TRY(const std::vector<BackupRecord> records, ReadBackupRecords(store));
  const bool is_needed = std::ranges::any_of(
      records, [&](const BackupRecord& record) { return record.image_id == image_id; });
  if (is_needed) return {};
  return store.ReleaseImage(image_id);
}

}  // namespace gramme
