// ConsumedCapacity as an answer shows it.

#ifndef GRAMME_API_ITEM_CONSUMED_CAPACITY_H_
#define GRAMME_API_ITEM_CONSUMED_CAPACITY_H_

#include <optional>
#include <string>

#include "api/item/item_shapes.h"
#include "table/capacity/consumption.h"

namespace gramme {

// Plain requests tell CapacityUnits only; transactions tell reads or writes beside them.
enum class CapacityKind { kPlain, kTransactRead, kTransactWrite };

// Nothing where the request did not ask.
std::optional<ConsumedCapacity> DescribeConsumption(
    const std::optional<ReturnConsumedCapacity>& asked, const std::string& table_name,
    const Consumption& consumption, CapacityKind kind = CapacityKind::kPlain);

}  // namespace gramme

#endif  // GRAMME_API_ITEM_CONSUMED_CAPACITY_H_
