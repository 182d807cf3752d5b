// ApiError: an error as DynamoDB's clients see it. The names are a closed set.
//
// From `model/` up to `api/` every function that can fail returns Result<T>. Only protocol/ renders
// an ApiError; only table/store_error.h makes one from a Status.

#ifndef GRAMME_MODEL_API_ERROR_H_
#define GRAMME_MODEL_API_ERROR_H_

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/attribute_value.h"

namespace gramme {

enum class ErrorCode {
  // Of every service with this protocol: `com.amazon.coral.*`.
  kValidationException,
  kSerializationException,
  kUnknownOperationException,
  kAccessDeniedException,
  kThrottlingException,
  kInternalServerError,
  kServiceUnavailable,
  // Of DynamoDB: `com.amazonaws.dynamodb.v20120810#*`.
  kBackupInUseException,
  kBackupNotFoundException,
  kConditionalCheckFailedException,
  kContinuousBackupsUnavailableException,
  kExpiredIteratorException,
  kIdempotentParameterMismatchException,
  kInvalidRestoreTimeException,
  kItemCollectionSizeLimitExceededException,
  kLimitExceededException,
  kPointInTimeRecoveryUnavailableException,
  kProvisionedThroughputExceededException,
  kRequestLimitExceeded,
  kResourceInUseException,
  kResourceNotFoundException,
  kTableAlreadyExistsException,
  kTableInUseException,
  kTableNotFoundException,
  kTransactionCanceledException,
  kTransactionConflictException,
  kTransactionInProgressException,
  kTrimmedDataAccessException,
  // Never rendered: the edge runs the request again. On the pool, where the disk may be read; at
  // once, under a new view of the catalog; or when there is memory for the largest answer.
  kRetryOnPool,
  kRetryStale,
  kRetryWithRoom,
};

// `ValidationException`, …
std::string_view ErrorCodeName(ErrorCode code);

// Why one action of a cancelled transaction failed. Code `None` for those that would have passed.
struct CancellationReason {
  std::string code = "None";  // ConditionalCheckFailed, ValidationError, TransactionConflict, …
  std::optional<std::string> message;
  std::optional<Item> item;
};

struct ApiError {
  ErrorCode code = ErrorCode::kInternalServerError;
  std::string message;
  // kConditionalCheckFailedException with ReturnValuesOnConditionCheckFailure ALL_OLD.
  std::optional<Item> item;
  // kTransactionCanceledException: one per action, in request order.
  std::vector<CancellationReason> cancellation_reasons;
};

template <typename T>
using Result = std::expected<T, ApiError>;

inline std::unexpected<ApiError> Error(ErrorCode code, std::string message) {
  return std::unexpected(ApiError{
      .code = code, .message = std::move(message), .item = {}, .cancellation_reasons = {}});
}
inline std::unexpected<ApiError> ValidationError(std::string message) {
  return Error(ErrorCode::kValidationException, std::move(message));
}

// What most of DynamoDB's refusals begin with.
inline constexpr std::string_view kEmptyAttributeName = "Empty attribute name";
inline constexpr std::string_view kInvalidParameters =
    "One or more parameter values were invalid: ";
inline std::unexpected<ApiError> InvalidParameters(std::string_view problem) {
  return ValidationError(std::string(kInvalidParameters).append(problem));
}

}  // namespace gramme

#endif  // GRAMME_MODEL_API_ERROR_H_
