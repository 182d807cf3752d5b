#include "model/api_error.h"

namespace gramme {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kValidationException:
      return "ValidationException";
    case ErrorCode::kSerializationException:
      return "SerializationException";
    case ErrorCode::kUnknownOperationException:
      return "UnknownOperationException";
    case ErrorCode::kAccessDeniedException:
      return "AccessDeniedException";
    case ErrorCode::kThrottlingException:
      return "ThrottlingException";
    case ErrorCode::kInternalServerError:
      return "InternalServerError";
    case ErrorCode::kServiceUnavailable:
      return "ServiceUnavailable";
    case ErrorCode::kBackupInUseException:
      return "BackupInUseException";
    case ErrorCode::kBackupNotFoundException:
      return "BackupNotFoundException";
    case ErrorCode::kConditionalCheckFailedException:
      return "ConditionalCheckFailedException";
    case ErrorCode::kContinuousBackupsUnavailableException:
      return "ContinuousBackupsUnavailableException";
    case ErrorCode::kExpiredIteratorException:
      return "ExpiredIteratorException";
    case ErrorCode::kIdempotentParameterMismatchException:
      return "IdempotentParameterMismatchException";
    case ErrorCode::kInvalidRestoreTimeException:
      return "InvalidRestoreTimeException";
    case ErrorCode::kItemCollectionSizeLimitExceededException:
      return "ItemCollectionSizeLimitExceededException";
    case ErrorCode::kLimitExceededException:
      return "LimitExceededException";
    case ErrorCode::kPointInTimeRecoveryUnavailableException:
      return "PointInTimeRecoveryUnavailableException";
    case ErrorCode::kProvisionedThroughputExceededException:
      return "ProvisionedThroughputExceededException";
    case ErrorCode::kRequestLimitExceeded:
      return "RequestLimitExceeded";
    case ErrorCode::kResourceInUseException:
      return "ResourceInUseException";
    case ErrorCode::kResourceNotFoundException:
      return "ResourceNotFoundException";
    case ErrorCode::kTableAlreadyExistsException:
      return "TableAlreadyExistsException";
    case ErrorCode::kTableInUseException:
      return "TableInUseException";
    case ErrorCode::kTableNotFoundException:
      return "TableNotFoundException";
    case ErrorCode::kTransactionCanceledException:
      return "TransactionCanceledException";
    case ErrorCode::kTransactionConflictException:
      return "TransactionConflictException";
    case ErrorCode::kTransactionInProgressException:
      return "TransactionInProgressException";
    case ErrorCode::kTrimmedDataAccessException:
      return "TrimmedDataAccessException";
    case ErrorCode::kRetryOnPool:
      return "RetryOnPool";
    case ErrorCode::kRetryStale:
      return "RetryStale";
    case ErrorCode::kRetryWithRoom:
      return "RetryWithRoom";
  }
  return "InternalServerError";
}

}  // namespace gramme
