#include "expression/path_tree.h"

#include <utility>

namespace gramme {

std::optional<PathTree::Clash> PathTree::Add(const DocumentPath& path) {
  // Looks first and builds afterwards, so that a refused path leaves nothing behind.
  const auto found = attributes_.find(path.attribute);
  const Node* node = found == attributes_.end() ? nullptr : found->second.get();
  for (const PathElement& element : path.elements) {
    if (node == nullptr) break;
    if (node->is_end) return Clash{.kind = Clash::Kind::kOverlap, .earlier = node->first_path};
    if (const std::string* key = std::get_if<std::string>(&element)) {
      if (!node->by_index.empty()) {
        return Clash{.kind = Clash::Kind::kConflict,
                     .earlier = node->by_index.begin()->second->first_path};
      }
      const auto child = node->by_key.find(*key);
      node = child == node->by_key.end() ? nullptr : child->second.get();
    } else {
      if (!node->by_key.empty()) {
        return Clash{.kind = Clash::Kind::kConflict,
                     .earlier = node->by_key.begin()->second->first_path};
      }
      const auto child = node->by_index.find(std::get<std::size_t>(element));
      node = child == node->by_index.end() ? nullptr : child->second.get();
    }
  }
  if (node != nullptr) return Clash{.kind = Clash::Kind::kOverlap, .earlier = node->first_path};

  const auto enter = [this](std::unique_ptr<Node>& place) {
    if (place == nullptr) {
      place = std::make_unique<Node>();
      place->first_path = path_count_;
    }
    return place.get();
  };
  Node* last = enter(attributes_[path.attribute]);
  for (const PathElement& element : path.elements) {
    if (const std::string* key = std::get_if<std::string>(&element)) {
      last = enter(last->by_key[*key]);
    } else {
      last = enter(last->by_index[std::get<std::size_t>(element)]);
    }
  }
  last->is_end = true;
  ++path_count_;
  return std::nullopt;
}

std::optional<AttributeValue> PathTree::Copy(const Node& node, const AttributeValue& value) {
  if (node.is_end) return value;
  if (const AttributeMap* map = value.get_if<AttributeMap>()) {
    AttributeMap chosen;
    for (const auto& [key, child] : node.by_key) {
      const AttributeValue* inner = FindAttribute(*map, key);
      if (inner == nullptr) continue;
      if (auto copy = Copy(*child, *inner)) chosen.emplace(key, *std::move(copy));
    }
    if (chosen.empty()) return std::nullopt;
    return AttributeValue(std::move(chosen));
  }
  if (const List* list = value.get_if<List>()) {
    List chosen;
    for (const auto& [index, child] : node.by_index) {
      if (index >= list->size()) break;
      if (auto copy = Copy(*child, (*list)[index])) chosen.push_back(*std::move(copy));
    }
    if (chosen.empty()) return std::nullopt;
    return AttributeValue(std::move(chosen));
  }
  return std::nullopt;
}

Item PathTree::Select(const Item& item) const {
  Item chosen;
  for (const auto& [name, node] : attributes_) {
    const AttributeValue* value = FindAttribute(item, name);
    if (value == nullptr) continue;
    if (auto copy = Copy(*node, *value)) chosen.emplace(name, *std::move(copy));
  }
  return chosen;
}

}  // namespace gramme
