// What a transaction consumed, as its answer shows it.

#ifndef GRAMME_API_TRANSACTION_TRANSACT_CONSUMPTION_H_
#define GRAMME_API_TRANSACTION_TRANSACT_CONSUMPTION_H_

#include <optional>
#include <vector>

#include "api/item/consumed_capacity.h"
#include "table/transaction/transaction.h"

namespace gramme {

// One element per table; nothing where the request did not ask.
inline std::optional<std::vector<ConsumedCapacity>> DescribeTableConsumption(
    const std::optional<ReturnConsumedCapacity>& asked,
    const std::vector<TableConsumption>& consumption, CapacityKind kind) {
  std::optional<std::vector<ConsumedCapacity>> described;
  for (const TableConsumption& table : consumption) {
    auto one = DescribeConsumption(asked, table.table_name, table.consumption, kind);
    if (!one) return std::nullopt;
    if (!described) described.emplace();
    described->push_back(*std::move(one));
  }
  return described;
}

}  // namespace gramme

#endif  // GRAMME_API_TRANSACTION_TRANSACT_CONSUMPTION_H_
