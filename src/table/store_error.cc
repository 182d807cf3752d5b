#include "table/store_error.h"

namespace gramme {
namespace {

ApiError MakeError(ErrorCode code, std::string message) {
  return Error(code, std::move(message)).error();
}

}  // namespace

// Messages of server errors say nothing about the cause: that is for the log.
ApiError ToApiError(const Status& status) {
  switch (status.code()) {
    case StatusCode::kWouldBlock: return MakeError(ErrorCode::kRetryOnPool, "");
    case StatusCode::kStale:
    case StatusCode::kMoved: return MakeError(ErrorCode::kRetryStale, "");
    case StatusCode::kOverloaded:
      return MakeError(ErrorCode::kThrottlingException, "Rate exceeded");
    case StatusCode::kConflict:
      return MakeError(ErrorCode::kTransactionConflictException,
                       "Transaction is ongoing for the item");
    case StatusCode::kUnavailable:
    case StatusCode::kDeadline:
      return MakeError(ErrorCode::kServiceUnavailable,
                       "The service is currently unavailable. Please try again.");
    case StatusCode::kOutOfSpace:
      return MakeError(ErrorCode::kInternalServerError,
                       "The server has no space left to store the change");
    case StatusCode::kUnknown:
    case StatusCode::kCorruption:
    case StatusCode::kIoError: break;
  }
  return MakeError(ErrorCode::kInternalServerError, "Internal server error");
}

}  // namespace gramme
