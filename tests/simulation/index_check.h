// Compares the indexes of a table with what they must be: a function of the table, in one view.

#ifndef GRAMME_TESTS_SIMULATION_INDEX_CHECK_H_
#define GRAMME_TESTS_SIMULATION_INDEX_CHECK_H_

#include <string>
#include <vector>

#include "model/table_description.h"
#include "storage/store.h"

namespace gramme {

// What is missing, left over or different in each of the given indexes of the table, in words.
std::vector<std::string> FindIndexDifferences(Store& store, const TableDescription& table,
                                              const std::vector<IndexDescription>& indexes);
// The same of the table's time to live, where it is ENABLED.
std::vector<std::string> FindExpiryDifferences(Store& store, const TableDescription& table);

}  // namespace gramme

#endif  // GRAMME_TESTS_SIMULATION_INDEX_CHECK_H_
