// The job that makes a backup: it copies the table from an image, has everything read back
// (read_back.h) while it copies on, publishes the manifest, and ends. What it has written lives in
// memory between its steps; after a restart it starts again from the same image, so from the same
// instant.

#ifndef GRAMME_BACKUP_BACKUP_JOB_H_
#define GRAMME_BACKUP_BACKUP_JOB_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backup_description.h"
#include "backup/backup_storage.h"
#include "backup/backup_writer.h"
#include "base/executor.h"
#include "storage/store.h"
#include "table/jobs/jobs.h"

namespace gramme {

inline constexpr std::string_view kBackupJob = "backup";

struct BackupJobOptions {
  BackupWriterOptions writer = {};
  // Of keys and items that one step copies, verifies or imports: some milliseconds of work.
  std::uint64_t step_bytes = std::uint64_t{4} << 20;
  // Of one import of index entries into the store.
  std::uint64_t import_bytes = 256 << 10;
  // Imported at least before a restore waits until it is durable, and notes how far it is.
  std::uint64_t durable_bytes = std::uint64_t{64} << 20;
  // Reads back what is written while the job goes on writing, so that both cost the time of one.
  // Null: the job does all itself. Outlives the jobs, or has stopped when they go.
  Executor* helper = nullptr;
};

// The image that a backup is made from; of several at once, that of the first.
std::string BackupImageId(std::string_view backup_id);
inline constexpr std::string_view kBackupImagePrefix = "backup-";

// The record of a backup that is being made, in kBackupKeyspace: what was answered, and the job.
struct BackupRecord {
  BackupDescription backup;
  std::string job_id;
  std::string image_id;
};
Key BackupRecordKey(std::string_view backup_id);
std::string EncodeBackupRecord(const BackupRecord& record);
// Errors: kCorruption.
StoreResult<BackupRecord> DecodeBackupRecord(std::string_view bytes);
// Removes the record and the job in one commit, durably.
StoreResult<void> RemoveBackupRecord(Store& store, std::string_view backup_id,
                                     std::string_view job_id);
// Every record there is, durable. Errors: the store's, kCorruption.
StoreResult<std::vector<BackupRecord>> ReadBackupRecords(Store& store);
// Releases the image unless a backup that is being made still needs it. Whoever removes the last
// record of an image finds none, so one of them releases it. Safe to repeat.
StoreResult<void> ReleaseBackupImage(Store& store, std::string_view image_id);

// Thread-safe.
class BackupJobs {
 public:
  // Told when a backup is whole, or (nothing) when it cannot be completed for want of its image.
  using EndListener =
      std::function<void(const std::string& backup_id, const BackupDescription* whole)>;

  // Keeps the references.
  BackupJobs(Store& store, BackupStorage& storage, const BackupJobOptions& options,
             EndListener on_end);
  ~BackupJobs();

  static std::string StateOf(std::string_view backup_id);
  StoreResult<StepOutcome> Step(Job& job);

 private:
  struct Work;

  std::shared_ptr<Work> WorkOf(const std::string& job_id);
  StoreResult<StepOutcome> Continue(Work& work, Job& job);
  StoreResult<void> Begin(Work& work, Job& job);
  StoreResult<void> OpenViews(Work& work);
  StoreResult<void> Copy(Work& work, Job& job);
  StoreResult<void> Verify(Work& work);
  // The same for a backup that was published before.
  StoreResult<void> VerifyPublished(Work& work);
  StoreResult<void> End(Work& work, const Job& job);
  StoreResult<void> GiveUp(Work& work, const Job& job);

  Store& store_;
  BackupStorage& storage_;
  const BackupJobOptions options_;
  const EndListener on_end_;

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Work>, std::less<>> works_;  // by job id
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_BACKUP_JOB_H_
