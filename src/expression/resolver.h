// Resolver: from the tokens of an expression to attribute names and values.
//
// One for each expression. Values are copied once, however often an expression names them, so that
// a short expression cannot multiply a large value.

#ifndef GRAMME_EXPRESSION_RESOLVER_H_
#define GRAMME_EXPRESSION_RESOLVER_H_

#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "expression/document_path.h"
#include "expression/placeholders.h"
#include "expression/syntax_tree.h"
#include "model/api_error.h"
#include "model/attribute_value.h"

namespace gramme {

using SharedValue = std::shared_ptr<const AttributeValue>;

// Borrows the parameter's name and the placeholders.
class Resolver {
 public:
  Resolver(std::string_view parameter, Placeholders& placeholders)
      : parameter_(parameter), placeholders_(placeholders) {}

  // Errors: ValidationException for undefined placeholders; for a path, also for more levels than
  // kNestingDepthMax. REQUIRES: an operand of kind kPath or kValue, its structure checked.
  Result<DocumentPath> Path(const SyntaxOperand& operand);
  Result<SharedValue> Value(const SyntaxOperand& operand);

  std::unexpected<ApiError> Problem(std::string_view problem) const;
  // `Incorrect operand type for operator or function; operator or function: <, operand type: M`.
  std::unexpected<ApiError> TypeProblem(std::string_view function, std::string_view type) const;
  // `Operator or function requires a document path; operator or function: if_not_exists`.
  std::unexpected<ApiError> PathRequired(std::string_view function) const;
  // `The first operand must be distinct from the remaining operands for this operator or function`.
  std::unexpected<ApiError> NotDistinct(std::string_view function, const DocumentPath& path) const;

 private:
  std::string_view parameter_;
  Placeholders& placeholders_;
  std::map<std::string, SharedValue, std::less<>> values_;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_RESOLVER_H_
