// QueuedImporter: an importer on Store::Import, for stores that have no better way and for entries
// that come in no order.

#ifndef GRAMME_STORAGE_QUEUED_IMPORTER_H_
#define GRAMME_STORAGE_QUEUED_IMPORTER_H_

#include <cstddef>
#include <deque>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "storage/store.h"

namespace gramme {

// Takes entries in any order, of any keyspace and group. Borrows the store.
class QueuedImporter : public Importer {
 public:
  // What goes into one import.
  static constexpr std::size_t kPieceBytesDefault = 256 << 10;

  explicit QueuedImporter(Store& store, std::size_t piece_bytes = kPieceBytesDefault)
      : store_(store), piece_bytes_(piece_bytes) {}

  StoreResult<void> Append(const Key& key, std::string_view value) override;
  StoreResult<void> Finish() override;

 private:
  StoreResult<void> Flush();

  Store& store_;
  const std::size_t piece_bytes_;
  std::vector<KeyValue> piece_;  // all of one group
  std::size_t piece_byte_count_ = 0;
  std::deque<Position> queued_;  // pieces that may not be durable yet
};

}  // namespace gramme

#endif  // GRAMME_STORAGE_QUEUED_IMPORTER_H_
