#include "protocol/request_decoder.h"

#include <utility>

namespace gramme {
namespace {

constexpr std::string_view kExpressionValues = "ExpressionAttributeValues";
constexpr std::string_view kStartKey = "ExclusiveStartKey";

// Capacity is counted in Longs, everything else in Integers; only messages show it.
std::string_view IntegerTypeOf(const MemberPath& path) {
  return path.name.ends_with("Units") || path.name.ends_with("UnitsPerSecond") ? "Long" : "Integer";
}

bool AsksForNothing(dom::element element, const Unserved& unserved) {
  if (element.is_array()) return dom::array(element.get_array().value_unsafe()).size() == 0;
  if (element.is_string()) {
    return !unserved.harmless_text.empty() &&
           element.get_string().value_unsafe() == unserved.harmless_text;
  }
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return false;
  if (object.size() == 0) return true;
  bool is_on = true;
  return !unserved.harmless_member.empty() && object.size() == 1 &&
         object.at_key(unserved.harmless_member).get(is_on) == simdjson::SUCCESS && !is_on;
}

// AWS tells a list or map that is a member apart from one inside another, where its decoder trips
// over itself.
std::string ScalarForCollection(const MemberPath& path) {
  if (path.step == MemberPath::Step::kMember) return "Unexpected field type";
  return "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to "
         "class java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
         "java.lang.Class are in module java.base of loader 'bootstrap')";
}

void AddRefusal(ValueRefusal refusal, const MemberPath& path, std::string_view key,
                RequestProblems& problems) {
  if (refusal.message.empty()) return;
  using enum ValueRefusal::Place;
  if (path.name == kExpressionValues && refusal.place != kUntold) {
    problems.AddInvalid(MemberOf(path), "ExpressionAttributeValues contains invalid value: " +
                                            refusal.message + " for key " + std::string(key));
    return;
  }
  if (path.name == kStartKey && refusal.place == kTold) {
    problems.AddInvalid(MemberOf(path), "The provided starting key is invalid: " + refusal.message);
    return;
  }
  problems.AddInvalid(MemberOf(path), std::move(refusal.message));
}

}  // namespace

void DecodeValueAt(dom::element element, std::string& out, const ValuePlace& place) {
  if (!DecodeString(element, out, place.problems)) return;
  CheckString(out, place.constraints, place.path, place.problems);
}

void DecodeValueAt(dom::element element, bool& out, const ValuePlace& place) {
  DecodeBoolean(element, out, place.problems);
}

void DecodeValueAt(dom::element element, std::int64_t& out, const ValuePlace& place) {
  if (!DecodeInteger(element, IntegerTypeOf(place.path), out, place.problems)) return;
  CheckRange(out, place.constraints, place.path, place.problems);
}

void DecodeValueAt(dom::element element, WallTime& out, const ValuePlace& place) {
  DecodeTime(element, out, place.problems);
}

void DecodeValueAt(dom::element element, Binary& out, const ValuePlace& place) {
  if (!DecodeBytes(element, out.bytes, place.problems)) return;
  CheckCount(
      out.bytes.size(), place.constraints, place.path, [&] { return MemberText(out); },
      place.problems);
}

void DecodeValueAt(dom::element element, AttributeValue& out, const ValuePlace& place) {
  ValueResult result = DecodeAttributeValue(element, 0, out, place.problems);
  if (!result) AddRefusal(std::move(result).error(), place.path, {}, place.problems);
}

void DecodeValueAt(dom::element element, AttributeMap& out, const ValuePlace& place) {
  dom::object object;
  if (!ExpectMap(element, std::string(kModelPackage) + "AttributeValue", place.path, object,
                 place.problems)) {
    return;
  }
  const ElementConstraints wanted_keys = OfKeys(place.constraints);
  bool keys_are_good = true;
  Attributes attributes;
  attributes.reserve(object.size());
  for (const dom::key_value_pair field : object) {
    auto& [name, value] = attributes.emplace_back(std::string(field.key), AttributeValue());
    keys_are_good = keys_are_good && wanted_keys.IsMetBy(field.key);
    // The names of values stand for no attributes, and have rules of their own.
    ValueResult result =
        place.path.name == kExpressionValues ? ValueResult() : CheckAttributeName(field.key);
    if (result) result = DecodeAttributeValue(field.value, 0, value, place.problems);
    if (!result) AddRefusal(std::move(result).error(), place.path, field.key, place.problems);
  }
  std::optional<AttributeMap> map = MapOf(std::move(attributes));
  if (!map) {
    AddDuplicateKey(place.problems);
    return;
  }
  out = *std::move(map);
  CheckCount(
      out.size(), place.constraints, place.path, [&] { return MemberText(out); }, place.problems);
  if (!keys_are_good) {
    place.problems.AddViolation(place.path, MemberText(out),
                                "Map keys must satisfy constraint: " + wanted_keys.Text());
  }
}

bool ExpectArray(dom::element element, const MemberPath& path, dom::array& out,
                 RequestProblems& problems) {
  if (element.get(out) == simdjson::SUCCESS) return true;
  problems.AddSerialization(element.is_object()
                                ? "Start of structure or map found where not expected"
                                : ScalarForCollection(path));
  return false;
}

bool ExpectMap(dom::element element, std::string_view value, const MemberPath& path,
               dom::object& out, RequestProblems& problems) {
  if (element.get(out) == simdjson::SUCCESS) return true;
  if (element.is_array()) {
    problems.AddSerialization("Unrecognized collection type java.util.Map<java.lang.String, " +
                              std::string(value) + ">");
  } else {
    problems.AddSerialization(ScalarForCollection(path));
  }
  return false;
}

bool ExpectStruct(dom::element element, std::string_view name, const MemberPath& path,
                  dom::object& out, RequestProblems& problems) {
  if (element.get(out) == simdjson::SUCCESS) return true;
  if (element.is_array()) {
    problems.AddSerialization("Unrecognized collection type class " + std::string(kModelPackage) +
                              std::string(name));
  } else {
    // AWS tells a struct that is a member apart from one that is an element.
    problems.AddSerialization(path.step == MemberPath::Step::kMember
                                  ? "Unexpected field type"
                                  : "Unexpected value type in payload");
  }
  return false;
}

void AddDuplicateKey(RequestProblems& problems) {
  problems.AddSerialization("A key occurs twice in one JSON object");
}

void CheckUnserved(dom::element element, std::string_view name, const MemberPath* parent,
                   const Unserved& unserved, RequestProblems& problems) {
  if (!HasUniqueKeys(element)) AddDuplicateKey(problems);
  if (AsksForNothing(element, unserved)) return;
  const MemberPath path{parent, MemberPath::Step::kMember, name};
  std::string message = "The parameter '" + PathText(path) + "' is not supported by this server";
  if (!unserved.why.empty()) message.append(": ").append(unserved.why);
  problems.AddInvalid(MemberOf(path), std::move(message));
}

}  // namespace gramme
