// ItemCheck: whether the items of a backup are what they should be, in the order in which they are
// read. It knows no files.

#ifndef GRAMME_BACKUP_ITEM_CHECK_H_
#define GRAMME_BACKUP_ITEM_CHECK_H_

#include <string>
#include <utility>

#include "backup/backup_block.h"
#include "base/status.h"
#include "table/counters.h"
#include "table/table.h"

namespace gramme {

enum class ItemDepth {
  kOrder,  // keys ascend; for items that somebody else looks into
  kKeys,   // besides, each item's checksum is right and the item has the key it lies under
  kWhole,  // besides, each item can be decoded
};

// Used by one thread.
class ItemCheck {
 public:
  ItemCheck(TableRef table, ItemDepth depth) : table_(std::move(table)), depth_(depth) {}

  // Errors: kCorruption says what is wrong.
  StoreResult<void> Check(const BackupBlock& block);

  // Of the items checked.
  const Counts& counts() const { return counts_; }
  const std::string& first_key() const { return first_key_; }
  const std::string& last_key() const { return last_key_; }

 private:
  TableRef table_;
  ItemDepth depth_;
  Counts counts_;
  std::string first_key_;
  std::string last_key_;
};

}  // namespace gramme

#endif  // GRAMME_BACKUP_ITEM_CHECK_H_
