#include "tests/client/json.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <utility>

namespace gramme {

class JsonParser {
 public:
  explicit JsonParser(std::string_view text) : rest_(text) {}

  std::optional<Json> Whole() {
    Json value;
    if (!Value(value)) return std::nullopt;
    SkipBlanks();
    if (!rest_.empty()) return std::nullopt;
    return value;
  }

 private:
  void SkipBlanks() {
    const std::size_t length = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(length == std::string_view::npos ? rest_.size() : length);
  }

  bool Take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  bool TakeAfterBlanks(std::string_view word) {
    SkipBlanks();
    return Take(word);
  }

  bool Value(Json& value) {
    SkipBlanks();
    if (Take("{")) return Object(value);
    if (Take("[")) return Array(value);
    if (Take("\"")) {
      value.kind_ = Json::Kind::kString;
      return String(value.text_);
    }
    if (Take("null")) return true;
    for (const std::string_view word : {"true", "false"}) {
      if (!Take(word)) continue;
      value.kind_ = Json::Kind::kBoolean;
      value.text_ = word;
      return true;
    }
    return Number(value);
  }

  bool Object(Json& value) {
    value.kind_ = Json::Kind::kObject;
    if (TakeAfterBlanks("}")) return true;
    do {
      std::string name;
      if (!TakeAfterBlanks("\"") || !String(name) || !TakeAfterBlanks(":")) return false;
      const auto [place, is_new] = value.members_.try_emplace(std::move(name));
      if (!is_new || !Value(place->second)) return false;
    } while (TakeAfterBlanks(","));
    return TakeAfterBlanks("}");
  }

  bool Array(Json& value) {
    value.kind_ = Json::Kind::kArray;
    if (TakeAfterBlanks("]")) return true;
    do {
      if (!Value(value.elements_.emplace_back())) return false;
    } while (TakeAfterBlanks(","));
    return TakeAfterBlanks("]");
  }

  bool Number(Json& value) {
    const std::size_t end = rest_.find_first_not_of("+-.0123456789eE");
    const std::string_view digits = rest_.substr(0, end);
    if (digits.empty()) return false;
    value.kind_ = Json::Kind::kNumber;
    value.text_ = digits;
    rest_.remove_prefix(digits.size());
    return true;
  }

  // The opening quote is taken.
  bool String(std::string& text) {
    while (!rest_.empty()) {
      const std::size_t plain = rest_.find_first_of("\"\\");
      if (plain == std::string_view::npos) return false;
      text.append(rest_.substr(0, plain));
      const char c = rest_[plain];
      rest_.remove_prefix(plain + 1);
      if (c == '"') return true;
      if (!Escape(text)) return false;
    }
    return false;
  }

  bool Escape(std::string& text) {
    if (rest_.empty()) return false;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == 'u') return Unicode(text);
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t place = kNames.find(c);
    if (place == std::string_view::npos) return false;
    text.push_back(kMeanings[place]);
    return true;
  }

  bool Unit(std::uint32_t& unit) {
    if (rest_.size() < 4) return false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, unit, 16);
    if (error != std::errc() || end != rest_.data() + 4) return false;
    rest_.remove_prefix(4);
    return true;
  }

  bool Unicode(std::string& text) {
    std::uint32_t point = 0;
    if (!Unit(point)) return false;
    if (point >= 0xD800 && point < 0xDC00) {
      std::uint32_t low = 0;
      if (!Take("\\u") || !Unit(low) || low < 0xDC00 || low > 0xDFFF) return false;
      point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    const auto tail = [&](int shift) {
      text.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3F)));
    };
    if (point < 0x80) {
      text.push_back(static_cast<char>(point));
    } else if (point < 0x800) {
      text.push_back(static_cast<char>(0xC0 | (point >> 6)));
      tail(0);
    } else if (point < 0x10000) {
      text.push_back(static_cast<char>(0xE0 | (point >> 12)));
      tail(6);
      tail(0);
    } else {
      text.push_back(static_cast<char>(0xF0 | (point >> 18)));
      tail(12);
      tail(6);
      tail(0);
    }
    return true;
  }

  std::string_view rest_;
};

std::optional<Json> Json::Parse(std::string_view text) { return JsonParser(text).Whole(); }

const Json& Json::operator[](std::string_view name) const {
  static const Json kNothing;
  const auto found = members_.find(name);
  return found == members_.end() ? kNothing : found->second;
}

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted.push_back('\\');
      quoted.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      quoted.push_back(c);
    }
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace gramme
