// Writes the items of a restore and their index entries, those of a time to live too, into the
// keyspaces of its target.

#ifndef GRAMME_BACKUP_RESTORE_IMPORT_H_
#define GRAMME_BACKUP_RESTORE_IMPORT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "backup/backup_block.h"
#include "base/status.h"
#include "model/table_description.h"
#include "storage/queued_importer.h"
#include "storage/store.h"
#include "table/counters.h"
#include "table/table.h"

namespace gramme {

// Used by one thread. Borrows the store.
class RestoreImport {
 public:
  // `counts`: of what was imported before: the table, then each index. `piece_bytes`: of one import
  // of index entries.
  RestoreImport(Store& store, TableDescription target, std::uint64_t piece_bytes,
                std::vector<Counts> counts);

  // REQUIRES: items come in the order of their keys.
  // Errors: kCorruption where an entry is no item of the table; the store's.
  StoreResult<void> Add(const BackupEntry& entry);
  // All that was added is durable.
  StoreResult<void> Finish();

  // Of keys and values since the last Finish.
  std::uint64_t byte_count() const { return byte_count_; }
  // With what was added.
  const std::vector<Counts>& counts() const { return counts_; }

 private:
  const TableDescription target_;
  const Table table_;
  std::vector<Counts> counts_;
  std::unique_ptr<Importer> items_;
  QueuedImporter index_entries_;  // in the order of their items
  std::uint64_t byte_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_RESTORE_IMPORT_H_
