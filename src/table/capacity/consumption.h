// Capacity units: what requests cost (limits.md section 7), and how much one request consumed of
// one table and its indexes. Values.

#ifndef GRAMME_TABLE_CAPACITY_CONSUMPTION_H_
#define GRAMME_TABLE_CAPACITY_CONSUMPTION_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "model/table_description.h"

namespace gramme {

// A write of so many bytes: one unit for each begun KB, at least one.
double WriteUnits(std::size_t size_bytes);
// A strongly consistent read of so many bytes: one unit for each begun 4 KB, at least one.
double ReadUnits(std::size_t size_bytes);

// Units of one kind, reads or writes, of one table. Halves are exact.
struct Consumption {
  double table_units = 0;
  std::map<std::string, double, std::less<>> local_index_units;
  std::map<std::string, double, std::less<>> global_index_units;

  void AddIndex(const IndexDescription& index, double units) {
    (index.is_global ? global_index_units : local_index_units)[index.name] += units;
  }
  void Add(const Consumption& more);
  double total() const;

  friend bool operator==(const Consumption&, const Consumption&) = default;
};

}  // namespace gramme

#endif  // GRAMME_TABLE_CAPACITY_CONSUMPTION_H_
