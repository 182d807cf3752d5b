// How an ApiError goes over the wire.

#ifndef GRAMME_PROTOCOL_ERROR_BODY_H_
#define GRAMME_PROTOCOL_ERROR_BODY_H_

#include <string>

#include "model/api_error.h"

namespace gramme {

// What SDKs try again, after a while.
ApiError Unavailable();

// 400, 500 or 503.
int HttpStatusOf(ErrorCode code);

// `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"…"}`, with the
// members that single errors have besides. A message of more than 8 KB loses its middle. REQUIRES:
// not one of the internal retry codes.
std::string ErrorBody(const ApiError& error);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_ERROR_BODY_H_
