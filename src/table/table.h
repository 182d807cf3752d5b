// Table: one version of a table's description, ready for use by requests. Immutable and shared; a
// request works under the one it found from its first step to its last.

#ifndef GRAMME_TABLE_TABLE_H_
#define GRAMME_TABLE_TABLE_H_

#include <memory>
#include <utility>

#include "model/table_description.h"
#include "storage/key.h"

namespace gramme {

class Table {
 public:
  explicit Table(TableDescription description) : description_(std::move(description)) {}

  const TableDescription& description() const { return description_; }
  const std::string& name() const { return description_.name; }
  // Every write to the table's items carries it, so that none is decided under an older version.
  Guard guard() const { return {description_.number, description_.generation}; }
  KeyspaceId keyspace() const { return KeyspaceId{description_.keyspace}; }

 private:
  TableDescription description_;
};

using TableRef = std::shared_ptr<const Table>;

}  // namespace gramme

#endif  // GRAMME_TABLE_TABLE_H_
