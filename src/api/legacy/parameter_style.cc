#include "api/legacy/parameter_style.h"

#include <fmt/format.h>

#include <set>
#include <string>

namespace gramme {
namespace {

std::string NamesOfSent(SentParameters parameters) {
  std::string names;
  for (const SentParameter& parameter : parameters) {
    if (!parameter.is_sent) continue;
    if (!names.empty()) names += ", ";
    names += parameter.name;
  }
  return names;
}

}  // namespace

Result<void> CheckOneStyle(SentParameters legacy, SentParameters expressions) {
  const std::string legacy_names = NamesOfSent(legacy);
  const std::string expression_names = NamesOfSent(expressions);
  if (legacy_names.empty() || expression_names.empty()) return {};
  return ValidationError(
      fmt::format("Can not use both expression and non-expression parameters in the same request: "
                  "Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
                  legacy_names, expression_names));
}

Result<void> CheckConditionalOperator(const std::optional<ConditionalOperator>& joined_by,
                                      std::size_t condition_count) {
  if (!joined_by || condition_count >= 2) return {};
  return ValidationError(condition_count == 0
                             ? "ConditionalOperator cannot be used without Filter or Expected"
                             : "ConditionalOperator can only be used when Filter or Expected has "
                               "two or more elements");
}

Result<std::optional<ProjectionExpression>> TranslateAttributesToGet(const AttributesToGet& names) {
  if (!names) return std::optional<ProjectionExpression>();
  std::set<std::string_view> distinct;
  for (const std::string& name : *names) {
    if (distinct.insert(name).second) continue;
    return ValidationError(fmt::format(
        "One or more parameter values were invalid: Duplicate value in attribute name: {}", name));
  }
  return std::optional(ProjectionExpression::FromAttributeNames(*names));
}

}  // namespace gramme
