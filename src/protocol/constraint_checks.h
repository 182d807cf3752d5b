// Checking the constraints of the service model (model/shape.h), with AWS's words.

#ifndef GRAMME_PROTOCOL_CONSTRAINT_CHECKS_H_
#define GRAMME_PROTOCOL_CONSTRAINT_CHECKS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "model/shape.h"
#include "protocol/request_problems.h"

namespace gramme {

// The value as a message shows it; called only for a violation.
using TextOfValue = FunctionRef<std::string()>;

// Characters of valid UTF-8, counted as Java does: UTF-16 units.
std::int64_t LengthOf(std::string_view text);

// Pattern and lengths of a string.
void CheckString(std::string_view value, const Constraints& constraints, const MemberPath& path,
                 RequestProblems& problems);
// The number of elements or bytes.
void CheckCount(std::size_t count, const Constraints& constraints, const MemberPath& path,
                TextOfValue text, RequestProblems& problems);
void CheckRange(std::int64_t value, const Constraints& constraints, const MemberPath& path,
                RequestProblems& problems);
// `names` are joined by commas: `Member must satisfy enum value set: [A, B]`.
void AddEnumViolation(std::string_view value, const std::string& names, const MemberPath& path,
                      RequestProblems& problems);

// What constrains each element of a list, or each key of a map.
struct ElementConstraints {
  std::int64_t length_min;
  std::int64_t length_max;
  Pattern pattern;

  bool IsMetBy(std::string_view element) const;
  // An element that is a list itself.
  template <typename T>
  bool IsMetBy(const std::vector<T>& element) const {
    return IsMetByLength(static_cast<std::int64_t>(element.size()));
  }
  bool IsMetByLength(std::int64_t length) const {
    return length >= length_min && length <= length_max;
  }
  // `[Member must have length less than or equal to 255, …]`
  std::string Text() const;
};
ElementConstraints OfElements(const Constraints& constraints);
ElementConstraints OfKeys(const Constraints& constraints);

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_CONSTRAINT_CHECKS_H_
