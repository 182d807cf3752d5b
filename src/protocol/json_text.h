// Writing JSON text: strings, times, numbers and attribute values, straight into a string.

#ifndef GRAMME_PROTOCOL_JSON_TEXT_H_
#define GRAMME_PROTOCOL_JSON_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/attribute_value.h"

namespace gramme {

// A JSON string, quotes included. Control characters, quote and backslash are escaped; everything
// else is copied. REQUIRES: valid UTF-8.
void AppendJsonString(std::string_view value, std::string& out);
void AppendJsonInteger(std::int64_t value, std::string& out);
// The shortest text that reads back as the same value. REQUIRES: finite.
void AppendJsonDouble(double value, std::string& out);
// Base64 in quotes.
void AppendJsonBinary(std::string_view bytes, std::string& out);
// Epoch seconds with milliseconds, as AWS writes times: `1489602797.149`.
void AppendJsonTime(WallTime time, std::string& out);
// `{"S":"…"}`. Recursion is bounded by kNestingDepthMax.
void AppendJsonAttributeValue(const AttributeValue& value, std::string& out);
// `{"name":{"S":"…"},…}`
void AppendJsonAttributeMap(const AttributeMap& map, std::string& out);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_JSON_TEXT_H_
