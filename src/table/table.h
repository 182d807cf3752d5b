// Table: one version of a table's description, ready for use by requests. Immutable and shared; a
// request works under the one it found from its first step to its last.

#ifndef GRAMME_TABLE_TABLE_H_
#define GRAMME_TABLE_TABLE_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "model/table_description.h"
#include "storage/key.h"

namespace gramme {

class Table {
 public:
  explicit Table(TableDescription description) : description_(std::move(description)) {
    if (!description_.change_log) return;
    for (const LogShard& shard : description_.change_log->shards) {
      if (!shard.closing_time) open_log_shards_.push_back(&shard);
    }
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const TableDescription& description() const { return description_; }
  const std::string& name() const { return description_.name; }
  // Every write to the table's items carries it, so that none is decided under an older version.
  Guard guard() const { return {description_.number, description_.generation}; }
  KeyspaceId keyspace() const { return KeyspaceId{description_.keyspace}; }
  // Where a change of an item with this placement is recorded; nullptr: nowhere.
  const LogShard* OpenLogShard(std::uint64_t placement) const {
    for (const LogShard* shard : open_log_shards_) {
      if (shard->placement_first <= placement && placement <= shard->placement_last) return shard;
    }
    return nullptr;
  }

 private:
  TableDescription description_;
  std::vector<const LogShard*> open_log_shards_;  // of the description
};

using TableRef = std::shared_ptr<const Table>;

}  // namespace gramme

#endif  // GRAMME_TABLE_TABLE_H_
