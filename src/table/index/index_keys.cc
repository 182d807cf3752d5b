#include "table/index/index_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.h"
#include "model/key_rules.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

constexpr std::string_view kUpdate =
    "The update expression attempted to update the secondary index key ";

std::unexpected<ApiError> TypeMismatch(const IndexDescription& index, std::string_view name,
                                       AttributeType expected, AttributeType actual) {
  return ValidationError(fmt::format(
      "One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} "
      "Actual: {} IndexName: {}",
      name, AttributeTypeName(expected), AttributeTypeName(actual), index.name));
}

Result<void> CheckPathsInto(const KeySchema& schema, const std::vector<std::string>& nested,
                            std::string_view what) {
  for (const KeySchemaElement& element : schema) {
    if (!std::ranges::binary_search(nested, element.attribute_name)) continue;
    return ValidationError(
        fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' "
                    "are not allowed: {}: {}",
                    what, element.attribute_name));
  }
  return {};
}

Result<void> CheckValue(const TableDescription& table, const IndexDescription& index,
                        const std::string& name, const AttributeValue& value,
                        IndexKeySource source) {
  const bool is_update = source == IndexKeySource::kUpdate;
  const AttributeType expected = table.TypeOf(name);
  if (!value.is(expected)) {
    if (is_update) return ValidationError(fmt::format("{}to unsupported type", kUpdate));
    return TypeMismatch(index, name, expected, value.type());
  }
  const std::string_view problem = EmptyKeyProblem(value);
  if (problem.empty()) return {};
  if (is_update) {
    return ValidationError(fmt::format(
        "One or more parameter values are not valid. The update expression attempted to update a "
        "secondary index key to a value that is not supported. The AttributeValue for a key "
        "attribute cannot contain an {} value.",
        problem));
  }
  return ValidationError(fmt::format(
      "One or more parameter values are not valid. A value specified for a secondary index key is "
      "not supported. The AttributeValue for a key attribute cannot contain an {} value. "
      "IndexName: {}, IndexKey: {}",
      problem, index.name, name));
}

// Aggregated over the present attributes of one kind.
Result<void> CheckSize(const IndexDescription& index, KeyType key_type, const Item& item,
                       IndexKeySource source) {
  std::size_t bytes = 0;
  for (const AttributeValue* value : KeyValuesOf(index.key_schema, key_type, item)) {
    if (value != nullptr) bytes += ValueSizeBytes(*value);
  }
  auto checked = CheckKeySize(key_type, bytes, index.name);
  if (!checked && source == IndexKeySource::kUpdate) {
    return ValidationError(fmt::format("{}beyond allowed size limits", kUpdate));
  }
  return checked;
}

}  // namespace

Result<void> CheckIndexKeyType(const TableDescription& table, std::string_view attribute_name,
                               AttributeType type) {
  for (const IndexDescription& index : table.indexes) {
    if (!IsMaintained(index) || !IsInSchema(index.key_schema, attribute_name)) continue;
    const AttributeType expected = table.TypeOf(attribute_name);
    if (type != expected) return TypeMismatch(index, attribute_name, expected, type);
  }
  return {};
}

Result<void> CheckKeyPaths(const TableDescription& table,
                           const std::vector<std::string>& nested_attributes) {
  if (nested_attributes.empty()) return {};
  GRAMME_RETURN_IF_ERROR(CheckPathsInto(table.key_schema, nested_attributes, "Key"));
  for (const IndexDescription& index : table.indexes) {
    if (!IsMaintained(index)) continue;
    GRAMME_RETURN_IF_ERROR(CheckPathsInto(index.key_schema, nested_attributes, "IndexKey"));
  }
  return {};
}

Result<void> CheckIndexKeys(const TableDescription& table, const Item& item,
                            IndexKeySource source) {
  for (const IndexDescription& index : table.indexes) {
    if (!IsMaintained(index)) continue;
    for (const KeySchemaElement& element : index.key_schema) {
      const AttributeValue* value = FindAttribute(item, element.attribute_name);
      if (value == nullptr) continue;
      GRAMME_RETURN_IF_ERROR(CheckValue(table, index, element.attribute_name, *value, source));
    }
    GRAMME_RETURN_IF_ERROR(CheckSize(index, KeyType::kHash, item, source));
    GRAMME_RETURN_IF_ERROR(CheckSize(index, KeyType::kRange, item, source));
  }
  return {};
}

}  // namespace gramme
