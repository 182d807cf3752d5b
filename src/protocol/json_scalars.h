// Decoding the scalars of a request, each with AWS's words for a JSON value of the wrong type.

#ifndef GRAMME_PROTOCOL_JSON_SCALARS_H_
#define GRAMME_PROTOCOL_JSON_SCALARS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "protocol/json_document.h"
#include "protocol/request_problems.h"

namespace gramme {

// Each returns whether `out` was set; if not, `problems` has the reason. Null never comes here.
bool DecodeString(dom::element element, std::string& out, RequestProblems& problems);
bool DecodeBoolean(dom::element element, bool& out, RequestProblems& problems);
// `java_type` is Integer or Long, for the message. A fraction is cut off, as AWS does.
bool DecodeInteger(dom::element element, std::string_view java_type, std::int64_t& out,
                   RequestProblems& problems);
// Epoch seconds, whole or not.
bool DecodeTime(dom::element element, WallTime& out, RequestProblems& problems);
// Base64.
bool DecodeBytes(dom::element element, std::string& out, RequestProblems& problems);

// The words for a scalar, list or struct found where `java_type` was expected.
std::string WrongType(dom::element element, std::string_view java_type);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_JSON_SCALARS_H_
