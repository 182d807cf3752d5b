#include "expression/update_value.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/limits.h"

namespace gramme {
namespace {

std::unexpected<ApiError> WrongType() {
  return ValidationError(std::string(kUpdateOperandTypeError));
}

std::string_view NumberProblem(NumberError error) {
  switch (error) {
    case NumberError::kTooPrecise:
      return "Attempting to store more than 38 significant digits in a Number";
    case NumberError::kUnderflow:
      return "Number underflow. Attempting to store a number with magnitude smaller than supported "
             "range";
    case NumberError::kOverflow:
    case NumberError::kSyntax:
      break;
  }
  return "Number overflow. Attempting to store a number with magnitude larger than supported range";
}

ComputedValue ComputeSum(Arithmetic arithmetic, const Number& a, const Number& b) {
  const auto sum = arithmetic == Arithmetic::kSubtract ? Number::Subtract(a, b) : Number::Add(a, b);
  if (!sum) return ComputedValue::Failed(NumberProblem(sum.error()));
  return ComputedValue::Owned(*sum);
}

bool IsAbsentOr(const ComputedValue& computed, AttributeType type) {
  return computed.get() == nullptr || computed.get()->is(type);
}

// REQUIRES: both are lists.
Result<ComputedValue> Joined(ComputedValue first, const AttributeValue& second) {
  // Known before anything is copied: a short expression could double a list many times.
  if (ValueSizeBytes(*first.get()) + ValueSizeBytes(second) > kItemSizeBytesMax) {
    return ValidationError(std::string(kUpdateSizeError));
  }
  AttributeValue joined = std::move(first).Take();
  List& list = joined.get<List>();
  const List& tail = second.get<List>();
  list.insert(list.end(), tail.begin(), tail.end());
  return ComputedValue::Owned(std::move(joined));
}

Result<ComputedValue> ComputeOperand(const UpdateOperand& operand, const Item& item);

Result<ComputedValue> ComputeListAppend(const UpdateOperand& operand, const Item& item) {
  GRAMME_TRY(ComputedValue first, ComputeOperand(operand.arguments[0], item));
  if (!IsAbsentOr(first, AttributeType::kList)) return WrongType();
  GRAMME_TRY(ComputedValue second, ComputeOperand(operand.arguments[1], item));
  if (!IsAbsentOr(second, AttributeType::kList)) return WrongType();
  if (first.get() == nullptr) return first;
  if (second.get() == nullptr) return second;
  return Joined(std::move(first), *second.get());
}

Result<ComputedValue> ComputeOperand(const UpdateOperand& operand, const Item& item) {
  switch (operand.kind) {
    case UpdateOperand::Kind::kValue:
      return ComputedValue::Borrowed(operand.value.get());
    case UpdateOperand::Kind::kListAppend:
      return ComputeListAppend(operand, item);
    case UpdateOperand::Kind::kPath:
    case UpdateOperand::Kind::kIfNotExists:
      break;
  }
  const AttributeValue* value = FindAtPath(item, operand.path);
  if (value != nullptr) return ComputedValue::Borrowed(value);
  if (operand.kind == UpdateOperand::Kind::kPath) {
    return ComputedValue::Failed(kUpdateAbsentAttributeError);
  }
  return ComputeOperand(operand.arguments.front(), item);
}

Result<ComputedValue> ComputeSet(const UpdateAction& action, const Item& item) {
  GRAMME_TRY(ComputedValue first, ComputeOperand(action.operands.front(), item));
  if (action.arithmetic == Arithmetic::kNone) return first;
  if (!IsAbsentOr(first, AttributeType::kNumber)) return WrongType();
  GRAMME_TRY(ComputedValue second, ComputeOperand(action.operands.back(), item));
  if (!IsAbsentOr(second, AttributeType::kNumber)) return WrongType();
  if (first.get() == nullptr) return first;
  if (second.get() == nullptr) return second;
  return ComputeSum(action.arithmetic, first.get()->get<Number>(), second.get()->get<Number>());
}

template <typename Set>
AttributeValue Union(const Set& a, const Set& b) {
  Set result;
  std::set_union(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                 std::back_inserter(result.elements));
  return result;
}

template <typename Set>
ComputedValue Difference(const Set& a, const Set& b) {
  Set result;
  std::set_difference(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                      std::back_inserter(result.elements));
  // A set is never empty: the attribute goes with its last element.
  if (result.elements.empty()) return {};
  return ComputedValue::Owned(std::move(result));
}

// REQUIRES: both are sets of one type.
template <typename Operation>
auto OnSets(const AttributeValue& a, const AttributeValue& b, Operation operation) {
  if (const StringSet* strings = a.get_if<StringSet>()) {
    return operation(*strings, b.get<StringSet>());
  }
  if (const NumberSet* numbers = a.get_if<NumberSet>()) {
    return operation(*numbers, b.get<NumberSet>());
  }
  return operation(a.get<BinarySet>(), b.get<BinarySet>());
}

// REQUIRES: both have one type.
Result<ComputedValue> ComputeAdd(const AttributeValue& literal, const AttributeValue& old) {
  if (const Number* number = literal.get_if<Number>()) {
    return ComputeSum(Arithmetic::kAdd, old.get<Number>(), *number);
  }
  // Only AttributeUpdates can ADD a list.
  if (literal.is(AttributeType::kList)) return Joined(ComputedValue::Borrowed(&old), literal);
  return ComputedValue::Owned(
      OnSets(old, literal, [](const auto& a, const auto& b) { return Union(a, b); }));
}

}  // namespace

Result<ComputedValue> ComputeValue(const UpdateAction& action, UpdateSource source,
                                   const Item& old_item) {
  switch (action.verb) {
    case UpdateVerb::kSet:
      return ComputeSet(action, old_item);
    case UpdateVerb::kRemove:
      return ComputedValue();
    case UpdateVerb::kAdd:
    case UpdateVerb::kDelete:
      break;
  }
  const bool adds = action.verb == UpdateVerb::kAdd;
  const AttributeValue& literal = *action.operands.front().value;
  const AttributeValue* old = FindAtPath(old_item, action.path);
  if (old == nullptr) return adds ? ComputedValue::Borrowed(&literal) : ComputedValue();
  if (old->type() != literal.type()) {
    if (source == UpdateSource::kExpression) return WrongType();
    return ValidationError(std::string(kAttributeUpdateTypeError));
  }
  if (adds) return ComputeAdd(literal, *old);
  return OnSets(*old, literal, [](const auto& a, const auto& b) { return Difference(a, b); });
}

}  // namespace gramme
