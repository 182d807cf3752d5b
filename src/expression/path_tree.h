// PathTree: several document paths as one tree, to find those that cannot stand together and to
// copy what they select.
//
// Depth is bounded by the longest path, which the resolver caps at kNestingDepthMax.

#ifndef GRAMME_EXPRESSION_PATH_TREE_H_
#define GRAMME_EXPRESSION_PATH_TREE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "expression/document_path.h"
#include "model/attribute_value.h"

namespace gramme {

class PathTree {
 public:
  PathTree() = default;

  struct Clash {
    enum class Kind {
      kOverlap,   // one is the other, or lies inside it
      kConflict,  // one takes a value for a map, the other for a list
    };
    Kind kind = Kind::kOverlap;
    std::size_t earlier = 0;  // number of the path that was there before
  };

  // Adds the next path, which gets the next number from 0 on. A path that clashes is not added, and
  // the first clash on its way is returned.
  std::optional<Clash> Add(const DocumentPath& path);

  // What the paths find in `item`: chosen elements of a list in their order, without gaps; a map or
  // list in which nothing is found is left out.
  Item Select(const Item& item) const;

 private:
  struct Node {
    std::size_t first_path = 0;  // a path that ends here or below
    bool is_end = false;
    std::map<std::string, std::unique_ptr<Node>, std::less<>> by_key;
    std::map<std::size_t, std::unique_ptr<Node>> by_index;
  };

  static std::optional<AttributeValue> Copy(const Node& node, const AttributeValue& value);

  std::map<std::string, std::unique_ptr<Node>, std::less<>> attributes_;
  std::size_t path_count_ = 0;
};

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_PATH_TREE_H_
