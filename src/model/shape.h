// Shapes: how a request or response struct tells its members, with the constraints of AWS's service
// model beside them. Each struct has one function template
//
//   template <typename Visitor>
//   void VisitMembers(Visitor& visit, PutItemRequest& request) {
//     visit.Member("TableName", request.table_name, {.required = true, .length_max = 1024});
//     visit.Member("Item", request.item, {.required = true});
//     visit.Unserved("Expected", {.why = "use ConditionExpression"});
//   }
//
// found by argument-dependent lookup in namespace gramme. protocol/ has the visitors: one decodes
// JSON and collects every violated constraint, one encodes, one lists names. No JSON is known here.
//
// Member types: std::string, bool, std::int64_t, WallTime (epoch seconds on the wire), Binary, an
// enum with EnumNames, AttributeValue, AttributeMap, a struct with VisitMembers, and std::optional,
// std::vector, std::map<std::string, T> of these. An absent optional is not written.

#ifndef GRAMME_MODEL_SHAPE_H_
#define GRAMME_MODEL_SHAPE_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

namespace gramme {

// A pattern of the service model: its text as messages show it, and the check.
struct Pattern {
  std::string_view text = {};
  bool (*matches)(std::string_view value) = nullptr;
};

// Of one member; the defaults constrain nothing. Lengths are characters of a string, elements of a
// list or map, bytes of a binary. element_* constrain the elements of a list (or values of a map):
// their lengths too are characters, or elements where they are lists. key_* the keys of a map.
struct Constraints {
  bool required = false;
  std::int64_t length_min = 0;
  std::int64_t length_max = std::numeric_limits<std::int64_t>::max();
  std::int64_t value_min = std::numeric_limits<std::int64_t>::min();
  std::int64_t value_max = std::numeric_limits<std::int64_t>::max();
  Pattern pattern = {};
  std::int64_t element_length_min = 0;
  std::int64_t element_length_max = std::numeric_limits<std::int64_t>::max();
  Pattern element_pattern = {};
  std::int64_t key_length_min = 0;
  std::int64_t key_length_max = std::numeric_limits<std::int64_t>::max();
  Pattern key_pattern = {};
  // DynamoDB's own sentence for a member that is absent, or an empty map: told alone, before any
  // violation.
  std::string_view absence = {};
};

// A member of the service model whose feature is not served yet: refused with a ValidationException
// that names it, unless its value asks for nothing: null, an empty list or map, `harmless_text` for
// a string, or an object whose member `harmless_member` is false.
struct Unserved {
  std::string_view why = {};
  std::string_view harmless_text = {};
  std::string_view harmless_member = {};
};

// `[a-zA-Z0-9_.-]+`: names of tables, indexes and backups.
bool IsNamePattern(std::string_view value);
inline constexpr Pattern kNamePattern{"[a-zA-Z0-9_.-]+", &IsNamePattern};

// Specialised for each enum that goes over the wire: its values and their names, in the order in
// which AWS's messages list them (not always that of the service model).
//   template <> struct EnumNames<BillingMode> {
//     static constexpr std::pair<BillingMode, std::string_view> kNames[] = {…};
//   };
template <typename Enum>
struct EnumNames;

template <typename Enum>
constexpr std::string_view NameOf(Enum value) {
  for (const auto& [candidate, name] : EnumNames<Enum>::kNames) {
    if (candidate == value) return name;
  }
  return {};
}

}  // namespace gramme

#endif  // GRAMME_MODEL_SHAPE_H_
