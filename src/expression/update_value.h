// The values that the actions of an update write, computed from the item as it was.

#ifndef GRAMME_EXPRESSION_UPDATE_VALUE_H_
#define GRAMME_EXPRESSION_UPDATE_VALUE_H_

#include <optional>
#include <string_view>
#include <utility>

#include "expression/update_actions.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

inline constexpr std::string_view kUpdateOperandTypeError =
    "An operand in the update expression has an incorrect data type";
inline constexpr std::string_view kAttributeUpdateTypeError =
    "Type mismatch for attribute to update";
inline constexpr std::string_view kUpdateAbsentAttributeError =
    "The provided expression refers to an attribute that does not exist in the item";
inline constexpr std::string_view kUpdatePathError =
    "The document path provided in the update expression is invalid for update";
inline constexpr std::string_view kUpdateSizeError =
    "Item size to update has exceeded the maximum allowed size";
inline constexpr std::string_view kUpdateNestingError =
    "Nesting Levels have exceeded supported limits";

// A value that lives in the item or the expression, or a new one, or why there is none. Borrows
// from both.
class ComputedValue {
 public:
  // None, and no error.
  ComputedValue() = default;
  static ComputedValue Borrowed(const AttributeValue* value) {
    ComputedValue computed;
    computed.borrowed_ = value;
    return computed;
  }
  static ComputedValue Owned(AttributeValue value) {
    ComputedValue computed;
    computed.owned_ = std::move(value);
    return computed;
  }
  // An error that DynamoDB reports only after every operand's type and every path is checked.
  static ComputedValue Failed(std::string_view late_error) {
    ComputedValue computed;
    computed.late_error_ = late_error;
    return computed;
  }

  // nullptr where there is none.
  const AttributeValue* get() const { return owned_ ? &*owned_ : borrowed_; }
  // Empty where there is no error.
  std::string_view late_error() const { return late_error_; }
  // REQUIRES: there is a value.
  AttributeValue Take() && { return owned_ ? *std::move(owned_) : *borrowed_; }

 private:
  const AttributeValue* borrowed_ = nullptr;
  std::optional<AttributeValue> owned_;
  std::string_view late_error_;
};

// What the action writes; none for REMOVE, and for DELETE where nothing is left or was there.
// Errors: ValidationException for operands of the wrong type, and for a result beyond the largest
// item.
Result<ComputedValue> ComputeValue(const UpdateAction& action, UpdateSource source,
                                   const Item& old_item);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_UPDATE_VALUE_H_
