// The meaning of conditions. Pure functions, any thread; nothing is copied but sizes.

#ifndef GRAMME_EXPRESSION_EVALUATOR_H_
#define GRAMME_EXPRESSION_EVALUATOR_H_

#include <compare>
#include <cstddef>
#include <optional>

#include "expression/condition_node.h"
#include "model/attribute_value.h"

namespace gramme {

// Whether `item` satisfies the condition. Cannot fail: an absent operand or one of the wrong type
// makes every comparison but `<>` false.
bool Evaluate(const ConditionNode& node, const Item& item);

// The order of two strings or binaries by unsigned bytes, of two numbers by value; unordered
// otherwise.
std::partial_ordering CompareValues(const AttributeValue& a, const AttributeValue& b);

// What size() gives: UTF-16 units of a string, bytes of a binary, elements of a set, list or map;
// nothing for the other types.
std::optional<std::size_t> SizeFunction(const AttributeValue& value);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_EVALUATOR_H_
