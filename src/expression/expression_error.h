// How every error of an expression reads: `Invalid ConditionExpression: what is wrong`.

#ifndef GRAMME_EXPRESSION_EXPRESSION_ERROR_H_
#define GRAMME_EXPRESSION_EXPRESSION_ERROR_H_

#include <expected>
#include <string>
#include <string_view>

#include "model/api_error.h"

namespace gramme {

inline std::unexpected<ApiError> InvalidExpression(std::string_view parameter,
                                                   std::string_view problem) {
  std::string message = "Invalid ";
  message.append(parameter).append(": ").append(problem);
  return ValidationError(std::move(message));
}

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_EXPRESSION_ERROR_H_
