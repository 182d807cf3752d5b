// A table's description as clients see it, with its live counts and sizes.

#ifndef GRAMME_API_TABLE_DESCRIBE_H_
#define GRAMME_API_TABLE_DESCRIBE_H_

#include "api/operation_context.h"
#include "api/table/table_shapes.h"
#include "model/api_error.h"
#include "model/table_description.h"

namespace gramme {

// Reads the counters by a view of their own. Errors: the store's.
Result<TableDescriptionShape> Describe(const TableDescription& table, OperationContext& context);

// The same for a table that has no items yet: touches no store.
TableDescriptionShape DescribeEmpty(const TableDescription& table, const ArnLabels& labels);

}  // namespace gramme

#endif  // GRAMME_API_TABLE_DESCRIBE_H_
