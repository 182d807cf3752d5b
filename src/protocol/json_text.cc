#include "protocol/json_text.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "protocol/base64.h"

namespace gramme {
namespace {

constexpr std::uint64_t Repeat(std::uint8_t byte) { return 0x0101010101010101u * byte; }

// Whether one of eight bytes is a control character, a quote or a backslash. The usual test for a
// zero byte, done for three differences at once.
bool NeedsEscape(std::uint64_t word) {
  const std::uint64_t quote = word ^ Repeat('"');
  const std::uint64_t backslash = word ^ Repeat('\\');
  const std::uint64_t below_space = (word - Repeat(0x20)) & ~word;
  const std::uint64_t is_quote = (quote - Repeat(1)) & ~quote;
  const std::uint64_t is_backslash = (backslash - Repeat(1)) & ~backslash;
  return ((below_space | is_quote | is_backslash) & Repeat(0x80)) != 0;
}

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// The length of the prefix that can be copied as it stands.
std::size_t CleanPrefix(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if (NeedsEscape(word)) break;
  }
  while (i < text.size() && !NeedsEscape(text[i])) ++i;
  return i;
}

void AppendEscaped(char c, std::string& out) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out += "\\u00";
  out += kHexDigits[static_cast<unsigned char>(c) >> 4];
  out += kHexDigits[static_cast<unsigned char>(c) & 15u];
}

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
  out += '"';
  while (true) {
    const std::size_t clean = CleanPrefix(value);
    out.append(value.data(), clean);
    if (clean == value.size()) break;
    AppendEscaped(value[clean], out);
    value.remove_prefix(clean + 1);
  }
  out += '"';
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
