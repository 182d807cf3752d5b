#include "model/attribute_value.h"

#include <algorithm>

namespace gramme {
namespace {

// What a list or map costs, and each element of it (limits.md section 1).
constexpr std::size_t kContainerBytes = 3;
constexpr std::size_t kElementBytes = 1;

std::size_t SizeOfAll(const std::vector<std::string>& elements) {
  std::size_t size = 0;
  for (const std::string& element : elements) size += element.size();
  return size;
}

struct SizeOf {
  std::size_t operator()(const std::string& value) const { return value.size(); }
  std::size_t operator()(const Number& value) const { return value.size_bytes(); }
  std::size_t operator()(const Binary& value) const { return value.bytes.size(); }
  std::size_t operator()(bool) const { return 1; }
  std::size_t operator()(const Null&) const { return 1; }
  std::size_t operator()(const StringSet& set) const { return SizeOfAll(set.elements); }
  std::size_t operator()(const BinarySet& set) const { return SizeOfAll(set.elements); }
  std::size_t operator()(const NumberSet& set) const {
    std::size_t size = 0;
    for (const Number& element : set.elements) size += element.size_bytes();
    return size;
  }
  std::size_t operator()(const List& list) const {
    std::size_t size = kContainerBytes;
    for (const AttributeValue& element : list) size += kElementBytes + ValueSizeBytes(element);
    return size;
  }
  std::size_t operator()(const AttributeMap& map) const {
    std::size_t size = kContainerBytes;
    for (const auto& [name, value] : map) {
      size += kElementBytes + name.size() + ValueSizeBytes(value);
    }
    return size;
  }
};

}  // namespace

std::string_view AttributeTypeName(AttributeType type) {
  switch (type) {
    case AttributeType::kString:
      return "S";
    case AttributeType::kNumber:
      return "N";
    case AttributeType::kBinary:
      return "B";
    case AttributeType::kBool:
      return "BOOL";
    case AttributeType::kNull:
      return "NULL";
    case AttributeType::kStringSet:
      return "SS";
    case AttributeType::kNumberSet:
      return "NS";
    case AttributeType::kBinarySet:
      return "BS";
    case AttributeType::kList:
      return "L";
    case AttributeType::kMap:
      return "M";
  }
  return "";
}

std::optional<AttributeMap> MapOf(Attributes attributes) {
  const auto is_before = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (!std::is_sorted(attributes.begin(), attributes.end(), is_before)) {
    std::sort(attributes.begin(), attributes.end(), is_before);
  }
  const auto has_same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (std::adjacent_find(attributes.begin(), attributes.end(), has_same_name) != attributes.end()) {
    return std::nullopt;
  }
  AttributeMap map;
  map.adopt_sequence(boost::container::ordered_unique_range, std::move(attributes));
  return map;
}

const AttributeValue* FindAttribute(const Item& item, std::string_view name) {
  const auto found = item.find(name);
  return found == item.end() ? nullptr : &found->second;
}

std::size_t ValueSizeBytes(const AttributeValue& value) {
  return std::visit(SizeOf{}, value.variant());
}

std::size_t ItemSizeBytes(const Item& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item) size += name.size() + ValueSizeBytes(value);
  return size;
}

int NestingDepth(const AttributeValue& value) {
  int deepest = 0;
  if (const List* list = value.get_if<List>()) {
    for (const AttributeValue& element : *list) deepest = std::max(deepest, NestingDepth(element));
    return deepest + 1;
  }
  if (const AttributeMap* map = value.get_if<AttributeMap>()) {
    for (const auto& [name, element] : *map) deepest = std::max(deepest, NestingDepth(element));
    return deepest + 1;
  }
  return 0;
}

}  // namespace gramme
