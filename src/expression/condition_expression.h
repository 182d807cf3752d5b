// ConditionExpression: the tree of a ConditionExpression or FilterExpression, and its evaluation.
//
// Immutable once parsed; evaluation is pure, cannot fail and may run on any thread. Operands of the
// wrong type make a comparison false; what is wrong whatever the item (DynamoDB's operand type
// errors on literal values) is refused by Parse.

#ifndef GRAMME_EXPRESSION_CONDITION_EXPRESSION_H_
#define GRAMME_EXPRESSION_CONDITION_EXPRESSION_H_

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "expression/placeholders.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

struct ConditionNode;  // expression/condition_node.h

class ConditionExpression {
 public:
  // `parameter` names it in messages: `Invalid FilterExpression: …`. Errors: ValidationException
  // with DynamoDB's text, for syntax, size, operators, undefined placeholders, reserved words,
  // redundant parentheses, operand types.
  static Result<ConditionExpression> Parse(std::string_view parameter, std::string_view text,
                                           Placeholders& placeholders);

  // Whether the item satisfies it. An absent item is an empty one.
  bool Holds(const Item& item) const;

  // Adds the top-level attributes that it reads.
  void CollectAttributes(std::set<std::string>& attributes) const;

 private:
  explicit ConditionExpression(std::shared_ptr<const ConditionNode> root);

  std::shared_ptr<const ConditionNode> root_;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_CONDITION_EXPRESSION_H_
