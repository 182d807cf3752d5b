#include "expression/document_path.h"

#include <fmt/core.h>

namespace gramme {

const AttributeValue* FindAtPath(const Item& item, const DocumentPath& path) {
  const AttributeValue* value = FindAttribute(item, path.attribute);
  for (const PathElement& element : path.elements) {
    if (value == nullptr) return nullptr;
    if (const std::string* key = std::get_if<std::string>(&element)) {
      const AttributeMap* map = value->get_if<AttributeMap>();
      value = map == nullptr ? nullptr : FindAttribute(*map, *key);
    } else {
      const std::size_t index = std::get<std::size_t>(element);
      const List* list = value->get_if<List>();
      value = list == nullptr || index >= list->size() ? nullptr : &(*list)[index];
    }
  }
  return value;
}

std::string FormatPathForMessage(const DocumentPath& path) {
  std::string text = "[" + path.attribute;
  for (const PathElement& element : path.elements) {
    if (const std::string* key = std::get_if<std::string>(&element)) {
      text.append(", ").append(*key);
    } else {
      text += fmt::format(", [{}]", std::get<std::size_t>(element));
    }
  }
  return text + "]";
}

}  // namespace gramme
