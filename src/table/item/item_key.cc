#include "table/item/item_key.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/big_endian.h"
#include "base/result.h"
#include "encoding/key_encoding.h"
#include "model/limits.h"

namespace gramme {
namespace {

constexpr std::string_view kMismatch = "The provided key element does not match the schema";

Result<void> CheckNotEmpty(const TableDescription& table, const Item& item) {
  for (const KeySchemaElement& element : table.key_schema) {
    const AttributeValue& value = *FindAttribute(item, element.attribute_name);
    const std::string_view problem = EmptyKeyProblem(value);
    if (problem.empty()) continue;
    return ValidationError(fmt::format(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
        "contain an {} value. Key: {}",
        problem, element.attribute_name));
  }
  return {};
}

// The missing blank is DynamoDB's.
Result<void> CheckSizes(const TableDescription& table, const Item& item) {
  if (KeyValuesBytes(KeyValuesOf(table.key_schema, KeyType::kHash, item)) > kPartitionKeyBytesMax) {
    return ValidationError(fmt::format(
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size "
        "limit of{} bytes",
        kPartitionKeyBytesMax));
  }
  if (KeyValuesBytes(KeyValuesOf(table.key_schema, KeyType::kRange, item)) > kSortKeyBytesMax) {
    return ValidationError(fmt::format(
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded "
        "the size limit of {} bytes",
        kSortKeyBytesMax));
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
  GRAMME_RETURN_IF_ERROR(CheckNotEmpty(description, item));
  GRAMME_RETURN_IF_ERROR(CheckSizes(description, item));
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
  GRAMME_RETURN_IF_ERROR(CheckNotEmpty(description, key));
  GRAMME_RETURN_IF_ERROR(CheckSizes(description, key));
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

std::string_view EmptyKeyProblem(const AttributeValue& value) {
  if (const auto* text = value.get_if<std::string>(); text != nullptr && text->empty()) {
    return "empty string";
  }
  if (const auto* binary = value.get_if<Binary>(); binary != nullptr && binary->bytes.empty()) {
    return "empty binary";
  }
  return {};
}

std::size_t KeyValuesBytes(const KeyValues& values) {
  std::size_t bytes = 0;
  for (const AttributeValue* value : values) bytes += ValueSizeBytes(*value);
  return bytes;
}

}  // namespace gramme
