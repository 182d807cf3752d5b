// ConditionExpression: the tree of a ConditionExpression or FilterExpression, and its evaluation.
//
// Immutable once parsed; evaluation is pure, cannot fail and may run on any thread. Operands of the
// wrong type make a comparison false; what is wrong whatever the item (DynamoDB's operand type
// errors on literal values) is refused by Parse.

#ifndef GRAMME_EXPRESSION_CONDITION_EXPRESSION_H_
#define GRAMME_EXPRESSION_CONDITION_EXPRESSION_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

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

  // A condition that is no text. REQUIRES: what Parse ensures.
  static ConditionExpression FromNode(ConditionNode root);

  // The top-level attributes that it reads, in order.
  const std::vector<std::string>& attributes() const;
  // Those among them that it looks into: `a.b`, `a[0]`.
  const std::vector<std::string>& nested_attributes() const;

 private:
  struct Parsed;
  explicit ConditionExpression(std::shared_ptr<const Parsed> parsed);

  std::shared_ptr<const Parsed> parsed_;  // shared: copies are cheap
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_CONDITION_EXPRESSION_H_
