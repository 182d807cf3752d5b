// MemberLister: the members of a shape, nested ones too, served or not, with their types and
// constraints. For tests/compatibility, which holds docs/compatibility.md to the code.

#ifndef GRAMME_PROTOCOL_MEMBER_LISTER_H_
#define GRAMME_PROTOCOL_MEMBER_LISTER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/attribute_value.h"
#include "model/shape.h"

namespace gramme {

struct ListedMember {
  std::string path;  // `GlobalSecondaryIndexes[].KeySchema`; the values of a map: `RequestItems{}`
  bool is_served = true;
  std::string type;  // as the service model calls it; an enum with its names: `string HASH RANGE`
  Constraints constraints;
  Unserved unserved;  // why, and what asks for nothing
};

// Used by one VisitMembers call; borrows the list. Shapes must not contain themselves.
class MemberLister {
 public:
  MemberLister(std::string prefix, std::vector<ListedMember>& out)
      : prefix_(std::move(prefix)), out_(out) {}

  template <typename T>
  void Member(std::string_view name, T&, const Constraints& constraints = {}) {
    std::string path = prefix_ + std::string(name);
    out_.push_back({path, true, TypeOf(static_cast<T*>(nullptr)), constraints, {}});
    Descend(std::move(path), static_cast<T*>(nullptr));
  }
  void Unserved(std::string_view name, const gramme::Unserved& unserved) {
    out_.push_back({prefix_ + std::string(name), false, "", {}, unserved});
  }

 private:
  template <typename T>
  static std::string TypeOf(T*) {
    if constexpr (std::is_same_v<T, std::string>) {
      return "string";
    } else if constexpr (std::is_same_v<T, bool>) {
      return "boolean";
    } else if constexpr (std::is_integral_v<T>) {
      return "integer";
    } else if constexpr (std::is_same_v<T, WallTime>) {
      return "timestamp";
    } else if constexpr (std::is_same_v<T, Binary>) {
      return "blob";
    } else if constexpr (std::is_same_v<T, AttributeMap>) {
      return "map";
    } else if constexpr (std::is_enum_v<T>) {
      std::string type = "string";
      for (const auto& [value, name] : EnumNames<T>::kNames) type.append(" ").append(name);
      return type;
    } else {
      return "structure";
    }
  }
  template <typename T>
  static std::string TypeOf(std::optional<T>*) {
    return TypeOf(static_cast<T*>(nullptr));
  }
  template <typename T>
  static std::string TypeOf(std::vector<T>*) {
    return "list";
  }
  template <typename T, typename Compare>
  static std::string TypeOf(std::map<std::string, T, Compare>*) {
    return "map";
  }
  static std::string TypeOf(AttributeMap*) { return "map"; }

  template <typename T>
  static constexpr bool kIsLeaf =
      !std::is_class_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, WallTime> ||
      std::is_same_v<T, Binary> || std::is_same_v<T, AttributeValue> ||
      std::is_same_v<T, AttributeMap>;

  template <typename T>
  void Descend(std::string path, T*) {
    if constexpr (!kIsLeaf<T>) {
      T shape{};
      MemberLister lister(std::move(path) + ".", out_);
      VisitMembers(lister, shape);
    }
  }
  template <typename T>
  void Descend(std::string path, std::optional<T>*) {
    Descend(std::move(path), static_cast<T*>(nullptr));
  }
  template <typename T>
  void Descend(std::string path, std::vector<T>*) {
    Descend(std::move(path) + "[]", static_cast<T*>(nullptr));
  }
  template <typename T, typename Compare>
  void Descend(std::string path, std::map<std::string, T, Compare>*) {
    Descend(std::move(path) + "{}", static_cast<T*>(nullptr));
  }

  std::string prefix_;
  std::vector<ListedMember>& out_;
};

template <typename T>
std::vector<ListedMember> ListMembers() {
  std::vector<ListedMember> members;
  T shape{};
  MemberLister lister("", members);
  VisitMembers(lister, shape);
  return members;
}

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_MEMBER_LISTER_H_
