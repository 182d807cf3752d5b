// The name of a type of ours, without its namespace: shapes carry the names of the service model,
// and AWS's messages show them.

#ifndef GRAMME_PROTOCOL_TYPE_NAME_H_
#define GRAMME_PROTOCOL_TYPE_NAME_H_

#include <string_view>

namespace gramme {

template <typename T>
constexpr std::string_view TypeName() {
  // `constexpr std::string_view gramme::TypeName() [with T = gramme::PutItemRequest; …]` of g++,
  // `… [T = gramme::PutItemRequest]` of clang.
  std::string_view name = __PRETTY_FUNCTION__;
  name.remove_prefix(name.find("T = ") + 4);
  name = name.substr(0, name.find_first_of(";]"));
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
  // A struct of ours that stands beside a type of the model: `ProjectionShape`.
  constexpr std::string_view kSuffix = "Shape";
  if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
  return name;
}

}  // namespace gramme

#endif  // GRAMME_PROTOCOL_TYPE_NAME_H_
