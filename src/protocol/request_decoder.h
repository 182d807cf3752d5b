// RequestDecoder: fills a struct with VisitMembers (model/shape.h) from a JSON object, and collects
// what is wrong with it. Members that the service model does not have are ignored, as AWS does;
// keys that occur twice are refused, as AWS does not.

#ifndef GRAMME_PROTOCOL_REQUEST_DECODER_H_
#define GRAMME_PROTOCOL_REQUEST_DECODER_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "model/attribute_value.h"
#include "model/shape.h"
#include "protocol/attribute_value_decoder.h"
#include "protocol/constraint_checks.h"
#include "protocol/json_document.h"
#include "protocol/json_scalars.h"
#include "protocol/member_text.h"
#include "protocol/request_problems.h"
#include "protocol/type_name.h"

namespace gramme {

// Of the Java classes that AWS's messages name.
inline constexpr std::string_view kModelPackage = "com.amazonaws.dynamodb.v20120810.";

// What stands around a value, for the parts of the decoder that are no templates.
struct ValuePlace {
  const MemberPath& path;
  const Constraints& constraints;
  RequestProblems& problems;
};

// Decoders of what needs no template. Each tells the problems what is wrong.
void DecodeValueAt(dom::element element, std::string& out, const ValuePlace& place);
void DecodeValueAt(dom::element element, bool& out, const ValuePlace& place);
void DecodeValueAt(dom::element element, std::int64_t& out, const ValuePlace& place);
void DecodeValueAt(dom::element element, WallTime& out, const ValuePlace& place);
void DecodeValueAt(dom::element element, Binary& out, const ValuePlace& place);
void DecodeValueAt(dom::element element, AttributeValue& out, const ValuePlace& place);
void DecodeValueAt(dom::element element, AttributeMap& out, const ValuePlace& place);
// True where `element` is an array (an object); tells the problems where it is not.
bool ExpectArray(dom::element element, const MemberPath& path, dom::array& out,
                 RequestProblems& problems);
bool ExpectStruct(dom::element element, std::string_view name, const MemberPath& path,
                  dom::object& out, RequestProblems& problems);
// `value` is the Java name of the map's values.
bool ExpectMap(dom::element element, std::string_view value, const MemberPath& path,
               dom::object& out, RequestProblems& problems);
void AddDuplicateKey(RequestProblems& problems);
void CheckUnserved(dom::element element, std::string_view name, const MemberPath* parent,
                   const Unserved& unserved, RequestProblems& problems);

template <typename T>
void DecodeValue(dom::element element, T& out, const ValuePlace& place);

// One object of a request. Used by one VisitMembers call.
class RequestDecoder {
 public:
  RequestDecoder(dom::object object, const MemberPath* parent, RequestProblems& problems)
      : object_(object), parent_(parent), problems_(problems) {}

  template <typename T>
  void Member(std::string_view name, T& out, const Constraints& constraints = {}) {
    const MemberPath path{parent_, MemberPath::Step::kMember, name};
    dom::element element;
    if (!Find(name, element)) {
      if (!constraints.absence.empty()) {
        problems_.AddAbsence(constraints.absence);
      } else if (constraints.required) {
        problems_.AddMissing(path);
      }
      return;
    }
    DecodeValue(element, out, {path, constraints, problems_});
  }

  void Unserved(std::string_view name, const gramme::Unserved& unserved) {
    dom::element element;
    if (Find(name, element)) CheckUnserved(element, name, parent_, unserved, problems_);
  }

  // After the last member. Every member was found at most once, so an object as large as their
  // number has no key twice.
  void Finish() {
    if (found_count_ < object_.size() && !HasUniqueKeys(object_)) AddDuplicateKey(problems_);
  }

 private:
  // A null is as good as absent.
  bool Find(std::string_view name, dom::element& out) {
    if (object_.at_key(name).get(out) != simdjson::SUCCESS) return false;
    ++found_count_;
    return !out.is_null();
  }

  dom::object object_;
  const MemberPath* parent_;
  RequestProblems& problems_;
  std::size_t found_count_ = 0;
};

template <typename T>
void DecodeStruct(dom::object object, const MemberPath* parent, T& out, RequestProblems& problems) {
  RequestDecoder decoder(object, parent, problems);
  VisitMembers(decoder, out);
  decoder.Finish();
}

namespace request_decoder_internal {

template <typename T>
void DecodeEnum(dom::element element, T& out, const ValuePlace& place) {
  std::string text;
  if (!DecodeString(element, text, place.problems)) return;
  std::string names;
  for (const auto& [value, name] : EnumNames<T>::kNames) {
    if (name == text) {
      out = value;
      return;
    }
    names.append(names.empty() ? "" : ", ").append(name);
  }
  AddEnumViolation(text, names, place.path, place.problems);
}

template <typename T>
void DecodeVector(dom::element element, std::vector<T>& out, const ValuePlace& place) {
  dom::array array;
  if (!ExpectArray(element, place.path, array, place.problems)) return;
  out.clear();
  out.reserve(array.size());
  constexpr Constraints kNone;
  for (const dom::element child : array) {
    const MemberPath path{&place.path, MemberPath::Step::kListElement, {}, out.size()};
    DecodeValue(child, out.emplace_back(), {path, kNone, place.problems});
  }
  CheckCount(
      out.size(), place.constraints, place.path, [&] { return MemberText(out); }, place.problems);
  if constexpr (std::is_same_v<T, std::string>) {
    const ElementConstraints wanted = OfElements(place.constraints);
    for (const std::string& value : out) {
      if (wanted.IsMetBy(value)) continue;
      place.problems.AddViolation(place.path, MemberText(out),
                                  "Member must satisfy constraint: " + wanted.Text());
      return;
    }
  }
}

// As AWS's messages have it.
inline std::string JavaName(std::string*) { return "java.lang.String"; }
template <typename T>
std::string JavaName(T*) {
  return std::string(kModelPackage) + std::string(TypeName<T>());
}
template <typename T>
std::string JavaName(std::vector<T>*) {
  return "java.util.List<" + JavaName(static_cast<T*>(nullptr)) + ">";
}

template <typename T, typename Compare>
void DecodeMap(dom::element element, std::map<std::string, T, Compare>& out,
               const ValuePlace& place) {
  dom::object object;
  if (!ExpectMap(element, JavaName(static_cast<T*>(nullptr)), place.path, object,
                 place.problems)) {
    return;
  }
  out.clear();
  constexpr Constraints kNone;
  const ElementConstraints wanted_keys = OfKeys(place.constraints);
  bool keys_are_good = true;
  for (const dom::key_value_pair field : object) {
    const auto [position, is_new] = out.try_emplace(std::string(field.key));
    if (!is_new) AddDuplicateKey(place.problems);
    keys_are_good = keys_are_good && wanted_keys.IsMetBy(field.key);
    const MemberPath path{&place.path, MemberPath::Step::kMapValue, field.key};
    DecodeValue(field.value, position->second, {path, kNone, place.problems});
  }
  if (out.empty() && !place.constraints.absence.empty()) {
    place.problems.AddAbsence(place.constraints.absence);
  }
  CheckCount(
      out.size(), place.constraints, place.path, [&] { return MemberText(out); }, place.problems);
  if (!keys_are_good) {
    place.problems.AddViolation(place.path, MemberText(out),
                                "Map keys must satisfy constraint: " + wanted_keys.Text());
  }
  if constexpr (requires(const ElementConstraints& wanted, T& value) { wanted.IsMetBy(value); }) {
    const ElementConstraints wanted = OfElements(place.constraints);
    for (const auto& [key, value] : out) {
      if (wanted.IsMetBy(value)) continue;
      place.problems.AddViolation(place.path, MemberText(out),
                                  "Map value must satisfy constraint: " + wanted.Text());
      return;
    }
  }
}

template <typename T>
void DecodeNested(dom::element element, std::optional<T>& out, const ValuePlace& place) {
  DecodeValue(element, out.emplace(), place);
}
template <typename T>
void DecodeNested(dom::element element, std::vector<T>& out, const ValuePlace& place) {
  DecodeVector(element, out, place);
}
template <typename T, typename Compare>
void DecodeNested(dom::element element, std::map<std::string, T, Compare>& out,
                  const ValuePlace& place) {
  DecodeMap(element, out, place);
}

template <typename T>
concept Nested = requires(T& out, dom::element element, const ValuePlace& place) {
  DecodeNested(element, out, place);
};
template <typename T>
concept Plain = requires(T& out, dom::element element, const ValuePlace& place) {
  DecodeValueAt(element, out, place);
};

}  // namespace request_decoder_internal

template <typename T>
void DecodeValue(dom::element element, T& out, const ValuePlace& place) {
  if constexpr (request_decoder_internal::Plain<T>) {
    DecodeValueAt(element, out, place);
  } else if constexpr (std::is_enum_v<T>) {
    request_decoder_internal::DecodeEnum(element, out, place);
  } else if constexpr (request_decoder_internal::Nested<T>) {
    request_decoder_internal::DecodeNested(element, out, place);
  } else {
    dom::object object;
    if (!ExpectStruct(element, TypeName<T>(), place.path, object, place.problems)) return;
    DecodeStruct(object, &place.path, out, place.problems);
  }
}

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_REQUEST_DECODER_H_
