// MemberLister: the names of the members of a shape, nested ones too, served or not. For the test
// that holds docs/compatibility.md to the code.

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
  std::string path;  // `GlobalSecondaryIndexes.KeySchema`: elements and map values add nothing
  bool is_served = true;
  bool is_required = false;
  std::string why;  // of an unserved one
};

// Used by one VisitMembers call; borrows the list. Shapes must not contain themselves.
class MemberLister {
 public:
  MemberLister(std::string prefix, std::vector<ListedMember>& out)
      : prefix_(std::move(prefix)), out_(out) {}

  template <typename T>
  void Member(std::string_view name, T&, const Constraints& constraints = {}) {
    std::string path = prefix_ + std::string(name);
    out_.push_back({path, true, constraints.required, ""});
    Descend(path + ".", static_cast<T*>(nullptr));
  }
  void Unserved(std::string_view name, const gramme::Unserved& unserved) {
    out_.push_back({prefix_ + std::string(name), false, false, std::string(unserved.why)});
  }

 private:
  template <typename T>
  static constexpr bool kIsLeaf =
      !std::is_class_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, WallTime> ||
      std::is_same_v<T, Binary> || std::is_same_v<T, AttributeValue> ||
      std::is_same_v<T, AttributeMap>;

  template <typename T>
  void Descend(std::string prefix, T*) {
    if constexpr (!kIsLeaf<T>) {
      T shape{};
      MemberLister lister(std::move(prefix), out_);
      VisitMembers(lister, shape);
    }
  }
  template <typename T>
  void Descend(std::string prefix, std::optional<T>*) {
    Descend(std::move(prefix), static_cast<T*>(nullptr));
  }
  template <typename T>
  void Descend(std::string prefix, std::vector<T>*) {
    Descend(std::move(prefix), static_cast<T*>(nullptr));
  }
  template <typename T, typename Compare>
  void Descend(std::string prefix, std::map<std::string, T, Compare>*) {
    Descend(std::move(prefix), static_cast<T*>(nullptr));
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
