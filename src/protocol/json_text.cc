#include "protocol/json_text.h"

#include <charconv>
#include <chrono>
#include <cmath>

#include "base/check.h"
#include "protocol/base64.h"
#include "protocol/json_buffer.h"

namespace gramme {
namespace {

void AppendJsonNumber(const Number& number, std::string& out) {
  out += '"';
  number.AppendTo(out);
  out += '"';
}

template <typename Elements, typename Append>
void AppendJsonArray(const Elements& elements, std::string& out, Append append) {
  out += '[';
  bool is_first = true;
  for (const auto& element : elements) {
    if (!is_first) out += ',';
    is_first = false;
    append(element, out);
  }
  out += ']';
}

struct ValueAppender {
  std::string& out;

  void operator()(const std::string& value) const { AppendJsonString(value, out); }
  void operator()(const Number& value) const { AppendJsonNumber(value, out); }
  void operator()(const Binary& value) const { AppendJsonBinary(value.bytes, out); }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(const Null&) const { out += "true"; }
  void operator()(const StringSet& set) const {
    AppendJsonArray(set.elements, out, AppendJsonString);
  }
  void operator()(const NumberSet& set) const {
    AppendJsonArray(set.elements, out, AppendJsonNumber);
  }
  void operator()(const BinarySet& set) const {
    AppendJsonArray(set.elements, out, AppendJsonBinary);
  }
  void operator()(const List& list) const { AppendJsonArray(list, out, AppendJsonAttributeValue); }
  void operator()(const AttributeMap& map) const { AppendJsonAttributeMap(map, out); }
};

}  // namespace

void AppendJsonString(std::string_view value, std::string& out) {
  JsonBuffer(out).AppendString(value);
}

void AppendJsonInteger(std::int64_t value, std::string& out) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
  GRAMME_CHECK(error == std::errc(), "an integer fits");
  out.append(digits, end);
}

void AppendJsonDouble(double value, std::string& out) {
  GRAMME_CHECK(std::isfinite(value), "JSON has no infinity");
  char digits[40];
  const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), value);
  GRAMME_CHECK(error == std::errc(), "a double fits");
  out.append(digits, end);
  // Clients tell decimals from integers by their form: `1.0`, as AWS writes capacity units.
  if (std::string_view(digits, end).find_first_of(".e") == std::string_view::npos) out += ".0";
}

void AppendJsonTime(WallTime time, std::string& out) {
  const auto millis =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  AppendJsonInteger(millis / 1000, out);
  const std::int64_t fraction = millis % 1000;
  if (fraction <= 0) return;
  const char digits[4] = {'.', static_cast<char>('0' + fraction / 100),
                          static_cast<char>('0' + fraction / 10 % 10),
                          static_cast<char>('0' + fraction % 10)};
  out.append(digits, sizeof(digits));
}

void AppendJsonBinary(std::string_view bytes, std::string& out) {
  out += '"';
  AppendBase64(bytes, out);
  out += '"';
}

void AppendJsonAttributeValue(const AttributeValue& value, std::string& out) {
  out += "{\"";
  out += AttributeTypeName(value.type());
  out += "\":";
  std::visit(ValueAppender{out}, value.variant());
  out += '}';
}

void AppendJsonAttributeMap(const AttributeMap& map, std::string& out) {
  out += '{';
  bool is_first = true;
  for (const auto& [name, value] : map) {
    if (!is_first) out += ',';
    is_first = false;
    AppendJsonString(name, out);
    out += ':';
    AppendJsonAttributeValue(value, out);
  }
  out += '}';
}

}  // namespace gramme
