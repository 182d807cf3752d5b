// Macros for functions that return std::expected: hand an error on, or go on with the value.
//
//   GRAMME_RETURN_IF_ERROR(Validate(request));
//   GRAMME_TRY(const Table table, catalog.FindActive(name));

#ifndef GRAMME_BASE_RESULT_H_
#define GRAMME_BASE_RESULT_H_

#include <expected>
#include <utility>

#define GRAMME_CONCAT_INNER(a, b) a##b
#define GRAMME_CONCAT(a, b) GRAMME_CONCAT_INNER(a, b)

// Returns the error of `expression` from the enclosing function, if it has one.
#define GRAMME_RETURN_IF_ERROR(...)                                          \
  do {                                                                       \
    if (auto gramme_result = (__VA_ARGS__); !gramme_result) [[unlikely]] {   \
      return std::unexpected(std::move(gramme_result).error());              \
    }                                                                        \
  } while (false)

#define GRAMME_TRY_INNER(result, declaration, ...)       \
  auto result = (__VA_ARGS__);                           \
  if (!result) [[unlikely]] {                            \
    return std::unexpected(std::move(result).error());   \
  }                                                      \
  declaration = *std::move(result)

// Declares `declaration` with the value of the expression, or returns its error.
#define GRAMME_TRY(declaration, ...) \
  GRAMME_TRY_INNER(GRAMME_CONCAT(gramme_try_, __LINE__), declaration, __VA_ARGS__)

#endif  // GRAMME_BASE_RESULT_H_
