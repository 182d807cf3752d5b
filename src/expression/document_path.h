// DocumentPath: the place of a value inside an item: `a.b[3].c`.

#ifndef GRAMME_EXPRESSION_DOCUMENT_PATH_H_
#define GRAMME_EXPRESSION_DOCUMENT_PATH_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/function_ref.h"
#include "model/attribute_value.h"

namespace gramme {

// A map key, or a list index.
using PathElement = std::variant<std::string, std::size_t>;

struct DocumentPath {
  // The top-level attribute, then what is inside it.
  std::string attribute;
  std::vector<PathElement> elements;

  friend bool operator==(const DocumentPath&, const DocumentPath&) = default;
};

// Called for each path that an expression names.
using PathVisitor = FunctionRef<void(const DocumentPath& path)>;

// The value at the path, or nullptr where there is none.
const AttributeValue* FindAtPath(const Item& item, const DocumentPath& path);

// The value that holds the path's last element: a map, a list, or whatever stands in their place;
// nullptr where there is none. REQUIRES: the path has elements.
const AttributeValue* FindParent(const Item& item, const DocumentPath& path);
AttributeValue* FindParent(Item& item, const DocumentPath& path);

// `[a, b, [3], c]`: as DynamoDB's messages show paths.
std::string FormatPathForMessage(const DocumentPath& path);

}  // namespace gramme

#endif  // GRAMME_EXPRESSION_DOCUMENT_PATH_H_
