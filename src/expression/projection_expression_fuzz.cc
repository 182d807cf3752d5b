// Projections, over any text and item: printed and parsed again they are the same paths; what is
// copied is what the paths find, and depends on the reported attributes alone.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include "base/check.h"
#include "expression/document_path.h"
#include "expression/projection_expression.h"
#include "expression/testing/fuzz_input.h"

namespace gramme {
namespace {

bool HasIndex(const DocumentPath& path) {
  return std::ranges::any_of(path.elements, [](const PathElement& element) {
    return std::holds_alternative<std::size_t>(element);
  });
}

void CheckApply(const ProjectionExpression& projection, const Item& item) {
  const Item chosen = projection.Apply(item);
  GRAMME_CHECK(chosen == projection.Apply(item), "another result the second time");
  bool finds_any = false;
  for (const DocumentPath& path : projection.paths()) {
    const AttributeValue* value = FindAtPath(item, path);
    finds_any = finds_any || value != nullptr;
    if (HasIndex(path)) continue;  // gaps close: the value is elsewhere
    const AttributeValue* copy = FindAtPath(chosen, path);
    GRAMME_CHECK((copy == nullptr) == (value == nullptr), "found, not copied");
    GRAMME_CHECK(copy == nullptr || *copy == *value, "copied another value");
  }
  GRAMME_CHECK(finds_any != chosen.empty(), "copied what no path finds, or not what one finds");
  std::set<std::string> attributes;
  projection.CollectAttributes(attributes);
  GRAMME_CHECK(projection.Apply(Restricted(item, attributes)) == chosen,
               "it reads an attribute that it does not report");
  GRAMME_CHECK(projection.IsTopLevel() == projection.NestedAttributes().empty(),
               "nested or top-level, not both");
  if (!projection.IsTopLevel()) return;
  GRAMME_CHECK(chosen == Restricted(item, attributes), "not the attributes as they are");
  GRAMME_CHECK(ProjectionExpression::FromAttributeNames({attributes.begin(), attributes.end()})
                       .Apply(item) == chosen,
               "AttributesToGet gives others");
}

// The paths as text, their names as placeholders.
void CheckPrinted(const ProjectionExpression& projection, const Item& item) {
  ExpressionAttributeNames names;
  names.emplace();
  std::string text;
  const auto append = [&](std::string_view joiner, const std::string& name) {
    const std::string token = "#" + std::to_string(names->size());
    names->emplace(token, name);
    text.append(joiner).append(token);
  };
  for (const DocumentPath& path : projection.paths()) {
    append(text.empty() ? "" : ",", path.attribute);
    for (const PathElement& element : path.elements) {
      if (const auto* key = std::get_if<std::string>(&element)) {
        append(".", *key);
      } else {
        text += "[" + std::to_string(std::get<std::size_t>(element)) + "]";
      }
    }
  }
  const ExpressionAttributeValues values;
  Placeholders placeholders(names, values);
  const auto again = ProjectionExpression::Parse(text, placeholders);
  if (!again) {
    GRAMME_CHECK(text.size() > 4096, "refused what it printed");
    return;
  }
  GRAMME_CHECK(placeholders.CheckAllUsed().has_value(), "a name is used and not noted");
  GRAMME_CHECK(again->paths() == projection.paths(), "parsed other paths");
  GRAMME_CHECK(again->Apply(item) == projection.Apply(item), "copies other values");
}

void Run(std::string_view bytes) {
  const FuzzInput input(bytes);
  Placeholders placeholders(input.names, input.values);
  const auto projection = ProjectionExpression::Parse(input.text, placeholders);
  if (!projection) return;
  CheckApply(*projection, input.item);
  CheckApply(*projection, {});
  CheckPrinted(*projection, input.item);
  // With the paths twice: those that clash are left out.
  std::vector<DocumentPath> twice = projection->paths();
  twice.insert(twice.end(), projection->paths().begin(), projection->paths().end());
  GRAMME_CHECK(ProjectionExpression::FromPaths(twice).paths() == projection->paths(),
               "a path that clashes is left out");
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
