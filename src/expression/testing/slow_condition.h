// A slow and obvious reading of a condition, which shares no code with the evaluator but the lookup
// of paths and numbers' order.

#ifndef GRAMME_EXPRESSION_TESTING_SLOW_CONDITION_H_
#define GRAMME_EXPRESSION_TESTING_SLOW_CONDITION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "expression/condition_node.h"
#include "model/attribute_value.h"

namespace gramme {

using SlowValue = std::optional<AttributeValue>;

inline SlowValue SizeSlowly(const SlowValue& value) {
  if (!value) return std::nullopt;
  std::size_t size = 0;
  if (const auto* string = value->get_if<std::string>()) {
    for (std::size_t i = 0; i < string->size(); ++i) {
      const auto byte = static_cast<unsigned char>((*string)[i]);
      if (byte < 0x80 || byte >= 0xC0) size += byte >= 0xF0 ? 2 : 1;
    }
  } else if (const auto* binary = value->get_if<Binary>()) {
    size = binary->bytes.size();
  } else if (const auto* strings = value->get_if<StringSet>()) {
    size = strings->elements.size();
  } else if (const auto* numbers = value->get_if<NumberSet>()) {
    size = numbers->elements.size();
  } else if (const auto* binaries = value->get_if<BinarySet>()) {
    size = binaries->elements.size();
  } else if (const auto* list = value->get_if<List>()) {
    size = list->size();
  } else if (const auto* map = value->get_if<AttributeMap>()) {
    size = map->size();
  } else {
    return std::nullopt;
  }
  return AttributeValue(Number::FromInt(static_cast<std::int64_t>(size)));
}

inline SlowValue ReadSlowly(const Operand& operand, const Item& item) {
  SlowValue value;
  if (operand.kind == Operand::Kind::kPath || operand.kind == Operand::Kind::kSizeOfPath) {
    if (const AttributeValue* found = FindAtPath(item, operand.path)) value = *found;
  } else {
    value = *operand.value;
  }
  return operand.is_size() ? SizeSlowly(value) : value;
}

// -1, 0, 1; nothing where there is no order.
inline std::optional<int> OrderSlowly(const SlowValue& a, const SlowValue& b) {
  if (!a || !b || a->type() != b->type()) return std::nullopt;
  if (a->is(AttributeType::kNumber)) {
    return a->get<Number>() < b->get<Number>() ? -1 : (b->get<Number>() < a->get<Number>() ? 1 : 0);
  }
  if (!a->is(AttributeType::kString) && !a->is(AttributeType::kBinary)) return std::nullopt;
  const bool is_string = a->is(AttributeType::kString);
  const std::string& x = is_string ? a->get<std::string>() : a->get<Binary>().bytes;
  const std::string& y = is_string ? b->get<std::string>() : b->get<Binary>().bytes;
  for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
    const auto left = static_cast<unsigned char>(x[i]);
    const auto right = static_cast<unsigned char>(y[i]);
    if (left != right) return left < right ? -1 : 1;
  }
  return x.size() < y.size() ? -1 : (x.size() > y.size() ? 1 : 0);
}

inline bool HasPartSlowly(const std::string& all, const std::string& part, bool at_start) {
  for (std::size_t i = 0; i + part.size() <= all.size(); ++i) {
    if (all.substr(i, part.size()) == part) return true;
    if (at_start) return false;
  }
  return false;
}

inline bool ContainsSlowly(const AttributeValue& all, const AttributeValue& part, bool at_start) {
  if (all.type() == part.type() && all.is(AttributeType::kString)) {
    return HasPartSlowly(all.get<std::string>(), part.get<std::string>(), at_start);
  }
  if (all.type() == part.type() && all.is(AttributeType::kBinary)) {
    return HasPartSlowly(all.get<Binary>().bytes, part.get<Binary>().bytes, at_start);
  }
  if (at_start) return false;
  std::vector<AttributeValue> elements;
  if (const auto* list = all.get_if<List>()) elements = *list;
  if (const auto* strings = all.get_if<StringSet>()) {
    for (const std::string& each : strings->elements) elements.emplace_back(each);
  }
  if (const auto* numbers = all.get_if<NumberSet>()) {
    for (const Number& each : numbers->elements) elements.emplace_back(each);
  }
  if (const auto* binaries = all.get_if<BinarySet>()) {
    for (const std::string& each : binaries->elements) elements.emplace_back(Binary{each});
  }
  for (const AttributeValue& element : elements) {
    if (element == part) return true;
  }
  return false;
}

inline bool HoldsSlowly(const ConditionNode& node, const Item& item) {
  int held = 0;
  for (const ConditionNode& child : node.conditions) held += HoldsSlowly(child, item) ? 1 : 0;
  std::vector<SlowValue> values;
  for (const Operand& operand : node.operands) values.push_back(ReadSlowly(operand, item));
  const auto order = [&](std::size_t a, std::size_t b) {
    return OrderSlowly(values[a], values[b]);
  };
  const auto is_equal = [&](std::size_t i) {
    return values[0] && values[i] && *values[0] == *values[i];
  };
  switch (node.kind) {
    case ConditionKind::kAnd:
      return held == static_cast<int>(node.conditions.size());
    case ConditionKind::kOr:
      return held > 0;
    case ConditionKind::kNot:
      return held == 0;
    case ConditionKind::kEqual:
      return is_equal(1);
    case ConditionKind::kNotEqual:
      return !is_equal(1);
    case ConditionKind::kLess:
      return order(0, 1) == -1;
    case ConditionKind::kLessOrEqual:
      return order(0, 1) == -1 || order(0, 1) == 0;
    case ConditionKind::kGreater:
      return order(0, 1) == 1;
    case ConditionKind::kGreaterOrEqual:
      return order(0, 1) == 1 || order(0, 1) == 0;
    case ConditionKind::kBetween:
      return order(0, 1) && order(0, 2) && *order(0, 1) >= 0 && *order(0, 2) <= 0;
    case ConditionKind::kIn:
      for (std::size_t i = 1; i < values.size(); ++i) held += is_equal(i) ? 1 : 0;
      return held > 0;
    case ConditionKind::kAttributeExists:
      return values[0].has_value();
    case ConditionKind::kAttributeNotExists:
      return !values[0].has_value();
    case ConditionKind::kAttributeType:
      return values[0] && values[0]->is(node.attribute_type);
    case ConditionKind::kBeginsWith:
    case ConditionKind::kContains:
      return values[0] && values[1] &&
             ContainsSlowly(*values[0], *values[1], node.kind == ConditionKind::kBeginsWith);
  }
  return false;
}

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_TESTING_SLOW_CONDITION_H_
