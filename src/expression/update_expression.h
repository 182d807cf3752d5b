// UpdateExpression: SET, REMOVE, ADD and DELETE clauses, and their effect on an item.
//
// Immutable once parsed; Apply is pure. All right-hand sides are evaluated on the item as it was
// before the update.

#ifndef GRAMME_EXPRESSION_UPDATE_EXPRESSION_H_
#define GRAMME_EXPRESSION_UPDATE_EXPRESSION_H_

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "expression/document_path.h"
#include "expression/placeholders.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct UpdateActions;  // expression/update_actions.h

class UpdateExpression {
 public:
  // Errors: ValidationException with DynamoDB's text, for syntax, clauses given twice, overlapping
  // or conflicting paths, operand types of literals, and what ConditionExpression::Parse lists.
  static Result<UpdateExpression> Parse(std::string_view text, Placeholders& placeholders);

  // An update that is no text. REQUIRES: what Parse ensures.
  static UpdateExpression FromActions(UpdateActions actions);

  const UpdateActions& actions() const { return *actions_; }

  // The item after the update. Errors: ValidationException (`The document path provided in the
  // update expression is invalid for update`, `An operand in the update expression has an incorrect
  // data type`, of AttributeUpdates `Type mismatch for attribute to update`, `The provided
  // expression refers to an attribute that does not exist in the item`, number overflow, nesting).
  Result<Item> Apply(const Item& old_item) const;

  // The updated paths that `item` has, for UPDATED_OLD and UPDATED_NEW.
  Item UpdatedAttributes(const Item& item) const;

  // Top-level attributes that it writes; and all that it reads or writes.
  std::set<std::string> WrittenAttributes() const;
  void CollectAttributes(std::set<std::string>& attributes) const;
  // Those that it reads or writes inside of: `a.b`, `a[0]`; in order.
  std::vector<std::string> NestedAttributes() const;
  // The types that it certainly gives to attributes, or takes them to have, where that does not
  // depend on the item: of literals, sums and joined lists.
  std::vector<std::pair<std::string, AttributeType>> KnownTypes() const;

  // It only takes away (REMOVE, DELETE): an absent item stays absent.
  bool OnlyRemoves() const;

  // What UpdateItem's size rule charges for the request: what it writes, names and values, and a
  // cost for each action and operand. It depends on the item in nothing. 0 for AttributeUpdates,
  // which have no such rule. Measured on the service by others; see the constants.
  std::size_t measure_bytes() const;

 private:
  explicit UpdateExpression(std::shared_ptr<const UpdateActions> actions);

  std::shared_ptr<const UpdateActions> actions_;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_UPDATE_EXPRESSION_H_
