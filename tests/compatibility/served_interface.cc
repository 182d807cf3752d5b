// Prints what the code serves, one tab-separated line each, for compatibility_test.py:
//   operation  TARGET  NAME
//   member     OPERATION  PATH  served|refused  TYPE  CONSTRAINTS  WHY  HARMLESS_TEXT
//              HARMLESS_MEMBER  ABSENCE
//   setting    NAME  VALUE_NAME  repeatable|single
// CONSTRAINTS are `name=value`, the ones that constrain something, split by a blank. Members are
// those of requests.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "protocol/operation_table.h"
#include "tests/compatibility/setting_lines.h"

namespace gramme {
namespace {

void AddBound(std::string& text, std::string_view name, std::int64_t value, std::int64_t none) {
  if (value != none) text += fmt::format(" {}={}", name, value);
}

void AddPattern(std::string& text, std::string_view name, const Pattern& pattern) {
  if (!pattern.text.empty()) text += fmt::format(" {}={}", name, pattern.text);
}

std::string TextOf(const Constraints& constraints) {
  constexpr std::int64_t kNoLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kNoMost = std::numeric_limits<std::int64_t>::max();
  std::string text = constraints.required ? "required=1" : "";
  AddBound(text, "length_min", constraints.length_min, 0);
  AddBound(text, "length_max", constraints.length_max, kNoMost);
  AddBound(text, "value_min", constraints.value_min, kNoLeast);
  AddBound(text, "value_max", constraints.value_max, kNoMost);
  AddPattern(text, "pattern", constraints.pattern);
  AddBound(text, "element_length_min", constraints.element_length_min, 0);
  AddBound(text, "element_length_max", constraints.element_length_max, kNoMost);
  AddPattern(text, "element_pattern", constraints.element_pattern);
  AddBound(text, "key_length_min", constraints.key_length_min, 0);
  AddBound(text, "key_length_max", constraints.key_length_max, kNoMost);
  AddPattern(text, "key_pattern", constraints.key_pattern);
  return text;
}

void PrintOperation(const ServedOperation& operation) {
  fmt::print("operation\t{}\t{}\n", operation.target, operation.name);
  for (const ListedMember& member : operation.list_members()) {
    fmt::print("member\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", operation.name, member.path,
               member.is_served ? "served" : "refused", member.type, TextOf(member.constraints),
               member.unserved.why, member.unserved.harmless_text, member.unserved.harmless_member,
               member.constraints.absence);
  }
}

}  // namespace
}  // namespace gramme

int main() {
  for (const gramme::ServedOperation& operation : gramme::OperationTable()) {
    gramme::PrintOperation(operation);
  }
  fmt::print("{}", gramme::SettingLines());
  return 0;
}
