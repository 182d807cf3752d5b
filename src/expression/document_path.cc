#include "expression/document_path.h"

#include <utility>

#include <fmt/core.h>

namespace gramme {

namespace {

// Follows the path's first `count` elements.
const AttributeValue* Follow(const Item& item, const DocumentPath& path, std::size_t count) {
  const AttributeValue* value = FindAttribute(item, path.attribute);
  for (std::size_t i = 0; i < count && value != nullptr; ++i) {
    if (const std::string* key = std::get_if<std::string>(&path.elements[i])) {
      const AttributeMap* map = value->get_if<AttributeMap>();
      value = map == nullptr ? nullptr : FindAttribute(*map, *key);
    } else {
      const std::size_t index = std::get<std::size_t>(path.elements[i]);
      const List* list = value->get_if<List>();
      value = list == nullptr || index >= list->size() ? nullptr : &(*list)[index];
    }
  }
  return value;
}

}  // namespace

const AttributeValue* FindAtPath(const Item& item, const DocumentPath& path) {
  return Follow(item, path, path.elements.size());
}

const AttributeValue* FindParent(const Item& item, const DocumentPath& path) {
  return Follow(item, path, path.elements.size() - 1);
}

AttributeValue* FindParent(Item& item, const DocumentPath& path) {
  // The item is not constant, so neither is what it holds.
  return const_cast<AttributeValue*>(FindParent(std::as_const(item), path));
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
