// The id of a request: in its answer and in every log line about it.

#ifndef GRAMME_PROTOCOL_REQUEST_ID_H_
#define GRAMME_PROTOCOL_REQUEST_ID_H_

#include <cstddef>
#include <string>

#include "base/random.h"

namespace gramme {

inline constexpr std::size_t kRequestIdLength = 52;

// 52 upper-case letters and digits, as AWS's are.
std::string NewRequestId(Random& random);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_REQUEST_ID_H_
