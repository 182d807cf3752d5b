#include "protocol/json_scalars.h"

#include <cmath>

#include "protocol/base64.h"

namespace gramme {
namespace {

constexpr std::string_view kStructureFound = "Start of structure or map found where not expected";

std::string_view TokenName(dom::element element) {
  switch (element.type()) {
    case dom::element_type::STRING:
      return "STRING_VALUE";
    case dom::element_type::DOUBLE:
      return "DECIMAL_VALUE";
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      return "NUMBER_VALUE";
    case dom::element_type::BOOL:
      return element.get_bool().value_unsafe() ? "TRUE_VALUE" : "FALSE_VALUE";
    default:
      return "NULL_VALUE";
  }
}

std::string Base64Message(Base64Error error, std::size_t size) {
  if (error == Base64Error::kLength) {
    return "Base64 encoded length is expected a multiple of 4 bytes but found: " +
           std::to_string(size);
  }
  // AWS's own spelling.
  return "Invalid last non-pad Base64 character dectected";
}

}  // namespace

std::string WrongType(dom::element element, std::string_view java_type) {
  if (element.is_array()) {
    return "Unrecognized collection type class java.lang." + std::string(java_type);
  }
  if (element.is_object()) return std::string(kStructureFound);
  return std::string(TokenName(element)) + " cannot be converted to " + std::string(java_type);
}

bool DecodeString(dom::element element, std::string& out, RequestProblems& problems) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) {
    out = text;
    return true;
  }
  problems.AddSerialization(WrongType(element, "String"));
  return false;
}

bool DecodeBoolean(dom::element element, bool& out, RequestProblems& problems) {
  if (element.get(out) == simdjson::SUCCESS) return true;
  problems.AddSerialization(element.is_string() ? "Unexpected token received from parser"
                                                : WrongType(element, "Boolean"));
  return false;
}

bool DecodeInteger(dom::element element, std::string_view java_type, std::int64_t& out,
                   RequestProblems& problems) {
  if (element.get(out) == simdjson::SUCCESS) return true;
  double value = 0;
  constexpr double kBound = 9.0e18;
  if (element.is_number() && element.get(value) == simdjson::SUCCESS && value > -kBound &&
      value < kBound) {
    out = static_cast<std::int64_t>(value);
    return true;
  }
  problems.AddSerialization(WrongType(element, java_type));
  return false;
}

bool DecodeTime(dom::element element, WallTime& out, RequestProblems& problems) {
  double seconds = 0;
  // Up to the year 9999.
  constexpr double kSecondsMax = 253'402'300'799.0;
  if (element.is_number() && element.get(seconds) == simdjson::SUCCESS &&
      std::abs(seconds) <= kSecondsMax) {
    // Whole milliseconds: a double holds no finer ones exactly.
    const auto millis = static_cast<std::int64_t>(std::llround(seconds * 1000));
    out = WallTime(std::chrono::milliseconds(millis));
    return true;
  }
  problems.AddSerialization(WrongType(element, "Date"));
  return false;
}

bool DecodeBytes(dom::element element, std::string& out, RequestProblems& problems) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) {
    if (element.is_array()) {
      problems.AddSerialization("Unrecognized collection type class java.nio.ByteBuffer");
    } else if (element.is_object()) {
      problems.AddSerialization(std::string(kStructureFound));
    } else {
      problems.AddSerialization("only base-64-encoded strings are convertible to bytes");
    }
    return false;
  }
  out.clear();
  const Base64Error error = DecodeBase64(text, out);
  if (error == Base64Error::kNone) return true;
  problems.AddSerialization(Base64Message(error, text.size()));
  return false;
}

}  // namespace gramme
