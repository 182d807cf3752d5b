// ReadBack: makes the data files of a draft durable, reads them back and finds out whether they
// hold what was written, one by one, while later ones are still being written. It works on an
// executor, if there is one, and on whoever calls Help.

#ifndef GRAMME_BACKUP_READ_BACK_H_
#define GRAMME_BACKUP_READ_BACK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "backup/backup_manifest.h"
#include "backup/backup_storage.h"
#include "base/executor.h"
#include "base/status.h"
#include "table/table.h"

namespace gramme {

// Used by one thread, besides those of the executor.
class ReadBack {
 public:
  // Borrows storage and draft. `helper`: null where there is none; may outlive this object.
  // `step_bytes`: what one task of it reads, some milliseconds of work.
  ReadBack(const BackupStorage& storage, BackupDraft& draft, std::string backup_id, TableRef table,
           std::uint64_t step_bytes, Executor* helper);
  // Waits for the task that runs.
  ~ReadBack();
  ReadBack(const ReadBack&) = delete;
  ReadBack& operator=(const ReadBack&) = delete;

  // The next data file in key order, as BackupWriter has ended it.
  void Add(BackupFile file);

  // Goes on for a step, or waits for a task that does. True when all that was added is checked.
  // Errors: kCorruption says what is wrong; the storage's. Of no use afterwards.
  StoreResult<bool> Help();

  // The files with their digests, for a manifest that has everything else. Errors: kCorruption
  // where they do not belong together. REQUIRES: Help said true.
  StoreResult<std::vector<BackupFile>> Finish(const BackupManifest& manifest);

 private:
  struct State;
  static void RunTask(const std::shared_ptr<State>& state);

  // Shared with the tasks, of which some may run after this object is gone; they do nothing then.
  std::shared_ptr<State> state_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_READ_BACK_H_
