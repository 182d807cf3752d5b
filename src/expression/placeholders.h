// Placeholders: ExpressionAttributeNames and ExpressionAttributeValues of one request, with what
// its expressions have used of them. One object serves all expressions of the request (or of one
// action of a transaction), so that an unused placeholder is found once all are parsed.

#ifndef GRAMME_EXPRESSION_PLACEHOLDERS_H_
#define GRAMME_EXPRESSION_PLACEHOLDERS_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

// `#name` to attribute name, and `:value` to value, as sent. Absent and empty differ: an empty map
// is refused, and either is refused where the request has no expression.
using ExpressionAttributeNames = std::optional<std::map<std::string, std::string, std::less<>>>;
using ExpressionAttributeValues = std::optional<AttributeMap>;

class Placeholders {
 public:
  // Borrows both: they outlive it.
  Placeholders(const ExpressionAttributeNames& names, const ExpressionAttributeValues& values);

  // Maps sent without any expression: `has_expression` says whether the request has one, and
  // `absent` which ones DynamoDB names where it has none, `ConditionExpression is null`. DynamoDB's
  // texts.
  Result<void> CheckAllowed(bool has_expression, std::string_view absent = {}) const;
  // The same; then form of the tokens, empty maps, total size.
  Result<void> Validate(bool has_expression, std::string_view absent = {}) const;

  // The attribute name or value for a token with its `#` or `:`, noted as used; nullptr if
  // undefined.
  const std::string* UseName(std::string_view token);
  const AttributeValue* UseValue(std::string_view token);

  // After all expressions are parsed: `Value provided in ExpressionAttributeNames unused in
  // expressions: keys: {#a}` and its sibling for values.
  Result<void> CheckAllUsed() const;

 private:
  const ExpressionAttributeNames& names_;
  const ExpressionAttributeValues& values_;
  std::set<std::string, std::less<>> used_names_;
  std::set<std::string, std::less<>> used_values_;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_PLACEHOLDERS_H_
