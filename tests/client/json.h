// Json: a parsed JSON text, for tests that look into answers. Written apart from the server's own
// decoder, so that one cannot hide the other's mistakes.

#ifndef GRAMME_TESTS_CLIENT_JSON_H_
#define GRAMME_TESTS_CLIENT_JSON_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gramme {

class Json {
 public:
  enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };
  using Members = std::map<std::string, Json, std::less<>>;

  // Nothing when `text` is not one JSON value.
  static std::optional<Json> Parse(std::string_view text);

  Kind kind() const { return kind_; }
  // What a string holds, the digits of a number, "true" or "false"; empty for the others.
  const std::string& text() const { return text_; }
  const std::vector<Json>& elements() const { return elements_; }
  const Members& members() const { return members_; }

  bool Has(std::string_view name) const { return members_.contains(name); }
  // The member of this name; null when there is none, or when this is no object.
  const Json& operator[](std::string_view name) const;

 private:
  friend class JsonParser;

  Kind kind_ = Kind::kNull;
  std::string text_;
  std::vector<Json> elements_;
  Members members_;
};

// `text` as a JSON string, quotes included.
std::string Quote(std::string_view text);

}  // namespace gramme

#endif  // GRAMME_TESTS_CLIENT_JSON_H_
