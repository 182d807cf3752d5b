// JsonEncoder: writes a struct with VisitMembers (model/shape.h) as JSON, straight into a string.

#ifndef GRAMME_PROTOCOL_JSON_ENCODER_H_
#define GRAMME_PROTOCOL_JSON_ENCODER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "encoding/encoded_item.h"
#include "model/attribute_value.h"
#include "model/shape.h"
#include "protocol/json_item.h"
#include "protocol/json_text.h"

namespace gramme {

// Any member type of model/shape.h, and double.
template <typename T>
void AppendJson(T& value, std::string& out);

// Used by one VisitMembers call; borrows the string.
class JsonEncoder {
 public:
  explicit JsonEncoder(std::string& out) : out_(out) {}

  template <typename T>
  void Member(std::string_view name, T& value, const Constraints& = {}) {
    AppendName(name);
    AppendJson(value, out_);
  }
  template <typename T>
  void Member(std::string_view name, std::optional<T>& value, const Constraints& = {}) {
    if (value) Member(name, *value);
  }
  void Unserved(std::string_view, const gramme::Unserved&) {}

 private:
  // Names are literals of ours: letters and digits only.
  void AppendName(std::string_view name) {
    out_ += is_first_ ? "\"" : ",\"";
    is_first_ = false;
    out_ += name;
    out_ += "\":";
  }

  std::string& out_;
  bool is_first_ = true;
};

namespace json_encoder_internal {

template <typename T>
void AppendArray(std::vector<T>& elements, std::string& out) {
  out += '[';
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) out += ',';
    AppendJson(elements[i], out);
  }
  out += ']';
}

template <typename T, typename Compare>
void AppendMap(std::map<std::string, T, Compare>& map, std::string& out) {
  out += '{';
  bool is_first = true;
  for (auto& [key, value] : map) {
    if (!is_first) out += ',';
    is_first = false;
    AppendJsonString(key, out);
    out += ':';
    AppendJson(value, out);
  }
  out += '}';
}

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsMap : std::false_type {};
template <typename T, typename Compare>
struct IsMap<std::map<std::string, T, Compare>> : std::true_type {};

}  // namespace json_encoder_internal

template <typename T>
void AppendJson(T& value, std::string& out) {
  using Type = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Type, std::string>) {
    AppendJsonString(value, out);
  } else if constexpr (std::is_same_v<Type, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::is_same_v<Type, double>) {
    AppendJsonDouble(value, out);
  } else if constexpr (std::is_integral_v<Type>) {
    AppendJsonInteger(static_cast<std::int64_t>(value), out);
  } else if constexpr (std::is_same_v<Type, WallTime>) {
    AppendJsonTime(value, out);
  } else if constexpr (std::is_same_v<Type, Binary>) {
    AppendJsonBinary(value.bytes, out);
  } else if constexpr (std::is_enum_v<Type>) {
    AppendJsonString(NameOf(value), out);
  } else if constexpr (std::is_same_v<Type, AttributeValue>) {
    AppendJsonAttributeValue(value, out);
  } else if constexpr (std::is_same_v<Type, AttributeMap>) {
    AppendJsonAttributeMap(value, out);
  } else if constexpr (std::is_same_v<Type, EncodedItem>) {
    AppendJsonItem(value, out);
  } else if constexpr (std::is_same_v<Type, EncodedItems>) {
    AppendJsonItems(value, out);
  } else if constexpr (json_encoder_internal::IsVector<Type>::value) {
    json_encoder_internal::AppendArray(value, out);
  } else if constexpr (json_encoder_internal::IsMap<Type>::value) {
    json_encoder_internal::AppendMap(value, out);
  } else {
    out += '{';
    JsonEncoder encoder(out);
    VisitMembers(encoder, value);
    out += '}';
  }
}

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_JSON_ENCODER_H_
