#include "expression/resolver.h"

#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "base/check.h"
#include "expression/expression_error.h"
#include "model/limits.h"

namespace gramme {
namespace {

std::size_t ListIndex(const Token& token) {
  std::size_t index = 0;
  const auto parsed =
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), index);
  GRAMME_CHECK(parsed.ec == std::errc(), "the structure rules check list indexes");
  return index;
}

}  // namespace

std::unexpected<ApiError> Resolver::Problem(std::string_view problem) const {
  return InvalidExpression(parameter_, problem);
}

std::unexpected<ApiError> Resolver::TypeProblem(std::string_view function,
                                                std::string_view type) const {
  return Problem(fmt::format("Incorrect operand type for operator or function; "
                             "operator or function: {}, operand type: {}",
                             function, type));
}

std::unexpected<ApiError> Resolver::PathRequired(std::string_view function) const {
  return Problem(fmt::format(
      "Operator or function requires a document path; operator or function: {}", function));
}

std::unexpected<ApiError> Resolver::NotDistinct(std::string_view function,
                                                const DocumentPath& path) const {
  return Problem(fmt::format("The first operand must be distinct from the remaining operands for "
                             "this operator or function; operator: {}, first operand: {}",
                             function, FormatPathForMessage(path)));
}

Result<DocumentPath> Resolver::Path(const SyntaxOperand& operand) {
  DocumentPath path;
  for (const Token& token : operand.path) {
    if (token.kind == TokenKind::kInteger) {
      path.elements.emplace_back(ListIndex(token));
      continue;
    }
    std::string name(token.text);
    if (token.kind == TokenKind::kName) {
      const std::string* given = placeholders_.UseName(token.text);
      if (given == nullptr) {
        return Problem(fmt::format("An expression attribute name used in the document path is not "
                                   "defined; attribute name: {}",
                                   token.text));
      }
      name = *given;
    }
    if (&token == &operand.path.front()) {
      path.attribute = std::move(name);
    } else {
      path.elements.emplace_back(std::move(name));
    }
  }
  // Paths are trees and recursions elsewhere: nothing deeper than a value can be gets past here.
  if (operand.path.size() > kNestingDepthMax) {
    return Problem(fmt::format("The document path has too many nesting levels; nesting levels: {}",
                               operand.path.size()));
  }
  return path;
}

Result<SharedValue> Resolver::Value(const SyntaxOperand& operand) {
  const std::string_view token = operand.token.text;
  if (const auto known = values_.find(token); known != values_.end()) return known->second;
  const AttributeValue* value = placeholders_.UseValue(token);
  if (value == nullptr) {
    return Problem(fmt::format(
        "An expression attribute value used in expression is not defined; attribute value: {}",
        token));
  }
  return values_.emplace(token, std::make_shared<const AttributeValue>(*value)).first->second;
}

}  // namespace gramme
