#include "protocol/member_path.h"

namespace gramme {

std::string LowerCamel(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

std::string_view MemberOf(const MemberPath& path) {
  return path.parent == nullptr ? path.name : MemberOf(*path.parent);
}

std::string PathText(const MemberPath& path) {
  std::string text = path.parent == nullptr ? "" : PathText(*path.parent) + ".";
  switch (path.step) {
    case MemberPath::Step::kMember:
      return text + LowerCamel(path.name);
    case MemberPath::Step::kListElement:
      return text + std::to_string(path.index + 1) + ".member";
    case MemberPath::Step::kMapValue:
      return text.append(path.name) + ".member";
  }
  return text;
}

}  // namespace gramme
