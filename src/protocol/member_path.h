// MemberPath: where in a request a value stands, as a chain on the stack, so that a request without
// problems never builds a path.

#ifndef GRAMME_PROTOCOL_MEMBER_PATH_H_
#define GRAMME_PROTOCOL_MEMBER_PATH_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace gramme {

// One step. A null parent is the request itself.
struct MemberPath {
  enum class Step { kMember, kListElement, kMapValue };

  const MemberPath* parent = nullptr;
  Step step = Step::kMember;
  std::string_view name = {};  // of a member; the key of a map's value
  std::size_t index = 0;       // of a list's element, from 0
};

// As AWS's messages have it: `keySchema.1.member.attributeName`, `requestItems.T.member.keys`.
std::string PathText(const MemberPath& path);

// The member of the request in which it lies.
std::string_view MemberOf(const MemberPath& path);

// `tableName` for `TableName`.
std::string LowerCamel(std::string_view name);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_MEMBER_PATH_H_
