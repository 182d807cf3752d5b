#include "table/item/item_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/key_encoding.h"
#include "model/key_rules.h"

namespace gramme {
namespace {

constexpr std::string_view kMismatch = "The provided key element does not match the schema";

Result<void> CheckValues(const TableDescription& table, const Item& item) {
  for (const KeySchemaElement& element : table.key_schema) {
    const std::string& name = element.attribute_name;
    GRAMME_RETURN_IF_ERROR(CheckKeyNotEmpty(name, *FindAttribute(item, name)));
  }
  for (const KeyType key_type : {KeyType::kHash, KeyType::kRange}) {
    GRAMME_RETURN_IF_ERROR(
        CheckKeySize(key_type, KeyValuesBytes(KeyValuesOf(table.key_schema, key_type, item))));
  }
  return {};
}

void AddAttributes(const KeySchema& schema, const Item& item, Item& out) {
  for (const KeySchemaElement& element : schema) {
    const AttributeValue* value = FindAttribute(item, element.attribute_name);
    if (value != nullptr) out.insert_or_assign(element.attribute_name, *value);
  }
}

}  // namespace

Result<Key> KeyOfItem(const Table& table, const Item& item) {
  const TableDescription& description = table.description();
  for (const KeySchemaElement& element : description.key_schema) {
    const AttributeValue* value = FindAttribute(item, element.attribute_name);
    if (value == nullptr) {
      return ValidationError(
          fmt::format("One or more parameter values were invalid: Missing the key {} in the item",
                      element.attribute_name));
    }
    const AttributeType expected = description.TypeOf(element.attribute_name);
    if (!value->is(expected)) {
      return ValidationError(fmt::format(
          "One or more parameter values were invalid: Type mismatch for key {} expected: {} "
          "actual: {}",
          element.attribute_name, AttributeTypeName(expected), AttributeTypeName(value->type())));
    }
  }
  GRAMME_RETURN_IF_ERROR(CheckValues(description, item));
  return KeyOfValidItem(description, item);
}

Result<Key> KeyOfKey(const Table& table, const Item& key) {
  const TableDescription& description = table.description();
  if (key.size() != description.key_schema.size()) return ValidationError(std::string(kMismatch));
  for (const KeySchemaElement& element : description.key_schema) {
    const AttributeValue* value = FindAttribute(key, element.attribute_name);
    if (value == nullptr || !value->is(description.TypeOf(element.attribute_name))) {
      return ValidationError(std::string(kMismatch));
    }
  }
  GRAMME_RETURN_IF_ERROR(CheckValues(description, key));
  return KeyOfValidItem(description, key);
}

Key KeyOfValidItem(const TableDescription& table, const Item& item) {
  Key key = {.keyspace = KeyspaceId{table.keyspace}, .placement = 0, .bytes = {}};
  key.bytes = PartitionPrefix(KeyValuesOf(table.key_schema, KeyType::kHash, item));
  key.placement = ReadBigEndian64(key.bytes);
  AppendKeyTuple(KeyValuesOf(table.key_schema, KeyType::kRange, item), key.bytes);
  return key;
}

Item KeyAttributesOf(const TableDescription& table, const Item& item) {
  Item key;
  AddAttributes(table.key_schema, item, key);
  return key;
}

Item KeyAttributesOf(const TableDescription& table, const IndexDescription& index,
                     const Item& item) {
  Item key = KeyAttributesOf(table, item);
  AddAttributes(index.key_schema, item, key);
  return key;
}

bool IsInSchema(const KeySchema& schema, std::string_view attribute_name) {
  return std::ranges::any_of(schema, [&](const KeySchemaElement& element) {
    return element.attribute_name == attribute_name;
  });
}

KeyValues KeyValuesOf(const KeySchema& schema, KeyType key_type, const Item& item) {
  KeyValues values;
  for (const KeySchemaElement& element : schema) {
    if (element.key_type != key_type) continue;
    values.push_back(FindAttribute(item, element.attribute_name));
  }
  return values;
}

std::string PartitionPrefix(std::span<const AttributeValue* const> partition) {
  // The hash comes first and is known last.
  std::string prefix(kHashBytes, '\0');
  AppendKeyTuple(partition, prefix);
  WriteBigEndian64(HashOfPartition(std::string_view(prefix).substr(kHashBytes)), prefix.data());
  return prefix;
}

std::size_t KeyValuesBytes(const KeyValues& values) {
  std::size_t bytes = 0;
  for (const AttributeValue* value : values) bytes += ValueSizeBytes(*value);
  return bytes;
}

}  // namespace gramme
