#include "protocol/operation_table.h"

#include <vector>

#include "api/operations.h"
#include "protocol/typed_call.h"

namespace gramme {
namespace {

template <typename... Operations>
std::vector<ServedOperation> ServeAll(OperationList<Operations...>) {
  return {Serve<Operations>()...};
}

}  // namespace

std::span<const ServedOperation> OperationTable() {
  static const std::vector<ServedOperation> table = ServeAll(ServedOperations{});
  return table;
}

}  // namespace gramme
