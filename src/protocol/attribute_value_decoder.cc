#include "protocol/attribute_value_decoder.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/limits.h"
#include "protocol/json_scalars.h"
#include "protocol/json_text.h"

namespace gramme {
namespace {

using Place = ValueRefusal::Place;

std::unexpected<ValueRefusal> Refuse(std::string message, Place place = Place::kTold) {
  return std::unexpected(ValueRefusal{std::move(message), place});
}

// Numbers, duplicates and empty sets of numbers: nothing is said of a starting key.
std::unexpected<ValueRefusal> RefuseBriefly(std::string message) {
  return Refuse(std::move(message), Place::kToldInExpressions);
}

std::unexpected<ValueRefusal> WrongJson(std::string message, RequestProblems& problems) {
  problems.AddSerialization(std::move(message));
  return Refuse("");
}

std::unexpected<ValueRefusal> RefuseNumber(NumberError error, std::string_view text) {
  switch (error) {
    case NumberError::kTooPrecise:
      return RefuseBriefly("Attempting to store more than 38 significant digits in a Number");
    case NumberError::kOverflow:
      return RefuseBriefly(
          "Number overflow. Attempting to store a number with magnitude larger than supported "
          "range");
    case NumberError::kUnderflow:
      return RefuseBriefly(
          "Number underflow. Attempting to store a number with magnitude smaller than supported "
          "range");
    case NumberError::kSyntax:
      break;
  }
  if (text.empty()) return RefuseBriefly("The parameter cannot be converted to a numeric value");
  return RefuseBriefly("The parameter cannot be converted to a numeric value: " +
                       std::string(text));
}

ValueResult DecodeNumber(dom::element element, Number& out, RequestProblems& problems) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) {
    return WrongJson(WrongType(element, "String"), problems);
  }
  const auto number = Number::Parse(text);
  if (!number) return RefuseNumber(number.error(), text);
  out = *number;
  return {};
}

std::unexpected<ValueRefusal> RefuseNotAList(dom::element element, RequestProblems& problems) {
  return WrongJson(element.is_object() ? "Start of structure or map found where not expected"
                                       : "Unexpected field type",
                   problems);
}

// Elements of a set of strings or binaries, as they stand in the request.
ValueResult DecodeElements(dom::element element, bool is_binary, std::vector<std::string>& out,
                           RequestProblems& problems) {
  dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return RefuseNotAList(element, problems);
  out.reserve(array.size());
  for (const dom::element child : array) {
    std::string& value = out.emplace_back();
    const bool is_good =
        is_binary ? DecodeBytes(child, value, problems) : DecodeString(child, value, problems);
    if (!is_good) return Refuse("");
  }
  return {};
}

bool HasDuplicates(const std::vector<std::string>& elements) {
  std::vector<std::string_view> sorted(elements.begin(), elements.end());
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted) != sorted.end();
}

// A set in the order that AttributeValue keeps. A refusal quotes the request's order, so it comes
// first.
template <typename Set>
AttributeValue Sorted(Set set) {
  std::ranges::sort(set.elements);
  return AttributeValue(std::move(set));
}

ValueResult DecodeStringSet(dom::element element, AttributeValue& out, RequestProblems& problems) {
  StringSet set;
  GRAMME_RETURN_IF_ERROR(DecodeElements(element, false, set.elements, problems));
  if (set.elements.empty()) {
    return Refuse(std::string(kInvalidParameters) + "An string set  may not be empty");
  }
  if (HasDuplicates(set.elements)) {
    std::string list;
    for (const std::string& value : set.elements) list.append(list.empty() ? "" : ", ") += value;
    return RefuseBriefly(std::string(kInvalidParameters) + "Input collection [" + list +
                         "] contains duplicates.");
  }
  out = Sorted(std::move(set));
  return {};
}

ValueResult DecodeBinarySet(dom::element element, AttributeValue& out, RequestProblems& problems) {
  BinarySet set;
  GRAMME_RETURN_IF_ERROR(DecodeElements(element, true, set.elements, problems));
  if (set.elements.empty()) {
    return Refuse(std::string(kInvalidParameters) + "Binary sets should not be empty");
  }
  if (HasDuplicates(set.elements)) {
    std::string list;
    for (const dom::element child : dom::array(element.get_array().value_unsafe())) {
      list.append(list.empty() ? "" : ", ").append(child.get_string().value_unsafe());
    }
    return RefuseBriefly(std::string(kInvalidParameters) + "Input collection [" + list +
                         "]of type BS contains duplicates.");
  }
  out = Sorted(std::move(set));
  return {};
}

ValueResult DecodeNumberSet(dom::element element, AttributeValue& out, RequestProblems& problems) {
  dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return RefuseNotAList(element, problems);
  if (array.size() == 0) {
    return RefuseBriefly(std::string(kInvalidParameters) + "An number set  may not be empty");
  }
  NumberSet set;
  set.elements.reserve(array.size());
  for (const dom::element child : array) {
    GRAMME_RETURN_IF_ERROR(DecodeNumber(child, set.elements.emplace_back(), problems));
  }
  std::ranges::sort(set.elements);
  if (std::ranges::adjacent_find(set.elements) != set.elements.end()) {
    return RefuseBriefly("Input collection contains duplicates");
  }
  out = std::move(set);
  return {};
}

// A value nested n levels deep stands inside n - 1 containers.
ValueResult CheckDepth(int container_count) {
  if (container_count + 1 < kNestingDepthMax) return {};
  return Refuse(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels "
      "beyond supported limit",
      Place::kUntold);
}

ValueResult DecodeList(dom::element element, int container_count, AttributeValue& out,
                       RequestProblems& problems) {
  dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return RefuseNotAList(element, problems);
  GRAMME_RETURN_IF_ERROR(CheckDepth(container_count));
  List list;
  list.reserve(array.size());
  for (const dom::element child : array) {
    GRAMME_RETURN_IF_ERROR(
        DecodeAttributeValue(child, container_count + 1, list.emplace_back(), problems));
  }
  out = std::move(list);
  return {};
}

ValueResult DecodeMap(dom::element element, int container_count, AttributeValue& out,
                      RequestProblems& problems) {
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) {
    return WrongJson(element.is_array()
                         ? "Unrecognized collection type java.util.Map<java.lang.String, "
                           "com.amazonaws.dynamodb.v20120810.AttributeValue>"
                         : "Unexpected field type",
                     problems);
  }
  GRAMME_RETURN_IF_ERROR(CheckDepth(container_count));
  Attributes attributes;
  attributes.reserve(object.size());
  for (const dom::key_value_pair field : object) {
    GRAMME_RETURN_IF_ERROR(CheckAttributeName(field.key));
    auto& [name, value] = attributes.emplace_back(std::string(field.key), AttributeValue());
    GRAMME_RETURN_IF_ERROR(DecodeAttributeValue(field.value, container_count + 1, value, problems));
  }
  std::optional<AttributeMap> map = MapOf(std::move(attributes));
  if (!map) return WrongJson("A key occurs twice in one JSON object", problems);
  out = *std::move(map);
  return {};
}

ValueResult DecodeNull(dom::element element, AttributeValue& out, RequestProblems& problems) {
  bool value = false;
  if (!DecodeBoolean(element, value, problems)) return Refuse("");
  if (!value) {
    return Refuse(std::string(kInvalidParameters) +
                  "Null attribute value types must have the value of true");
  }
  out = Null{};
  return {};
}

template <typename T, typename Decode>
ValueResult DecodeScalar(dom::element element, AttributeValue& out, RequestProblems& problems,
                         Decode decode) {
  T value{};
  if (!decode(element, value, problems)) return Refuse("");
  out = std::move(value);
  return {};
}

constexpr std::pair<std::string_view, AttributeType> kTags[] = {
    {"S", AttributeType::kString},     {"N", AttributeType::kNumber},
    {"B", AttributeType::kBinary},     {"BOOL", AttributeType::kBool},
    {"NULL", AttributeType::kNull},    {"SS", AttributeType::kStringSet},
    {"NS", AttributeType::kNumberSet}, {"BS", AttributeType::kBinarySet},
    {"L", AttributeType::kList},       {"M", AttributeType::kMap},
};

const AttributeType* FindTag(std::string_view name) {
  for (const auto& [tag, type] : kTags) {
    if (tag == name) return &type;
  }
  return nullptr;
}

ValueResult DecodeTyped(AttributeType type, dom::element element, int container_count,
                        AttributeValue& out, RequestProblems& problems) {
  switch (type) {
    case AttributeType::kString:
      return DecodeScalar<std::string>(element, out, problems, DecodeString);
    case AttributeType::kBool:
      return DecodeScalar<bool>(element, out, problems, DecodeBoolean);
    case AttributeType::kBinary:
      return DecodeScalar<Binary>(
          element, out, problems,
          [](dom::element source, Binary& binary, RequestProblems& reasons) {
            return DecodeBytes(source, binary.bytes, reasons);
          });
    case AttributeType::kNumber: {
      Number number;
      GRAMME_RETURN_IF_ERROR(DecodeNumber(element, number, problems));
      out = number;
      return {};
    }
    case AttributeType::kNull:
      return DecodeNull(element, out, problems);
    case AttributeType::kStringSet:
      return DecodeStringSet(element, out, problems);
    case AttributeType::kNumberSet:
      return DecodeNumberSet(element, out, problems);
    case AttributeType::kBinarySet:
      return DecodeBinarySet(element, out, problems);
    case AttributeType::kList:
      return DecodeList(element, container_count, out, problems);
    case AttributeType::kMap:
      return DecodeMap(element, container_count, out, problems);
  }
  return {};
}

}  // namespace

ValueResult CheckAttributeName(std::string_view name) {
  if (!name.empty()) return {};
  return Refuse(std::string(kInvalidParameters) + std::string(kEmptyAttributeName));
}

ValueResult DecodeAttributeValue(dom::element element, int container_count, AttributeValue& out,
                                 RequestProblems& problems) {
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) {
    return WrongJson(element.is_array() ? "Unrecognized collection type class "
                                          "com.amazonaws.dynamodb.v20120810.AttributeValue"
                                        : "Unexpected value type in payload",
                     problems);
  }
  int tag_count = 0;
  for (const dom::key_value_pair field : object) {
    const AttributeType* type = FindTag(field.key);
    // A tag that nobody knows, or a null, is as good as absent.
    if (type == nullptr || field.value.is_null()) continue;
    ++tag_count;
    GRAMME_RETURN_IF_ERROR(DecodeTyped(*type, field.value, container_count, out, problems));
  }
  if (object.size() > 1 && !HasUniqueKeys(object)) {
    return WrongJson("A key occurs twice in one JSON object", problems);
  }
  if (tag_count == 0) {
    return Refuse(
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (tag_count > 1) {
    return Refuse(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  return {};
}

}  // namespace gramme
