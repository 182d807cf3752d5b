// JsonDocument: the body of one request as a simdjson DOM, valid UTF-8, of bounded depth.

#ifndef GRAMME_PROTOCOL_JSON_DOCUMENT_H_
#define GRAMME_PROTOCOL_JSON_DOCUMENT_H_

#include <simdjson.h>

#include <cstddef>
#include <string_view>

#include "model/api_error.h"

namespace gramme {

namespace dom = simdjson::dom;

// Brackets open at once. An attribute value of 32 levels takes two each, and a few stand around it;
// the rest is room to answer a slightly too deep item with its own error.
inline constexpr std::size_t kJsonDepthMax = 256;

// Parses `body` where it lies. The object and all it leads to live until the next call on the same
// thread. Errors: SerializationException where it is not one JSON object.
// REQUIRES: kBodySlackBytes readable bytes follow `body`.
Result<dom::object> ParseJsonObject(std::string_view body);
// Gives back what a large body took, as the next call would: the object of the last call ends here.
void ReleaseLargeJson();

// Whether no object inside `element` has a key twice. Iterative; the time is n log n.
bool HasUniqueKeys(dom::element element);
bool HasUniqueKeys(dom::object object);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_JSON_DOCUMENT_H_
