#include "expression/placeholders.h"

#include <fmt/core.h>

#include "base/result.h"
#include "expression/lexer.h"
#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::string_view kNames = "ExpressionAttributeNames";
constexpr std::string_view kValues = "ExpressionAttributeValues";

template <typename Map>
Result<void> CheckKeys(std::string_view parameter, char marker, const Map& map) {
  if (map.empty()) return ValidationError(fmt::format("{} must not be empty", parameter));
  for (const auto& [key, unused] : map) {
    if (key.size() > kExpressionTokenBytesMax) {
      return ValidationError(
          fmt::format("{} contains invalid key: The expression attribute map contains a key that "
                      "is too long; size of key: {}",
                      parameter, key.size()));
    }
    if (!IsPlaceholderToken(key, marker)) {
      return ValidationError(
          fmt::format("{} contains invalid key: Syntax error; key: \"{}\"", parameter, key));
    }
  }
  return {};
}

Result<void> CheckNames(const std::map<std::string, std::string, std::less<>>& names) {
  for (const auto& [key, name] : names) {
    if (name.empty()) {
      return ValidationError(
          fmt::format("{} contains invalid value: Empty attribute name for key {}", kNames, key));
    }
    if (name.size() > kAttributeNameBytesMax) {
      return ValidationError(
          fmt::format("{} contains invalid value: Attribute name is too large, must be less than "
                      "{} bytes for key {}",
                      kNames, kAttributeNameBytesMax + 1, key));
    }
  }
  return {};
}

template <typename Map>
Result<void> CheckUsed(std::string_view parameter, const Map& map,
                       const std::set<std::string, std::less<>>& used) {
  if (map.size() == used.size()) return {};
  std::string unused;
  for (const auto& [key, value] : map) {
    if (used.contains(key)) continue;
    if (!unused.empty()) unused += ", ";
    unused += key;
  }
  return ValidationError(
      fmt::format("Value provided in {} unused in expressions: keys: {{{}}}", parameter, unused));
}

}  // namespace

Placeholders::Placeholders(const ExpressionAttributeNames& names,
                           const ExpressionAttributeValues& values)
    : names_(names), values_(values) {}

Result<void> Placeholders::CheckAllowed(bool has_expression, std::string_view absent) const {
  if (has_expression) return {};
  if (names_) {
    return ValidationError(fmt::format("{} can only be specified when using expressions", kNames));
  }
  if (values_) {
    return ValidationError(fmt::format("{} can only be specified when using expressions{}{}",
                                       kValues, absent.empty() ? "" : ": ", absent));
  }
  return {};
}

Result<void> Placeholders::Validate(bool has_expression, std::string_view absent) const {
  GRAMME_RETURN_IF_ERROR(CheckAllowed(has_expression, absent));
  std::size_t total_bytes = 0;
  if (names_) {
    GRAMME_RETURN_IF_ERROR(CheckKeys(kNames, '#', *names_));
    GRAMME_RETURN_IF_ERROR(CheckNames(*names_));
    for (const auto& [key, name] : *names_) total_bytes += key.size() + name.size();
  }
  if (values_) {
    GRAMME_RETURN_IF_ERROR(CheckKeys(kValues, ':', *values_));
    for (const auto& [key, value] : *values_) {
      if (NestingDepth(value) > kNestingDepthMax) {
        return ValidationError(fmt::format(
            "{} contains invalid value: Nesting Levels have exceeded supported limits for key {}",
            kValues, key));
      }
      total_bytes += key.size() + ValueSizeBytes(value);
    }
  }
  if (total_bytes > kExpressionValuesBytesMax) {
    return ValidationError(fmt::format("{} exceeds max size", kValues));
  }
  return {};
}

const std::string* Placeholders::UseName(std::string_view token) {
  if (!names_) return nullptr;
  const auto found = names_->find(token);
  if (found == names_->end()) return nullptr;
  used_names_.emplace(token);
  return &found->second;
}

const AttributeValue* Placeholders::UseValue(std::string_view token) {
  if (!values_) return nullptr;
  const auto found = values_->find(token);
  if (found == values_->end()) return nullptr;
  used_values_.emplace(token);
  return &found->second;
}

Result<void> Placeholders::CheckAllUsed() const {
  if (names_) GRAMME_RETURN_IF_ERROR(CheckUsed(kNames, *names_, used_names_));
  if (values_) GRAMME_RETURN_IF_ERROR(CheckUsed(kValues, *values_, used_values_));
  return {};
}

}  // namespace gramme
