#include <utility>

#include "backup/backup_job.h"
#include "base/result.h"
#include "encoding/record.h"

namespace gramme {
namespace {

constexpr std::uint8_t kVersion = 1;  // part of the format

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
  return std::move(out).Finish();
}

StoreResult<BackupRecord> DecodeBackupRecord(std::string_view bytes) {
  GRAMME_TRY(RecordReader in, RecordReader::Open(bytes, kVersion));
  const std::string_view description = in.Bytes();
  BackupRecord record;
  record.job_id = in.Bytes();
  GRAMME_RETURN_IF_ERROR(in.Finish());
  GRAMME_TRY(record.backup, DecodeBackupDescription(description));
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

}  // namespace gramme
