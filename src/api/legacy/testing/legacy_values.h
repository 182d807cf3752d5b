// A value of each type, and short ways to write legacy conditions, for tests.

#ifndef GRAMME_API_LEGACY_TESTING_LEGACY_VALUES_H_
#define GRAMME_API_LEGACY_TESTING_LEGACY_VALUES_H_

#include <string>
#include <utility>
#include <vector>

#include "api/legacy/legacy_shapes.h"
#include "model/attribute_value.h"
#include "table/testing/item_world.h"

namespace gramme {

inline AttributeValue B(std::string bytes) { return AttributeValue(Binary{std::move(bytes)}); }
inline AttributeValue Strings(std::vector<std::string> elements) {
  return AttributeValue(StringSet{std::move(elements)});
}
inline AttributeValue Numbers(const std::vector<int>& elements) {
  NumberSet set;
  for (const int element : elements) set.elements.push_back(Number::FromInt(element));
  return AttributeValue(std::move(set));
}
inline AttributeValue Binaries(std::vector<std::string> elements) {
  return AttributeValue(BinarySet{std::move(elements)});
}

// One of each type, in the order of AttributeType.
inline std::vector<AttributeValue> OneOfEachType() {
  return {S("s"),
          N(1),
          B("b"),
          AttributeValue(true),
          AttributeValue(Null{}),
          Strings({"a", "b"}),
          Numbers({1, 2}),
          Binaries({"a", "b"}),
          AttributeValue(List{N(1), S("s")}),
          AttributeValue(AttributeMap{{"k", N(1)}})};
}

inline ConditionShape Compare(ComparisonOperator comparison,
                              std::vector<AttributeValue> values = {}) {
  return {.attribute_value_list = std::move(values), .comparison_operator = comparison};
}

// All operators, in the order of their names' table.
inline std::vector<ComparisonOperator> AllComparisons() {
  std::vector<ComparisonOperator> all;
  for (const auto& [comparison, name] : EnumNames<ComparisonOperator>::kNames) {
    all.push_back(comparison);
  }
  return all;
}

}  // namespace gramme

#endif  // GRAMME_API_LEGACY_TESTING_LEGACY_VALUES_H_
