// Writes the items of a restore and their index entries into the keyspaces of its target, in
// batches of one group each.

#ifndef GRAMME_BACKUP_RESTORE_IMPORT_H_
#define GRAMME_BACKUP_RESTORE_IMPORT_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "backup/backup_block.h"
#include "base/status.h"
#include "model/table_description.h"
#include "storage/store.h"
#include "table/counters.h"
#include "table/table.h"

namespace gramme {

// Used by one thread. Borrows all but the number.
class RestoreImport {
 public:
  // `counts`: of the table and each index, added to.
  RestoreImport(Store& store, const TableDescription& target, std::uint64_t batch_bytes,
                std::vector<Counts>& counts)
      : store_(store),
        target_(target),
        table_(target),
        batch_bytes_(batch_bytes),
        counts_(counts) {}

  // Errors: kCorruption where an entry is no item of the table; the store's.
  StoreResult<void> Add(const BackupEntry& entry);
  // All that was added is durable.
  StoreResult<void> Finish();

 private:
  StoreResult<void> Flush();

  Store& store_;
  const TableDescription& target_;
  const Table table_;
  const std::uint64_t batch_bytes_;
  std::vector<Counts>& counts_;
  std::vector<KeyValue> batch_;  // all of one group
  std::uint64_t batch_byte_count_ = 0;
  std::vector<Position> positions_;  // the last of each group
  std::deque<Position> queued_;      // batches that may not be durable yet
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_RESTORE_IMPORT_H_
