// How AWS's messages show the value that violates a constraint: a string as it is, a list as
// `[a, b]`, a map as `{k=v}`, a struct as `KeySchemaElement(attributeName=a, keyType=HASH)`.

#ifndef GRAMME_PROTOCOL_MEMBER_TEXT_H_
#define GRAMME_PROTOCOL_MEMBER_TEXT_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "model/attribute_value.h"
#include "model/shape.h"
#include "protocol/json_text.h"
#include "protocol/member_path.h"
#include "protocol/type_name.h"

namespace gramme {

template <typename T>
void AppendMemberText(T& value, std::string& out);

// Used by one VisitMembers call; borrows the string.
class MemberTextVisitor {
 public:
  explicit MemberTextVisitor(std::string& out) : out_(out) {}

  template <typename T>
  void Member(std::string_view name, T& value, const Constraints& = {}) {
    if (!is_first_) out_ += ", ";
    is_first_ = false;
    out_ += LowerCamel(name);
    out_ += '=';
    AppendMemberText(value, out_);
  }
  void Unserved(std::string_view, const gramme::Unserved&) {}

 private:
  std::string& out_;
  bool is_first_ = true;
};

namespace member_text_internal {

template <typename T>
void Append(std::optional<T>& value, std::string& out) {
  if (value) {
    AppendMemberText(*value, out);
  } else {
    out += "null";
  }
}

template <typename T>
void Append(std::vector<T>& elements, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) out += ", ";
    AppendMemberText(elements[i], out);
  }
  out += ']';
}

template <typename Map>
void AppendMap(Map& map, std::string& out) {
  out += '{';
  bool is_first = true;
  for (auto& [key, value] : map) {
    if (!is_first) out += ", ";
    is_first = false;
    out += key;
    out += '=';
    AppendMemberText(value, out);
  }
  out += '}';
}

template <typename T, typename Compare>
void Append(std::map<std::string, T, Compare>& map, std::string& out) {
  AppendMap(map, out);
}
inline void Append(AttributeMap& map, std::string& out) { AppendMap(map, out); }

template <typename T>
concept Nested = requires(T& value, std::string& out) { Append(value, out); };

}  // namespace member_text_internal

template <typename T>
void AppendMemberText(T& value, std::string& out) {
  if constexpr (std::is_same_v<T, std::string>) {
    out += value;
  } else if constexpr (std::is_same_v<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_integral_v<T>) {
    AppendJsonInteger(static_cast<std::int64_t>(value), out);
  } else if constexpr (std::is_same_v<T, WallTime>) {
    AppendJsonTime(value, out);
  } else if constexpr (std::is_same_v<T, Binary>) {
    AppendJsonBinary(value.bytes, out);
  } else if constexpr (std::is_enum_v<T>) {
    out += NameOf(value);
  } else if constexpr (std::is_same_v<T, AttributeValue>) {
    AppendJsonAttributeValue(value, out);
  } else if constexpr (member_text_internal::Nested<T>) {
    member_text_internal::Append(value, out);
  } else {
    out += TypeName<T>();
    out += '(';
    MemberTextVisitor visitor(out);
    VisitMembers(visitor, value);
    out += ')';
  }
}

template <typename T>
std::string MemberText(T& value) {
  std::string text;
  AppendMemberText(value, text);
  return text;
}

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_MEMBER_TEXT_H_
