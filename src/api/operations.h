// Every operation that is served. A new one is added here, in the order of the alphabet within its
// folder, and nowhere else; what is not here answers UnknownOperationException.

#ifndef GRAMME_API_OPERATIONS_H_
#define GRAMME_API_OPERATIONS_H_

#include "api/table/create_table.h"
#include "api/table/delete_table.h"
#include "api/table/describe_table.h"
#include "api/table/list_tables.h"

namespace gramme {

template <typename... Operations>
struct OperationList {};

using ServedOperations = OperationList<  //
    CreateTable,                         //
    DeleteTable,                         //
    DescribeTable,                       //
    ListTables>;

}  // namespace gramme

#endif  // GRAMME_API_OPERATIONS_H_
