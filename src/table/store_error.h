// The one place where a store's Status becomes the ApiError that clients see. A retry (kWouldBlock,
// kStale) becomes the internal code that the edge acts on.

#ifndef GRAMME_TABLE_STORE_ERROR_H_
#define GRAMME_TABLE_STORE_ERROR_H_

#include <utility>

#include "base/status.h"
#include "model/api_error.h"

namespace gramme {

ApiError ToApiError(const Status& status);

// A StoreResult as a Result.
template <typename T>
Result<T> FromStore(StoreResult<T> result) {
  if (!result) return std::unexpected(ToApiError(result.error()));
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return *std::move(result);
  }
}

}  // namespace gramme

#endif  // GRAMME_TABLE_STORE_ERROR_H_
