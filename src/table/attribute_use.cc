#include "table/attribute_use.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace gramme {

void RemoveUnusedDefinitions(TableDescription& table) {
  std::set<std::string, std::less<>> used;
  const auto use = [&](const KeySchema& schema) {
    for (const KeySchemaElement& element : schema) used.insert(element.attribute_name);
  };
  use(table.key_schema);
  for (const IndexDescription& index : table.indexes) use(index.key_schema);
  std::erase_if(table.attribute_definitions, [&](const AttributeDefinition& definition) {
    return !used.contains(definition.attribute_name);
  });
}

}  // namespace gramme
