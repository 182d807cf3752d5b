#include "expression/testing/parse.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace gramme {
namespace {

template <typename Parse>
auto WithPlaceholders(const Sent& sent, Parse parse) {
  const ExpressionAttributeNames names = sent.names;
  const ExpressionAttributeValues values = sent.values;
  Placeholders placeholders(names, values);
  return parse(placeholders);
}

template <typename T>
std::string ProblemOf(std::string_view parameter, const Result<T>& parsed) {
  if (parsed) return "parsed";
  const std::string prefix = "Invalid " + std::string(parameter) + ": ";
  const std::string& message = parsed.error().message;
  return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

}  // namespace

AttributeValue N(std::string_view text) {
  const auto number = Number::Parse(text);
  GRAMME_CHECK(number.has_value(), text);
  return *number;
}

AttributeValue S(std::string text) { return AttributeValue(std::move(text)); }
AttributeValue B(std::string bytes) { return Binary{.bytes = std::move(bytes)}; }

AttributeValue Strings(std::vector<std::string> elements) {
  std::sort(elements.begin(), elements.end());
  return StringSet{.elements = std::move(elements)};
}

AttributeValue Numbers(std::vector<std::string_view> elements) {
  NumberSet set;
  for (const std::string_view element : elements) set.elements.push_back(N(element).get<Number>());
  std::sort(set.elements.begin(), set.elements.end());
  return set;
}

Result<ConditionExpression> ParseCondition(std::string_view text, const Sent& sent) {
  return WithPlaceholders(sent, [&](Placeholders& placeholders) {
    return ConditionExpression::Parse("ConditionExpression", text, placeholders);
  });
}

Result<UpdateExpression> ParseUpdate(std::string_view text, const Sent& sent) {
  return WithPlaceholders(sent, [&](Placeholders& placeholders) {
    return UpdateExpression::Parse(text, placeholders);
  });
}

Result<ProjectionExpression> ParseProjection(std::string_view text, const Sent& sent) {
  return WithPlaceholders(sent, [&](Placeholders& placeholders) {
    return ProjectionExpression::Parse(text, placeholders);
  });
}

std::string ConditionProblem(std::string_view text, const Sent& sent) {
  return ProblemOf("ConditionExpression", ParseCondition(text, sent));
}

std::string UpdateProblem(std::string_view text, const Sent& sent) {
  return ProblemOf("UpdateExpression", ParseUpdate(text, sent));
}

std::string ProjectionProblem(std::string_view text, const Sent& sent) {
  return ProblemOf("ProjectionExpression", ParseProjection(text, sent));
}

bool Holds(std::string_view text, const Item& item, const Sent& sent) {
  const auto condition = ParseCondition(text, sent);
  GRAMME_CHECK(condition.has_value(), condition ? "" : condition.error().message);
  return condition->Holds(item);
}

Result<Item> Updated(std::string_view text, const Item& item, const Sent& sent) {
  const auto update = ParseUpdate(text, sent);
  GRAMME_CHECK(update.has_value(), update ? "" : update.error().message);
  return update->Apply(item);
}

std::string ApplyProblem(std::string_view text, const Item& item, const Sent& sent) {
  const auto updated = Updated(text, item, sent);
  return updated ? "applied" : updated.error().message;
}

}  // namespace gramme
