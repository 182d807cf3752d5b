// The operations of api/operations.h as the dispatcher wants them.

#ifndef GRAMME_PROTOCOL_OPERATION_TABLE_H_
#define GRAMME_PROTOCOL_OPERATION_TABLE_H_

#include <span>

#include "protocol/operation_call.h"

namespace gramme {

// Every served operation, in the order of api/operations.h. Lives for ever.
std::span<const ServedOperation> OperationTable();

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_OPERATION_TABLE_H_
