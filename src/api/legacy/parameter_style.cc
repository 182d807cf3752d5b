#include "api/legacy/parameter_style.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/result.h"

namespace gramme {
namespace {

bool IsAnySent(SentParameters parameters) {
  return std::ranges::any_of(parameters, &SentParameter::is_sent);
}

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
  if (!IsAnySent(legacy) || !IsAnySent(expressions)) return {};
  return ValidationError(
      fmt::format("Can not use both expression and non-expression parameters in the same request: "
                  "Non-expression parameters: {{{}}} Expression parameters: {{{}}}",
                  NamesOfSent(legacy), NamesOfSent(expressions)));
}

Result<void> CheckConditionalOperator(const std::optional<ConditionalOperator>& joined_by,
                                      std::size_t condition_count) {
  if (!joined_by || condition_count >= 2) return {};
  return ValidationError(condition_count == 0
                             ? "ConditionalOperator cannot be used without Filter or Expected"
                             : "ConditionalOperator can only be used when Filter or Expected has "
                               "two or more elements");
}

Result<void> CheckLegacyName(std::string_view name) {
  if (!name.empty()) return {};
  return InvalidParameters(kEmptyAttributeName);
}

Result<std::optional<ProjectionExpression>> TranslateAttributesToGet(const AttributesToGet& names) {
  if (!names) return std::optional<ProjectionExpression>();
  std::set<std::string_view> distinct;
  for (const std::string& name : *names) {
    GRAMME_RETURN_IF_ERROR(CheckLegacyName(name));
    if (distinct.insert(name).second) continue;
    return InvalidParameters("Duplicate value in attribute name: " + name);
  }
  return std::optional(ProjectionExpression::FromAttributeNames(*names));
}

}  // namespace gramme
