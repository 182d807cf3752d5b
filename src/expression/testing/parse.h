// Short ways to values, items and parsed expressions, for tests.

#ifndef GRAMME_EXPRESSION_TESTING_PARSE_H_
#define GRAMME_EXPRESSION_TESTING_PARSE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "expression/condition_expression.h"
#include "expression/placeholders.h"
#include "expression/projection_expression.h"
#include "expression/update_expression.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

AttributeValue N(std::string_view text);
AttributeValue S(std::string text);
AttributeValue B(std::string bytes);
AttributeValue Strings(std::vector<std::string> elements);
AttributeValue Numbers(std::vector<std::string_view> elements);

// The maps that a request sends.
struct Sent {
  AttributeMap values = {};
  std::map<std::string, std::string, std::less<>> names = {};
};

Result<ConditionExpression> ParseCondition(std::string_view text, const Sent& sent = {});
Result<UpdateExpression> ParseUpdate(std::string_view text, const Sent& sent = {});
Result<ProjectionExpression> ParseProjection(std::string_view text, const Sent& sent = {});

// The message without `Invalid ConditionExpression: `; `parsed` where there is no error.
std::string ConditionProblem(std::string_view text, const Sent& sent = {});
std::string UpdateProblem(std::string_view text, const Sent& sent = {});
std::string ProjectionProblem(std::string_view text, const Sent& sent = {});

// Whether `text`, which must parse, holds for `item`.
bool Holds(std::string_view text, const Item& item, const Sent& sent = {});
// The item after the update `text`, which must parse.
Result<Item> Updated(std::string_view text, const Item& item, const Sent& sent = {});
// The message of its failure; `applied` where there is none.
std::string ApplyProblem(std::string_view text, const Item& item, const Sent& sent = {});

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_TESTING_PARSE_H_
