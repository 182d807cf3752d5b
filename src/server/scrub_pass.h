// ScrubPass: one look for damage at everything that a node keeps, in steps: the files of the store
// and of its images, every table, every backup. It knows neither time nor where its findings go.
//
// A pass that is given up is begun afresh: nothing is remembered of it.

#ifndef GRAMME_SERVER_SCRUB_PASS_H_
#define GRAMME_SERVER_SCRUB_PASS_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "backup/backup_reader.h"
#include "backup/backup_storage.h"
#include "base/status.h"
#include "storage/store.h"
#include "table/catalog.h"
#include "table/scrub/scrub_finding.h"
#include "table/scrub/table_scrub.h"

namespace gramme {

struct ScrubTotals {
  CheckTotals tables;
  std::uint64_t table_count = 0;
  std::uint64_t file_byte_count = 0;  // of the store and its images
  std::uint64_t backup_count = 0;
  std::uint64_t backup_byte_count = 0;
  std::uint64_t finding_count = 0;
};

// Used by one thread at a time.
class ScrubPass {
 public:
  // `backups`: null where there are none. All outlive it; it goes before the store is closed.
  ScrubPass(Store& store, const Catalog& catalog, const BackupStorage* backups)
      : store_(store), catalog_(catalog), backups_(backups) {}

  // Some milliseconds of work, as a rule; true: everything has been looked at. Errors: kUnavailable
  // and the like, where the store cannot serve now; the step can be tried again.
  StoreResult<bool> Step(FindingSink report);

  const ScrubTotals& totals() const { return totals_; }

 private:
  enum class Stage { kStart, kFiles, kTables, kBackups, kEnd };

  // Each: true, the stage is over.
  StoreResult<bool> Start(FindingSink report);
  StoreResult<bool> StepFiles(FindingSink report);
  StoreResult<bool> StepTables(FindingSink report);
  StoreResult<bool> StepBackups(FindingSink report);
  // files_ stays null where the image has gone, or cannot be opened.
  StoreResult<void> BeginFiles(FindingSink report);
  StoreResult<void> BeginBackup(const std::string& id);
  StoreResult<bool> StepStage(FindingSink report);
  // Damage becomes a finding; what else it is stays an error.
  StoreResult<void> Note(const Status& status, std::string place, FindingSink report);

  Store& store_;
  const Catalog& catalog_;
  const BackupStorage* const backups_;
  Stage stage_ = Stage::kStart;
  std::deque<std::optional<std::string>> images_;  // nothing: the store itself
  std::unique_ptr<StoreFileCheck> files_;
  std::deque<std::string> tables_;
  std::optional<TableScrub> table_;
  std::deque<std::string> backup_ids_;
  std::optional<BackupVerifier> backup_;
  std::uint64_t backup_bytes_ = 0;  // of its data files
  CheckTotals finished_tables_;
  ScrubTotals totals_;
};

}  // namespace gramme

#endif  // GRAMME_SERVER_SCRUB_PASS_H_
