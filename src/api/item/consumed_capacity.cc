#include "api/item/consumed_capacity.h"

namespace gramme {
namespace {

template <typename Shape>
void SetUnits(Shape& shape, double units, CapacityKind kind) {
  shape.capacity_units = units;
  if (kind == CapacityKind::kTransactRead) shape.read_capacity_units = units;
  if (kind == CapacityKind::kTransactWrite) shape.write_capacity_units = units;
}

std::optional<std::map<std::string, Capacity>> DescribeIndexes(
    const std::map<std::string, double, std::less<>>& units_by_name, CapacityKind kind) {
  if (units_by_name.empty()) return std::nullopt;
  std::map<std::string, Capacity> described;
  for (const auto& [name, units] : units_by_name) SetUnits(described[name], units, kind);
  return described;
}

}  // namespace

std::optional<ConsumedCapacity> DescribeConsumption(
    const std::optional<ReturnConsumedCapacity>& asked, const std::string& table_name,
    const Consumption& consumption, CapacityKind kind) {
  if (!asked || *asked == ReturnConsumedCapacity::kNone) return std::nullopt;
  ConsumedCapacity described;
  described.table_name = table_name;
  SetUnits(described, consumption.total(), kind);
  if (*asked == ReturnConsumedCapacity::kTotal) return described;
  SetUnits(described.table.emplace(), consumption.table_units, kind);
  described.local_secondary_indexes = DescribeIndexes(consumption.local_index_units, kind);
  described.global_secondary_indexes = DescribeIndexes(consumption.global_index_units, kind);
  return described;
}

}  // namespace gramme
