// AttributeValue: any value an attribute can have, as a tree. Item: an item's attributes by name.
//
// Value types. Depth is bounded by kNestingDepthMax where values enter (protocol/, encoding/), so
// that recursion over a value, its destructor included, is bounded too.

#ifndef GRAMME_MODEL_ATTRIBUTE_VALUE_H_
#define GRAMME_MODEL_ATTRIBUTE_VALUE_H_

#include <boost/container/flat_map.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "model/number.h"

namespace gramme {

class AttributeValue;

// The ten types, in the order of the variant below. The numbers are part of the item format, see
// docs/internals/formats.md.
enum class AttributeType : unsigned char {
  kString = 0,
  kNumber = 1,
  kBinary = 2,
  kBool = 3,
  kNull = 4,
  kStringSet = 5,
  kNumberSet = 6,
  kBinarySet = 7,
  kList = 8,
  kMap = 9,
};

constexpr bool IsSet(AttributeType type) {
  return type == AttributeType::kStringSet || type == AttributeType::kNumberSet ||
         type == AttributeType::kBinarySet;
}

// `S`, `N`, … as on the wire.
std::string_view AttributeTypeName(AttributeType type);

struct Binary {
  std::string bytes;
  friend auto operator<=>(const Binary&, const Binary&) = default;
};
struct Null {
  friend auto operator<=>(const Null&, const Null&) = default;
};
// Elements are distinct and sorted (by bytes, by value, by bytes), so that equal sets are equal.
// Never empty in a stored item.
struct StringSet {
  std::vector<std::string> elements;
  friend bool operator==(const StringSet&, const StringSet&) = default;
};
struct NumberSet {
  std::vector<Number> elements;
  friend bool operator==(const NumberSet&, const NumberSet&) = default;
};
struct BinarySet {
  std::vector<std::string> elements;
  friend bool operator==(const BinarySet&, const BinarySet&) = default;
};
using List = std::vector<AttributeValue>;
// Sorted by name, in one piece of memory. Adding a name moves those behind it, so what comes from
// outside and in any order is collected first and becomes a map at once: MapOf.
using AttributeMap = boost::container::flat_map<std::string, AttributeValue, std::less<>>;
using Attributes = AttributeMap::sequence_type;
using Item = AttributeMap;

class AttributeValue {
 public:
  using Variant = std::variant<std::string, Number, Binary, bool, Null, StringSet, NumberSet,
                               BinarySet, List, AttributeMap>;

  // An empty string.
  AttributeValue() = default;
  template <typename T>
    requires(std::is_constructible_v<Variant, T &&> &&
             !std::is_same_v<std::remove_cvref_t<T>, AttributeValue>)
  AttributeValue(T&& value)  // NOLINT(google-explicit-constructor): values convert as they stand
      : value_(std::forward<T>(value)) {}

  AttributeType type() const { return static_cast<AttributeType>(value_.index()); }
  bool is(AttributeType wanted) const { return type() == wanted; }

  // The value where it has type T, nullptr otherwise.
  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&value_);
  }
  template <typename T>
  T* get_if() {
    return std::get_if<T>(&value_);
  }
  // REQUIRES: the value has type T.
  template <typename T>
  const T& get() const {
    return std::get<T>(value_);
  }
  template <typename T>
  T& get() {
    return std::get<T>(value_);
  }
  const Variant& variant() const { return value_; }

  // Equal type and value: numbers by value, sets as sets.
  friend bool operator==(const AttributeValue& a, const AttributeValue& b) {
    return a.value_ == b.value_;
  }

 private:
  Variant value_;
};

// The map of the attributes, in n log n whatever their order; nothing where a name occurs twice.
std::optional<AttributeMap> MapOf(Attributes attributes);

// The attribute, or nullptr.
const AttributeValue* FindAttribute(const Item& item, std::string_view name);

// Bytes as limits.md section 1 counts them.
std::size_t ValueSizeBytes(const AttributeValue& value);
std::size_t ItemSizeBytes(const Item& item);

// Levels of lists and maps: 0 for a scalar or set, 1 for a list of scalars, …
int NestingDepth(const AttributeValue& value);

}  // namespace gramme

#endif  // GRAMME_MODEL_ATTRIBUTE_VALUE_H_
