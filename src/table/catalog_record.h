// A table's description as a stored record: the value of its key in the catalog keyspace, and the
// definitions part of a backup. Part of the format, see docs/internals/formats.md.

#ifndef GRAMME_TABLE_CATALOG_RECORD_H_
#define GRAMME_TABLE_CATALOG_RECORD_H_

#include <string>
#include <string_view>

#include "base/status.h"
#include "model/table_description.h"
#include "storage/key.h"

namespace gramme {

std::string EncodeTableDescription(const TableDescription& description);
// Errors: kCorruption.
StoreResult<TableDescription> DecodeTableDescription(std::string_view bytes);

// Where the description of `table_name` is kept.
Key CatalogKey(std::string_view table_name);
// All of them.
KeyRange CatalogRange();

}  // namespace gramme

#endif  // GRAMME_TABLE_CATALOG_RECORD_H_
