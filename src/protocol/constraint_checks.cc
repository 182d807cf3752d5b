#include "protocol/constraint_checks.h"

#include <limits>

namespace gramme {
namespace {

constexpr std::int64_t kNoMaximum = std::numeric_limits<std::int64_t>::max();

std::string AtLeast(std::int64_t bound) {
  return "Member must have length greater than or equal to " + std::to_string(bound);
}

std::string AtMost(std::int64_t bound) {
  return "Member must have length less than or equal to " + std::to_string(bound);
}

std::string Matching(const Pattern& pattern) {
  return "Member must satisfy regular expression pattern: " + std::string(pattern.text);
}

bool Matches(const Pattern& pattern, std::string_view value) {
  return pattern.matches == nullptr || pattern.matches(value);
}

}  // namespace

std::int64_t LengthOf(std::string_view text) {
  std::int64_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0u) != 0x80u) ++length;
    if (byte >= 0xf0u) ++length;
  }
  return length;
}

void CheckString(std::string_view value, const Constraints& constraints, const MemberPath& path,
                 RequestProblems& problems) {
  if (!Matches(constraints.pattern, value)) {
    problems.AddViolation(path, value, Matching(constraints.pattern));
  }
  if (constraints.length_min <= 0 && constraints.length_max == kNoMaximum) return;
  const std::int64_t length = LengthOf(value);
  if (length < constraints.length_min) {
    problems.AddViolation(path, value, AtLeast(constraints.length_min));
  }
  if (length > constraints.length_max) {
    problems.AddViolation(path, value, AtMost(constraints.length_max));
  }
}

void CheckCount(std::size_t count, const Constraints& constraints, const MemberPath& path,
                TextOfValue text, RequestProblems& problems) {
  const auto length = static_cast<std::int64_t>(count);
  if (length < constraints.length_min) {
    problems.AddViolation(path, text(), AtLeast(constraints.length_min));
  }
  if (length > constraints.length_max) {
    problems.AddViolation(path, text(), AtMost(constraints.length_max));
  }
}

void CheckRange(std::int64_t value, const Constraints& constraints, const MemberPath& path,
                RequestProblems& problems) {
  if (value < constraints.value_min) {
    problems.AddViolation(
        path, std::to_string(value),
        "Member must have value greater than or equal to " + std::to_string(constraints.value_min));
  }
  if (value > constraints.value_max) {
    problems.AddViolation(
        path, std::to_string(value),
        "Member must have value less than or equal to " + std::to_string(constraints.value_max));
  }
}

void AddEnumViolation(std::string_view value, const std::string& names, const MemberPath& path,
                      RequestProblems& problems) {
  problems.AddViolation(path, value, "Member must satisfy enum value set: [" + names + "]");
}

bool ElementConstraints::IsMetBy(std::string_view element) const {
  if (!Matches(pattern, element)) return false;
  if (length_min <= 0 && length_max == kNoMaximum) return true;
  return IsMetByLength(LengthOf(element));
}

std::string ElementConstraints::Text() const {
  std::string text = "[";
  if (length_max != kNoMaximum) text += AtMost(length_max) + ", ";
  text += AtLeast(length_min);
  if (pattern.matches != nullptr) text += ", " + Matching(pattern);
  return text + "]";
}

ElementConstraints OfElements(const Constraints& constraints) {
  return {constraints.element_length_min, constraints.element_length_max,
          constraints.element_pattern};
}

ElementConstraints OfKeys(const Constraints& constraints) {
  return {constraints.key_length_min, constraints.key_length_max, constraints.key_pattern};
}

}  // namespace gramme
