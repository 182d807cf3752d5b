#include "table/capacity/consumption.h"

#include <algorithm>

namespace gramme {
namespace {

constexpr std::size_t kWriteUnitBytes = 1024;
constexpr std::size_t kReadUnitBytes = 4096;

double UnitsOf(std::size_t size_bytes, std::size_t unit_bytes) {
  return static_cast<double>(std::max<std::size_t>(1, (size_bytes + unit_bytes - 1) / unit_bytes));
}

}  // namespace

double WriteUnits(std::size_t size_bytes) { return UnitsOf(size_bytes, kWriteUnitBytes); }

double ReadUnits(std::size_t size_bytes) { return UnitsOf(size_bytes, kReadUnitBytes); }

void Consumption::Add(const Consumption& more) {
  table_units += more.table_units;
  for (const auto& [name, units] : more.local_index_units) local_index_units[name] += units;
  for (const auto& [name, units] : more.global_index_units) global_index_units[name] += units;
}

double Consumption::total() const {
  double sum = table_units;
  for (const auto& [name, units] : local_index_units) sum += units;
  for (const auto& [name, units] : global_index_units) sum += units;
  return sum;
}

}  // namespace gramme
