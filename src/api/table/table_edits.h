// The changes that UpdateTable makes to a description. Pure: each depends on its arguments only, so
// that the catalog may run it again. Each returns DynamoDB's refusal where it does not apply.

#ifndef GRAMME_API_TABLE_TABLE_EDITS_H_
#define GRAMME_API_TABLE_TABLE_EDITS_H_

#include "api/table/update_table.h"
#include "base/clock.h"
#include "model/api_error.h"
#include "model/table_description.h"

namespace gramme {

// Billing mode, throughput of the table and of indexes, on-demand maxima.
Result<void> EditCapacity(const UpdateTableRequest& request, WallTime now, TableDescription& table);

// Adds the index, CREATING, with `keyspace` for its entries. The table becomes UPDATING.
Result<void> AddIndex(const UpdateTableRequest& request, const GlobalSecondaryIndexShape& index,
                      std::uint64_t keyspace, TableDescription& table);

// Marks the index DELETING. The table becomes UPDATING.
Result<void> MarkIndexDeleted(std::string_view index_name, TableDescription& table);

}  // namespace gramme

#endif  // GRAMME_API_TABLE_TABLE_EDITS_H_
