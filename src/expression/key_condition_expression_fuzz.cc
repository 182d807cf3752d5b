// Key conditions, over any text, values and schema: what is resolved keeps the key's types and
// limits, and selects exactly the keys for which the same text, read as a condition, holds.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "expression/condition_expression.h"
#include "expression/evaluator.h"
#include "expression/key_condition_expression.h"
#include "expression/testing/fuzz_input.h"
#include "model/limits.h"

namespace gramme {
namespace {

bool Selects(const SortRange& range, const AttributeValue& value) {
  const auto low = CompareValues(value, range.low);
  switch (range.op) {
    case SortOperator::kLess:
      return low < 0;
    case SortOperator::kLessOrEqual:
      return low <= 0;
    case SortOperator::kGreater:
      return low > 0;
    case SortOperator::kGreaterOrEqual:
      return low >= 0;
    case SortOperator::kBetween:
      return low >= 0 && CompareValues(value, range.high) <= 0;
    case SortOperator::kBeginsWith:
      break;
  }
  if (const auto* string = value.get_if<std::string>()) {
    return string->starts_with(range.low.get<std::string>());
  }
  return value.is(AttributeType::kBinary) &&
         value.get<Binary>().bytes.starts_with(range.low.get<Binary>().bytes);
}

// The key's attributes, in schema order: partition key attributes first.
bool Selects(const KeyCondition& condition, const KeySchema& schema, const Item& item) {
  std::size_t partition = 0;
  std::size_t sort = 0;
  for (const KeySchemaElement& element : schema) {
    const AttributeValue& value = *FindAttribute(item, element.attribute_name);
    if (element.key_type == KeyType::kHash) {
      if (condition.partition[partition++] != value) return false;
    } else if (sort < condition.sort_equals.size()) {
      if (condition.sort_equals[sort++] != value) return false;
    } else if (sort++ == condition.sort_equals.size() && condition.sort_range) {
      if (!Selects(*condition.sort_range, value)) return false;
    }
  }
  return true;
}

void CheckKeyValue(const AttributeValue& value, std::size_t size_max) {
  const auto* string = value.get_if<std::string>();
  const auto* binary = value.get_if<Binary>();
  GRAMME_CHECK(string != nullptr || binary != nullptr || value.is(AttributeType::kNumber),
               "no type of keys");
  const std::size_t size = string != nullptr   ? string->size()
                           : binary != nullptr ? binary->bytes.size()
                                               : 1;
  GRAMME_CHECK(size > 0 && size <= size_max, "the key limits");
}

void Run(std::string_view bytes) {
  // The first two bytes choose the schema; more than two attributes are an index's.
  ByteSource source(bytes.substr(0, 2));
  bytes.remove_prefix(std::min<std::size_t>(2, bytes.size()));
  const FuzzInput input(bytes);
  constexpr AttributeType kTypes[] = {AttributeType::kString, AttributeType::kNumber,
                                      AttributeType::kBinary};
  KeySchema schema{{"a", KeyType::kHash}};
  const std::size_t shape = source.Below(5);
  if (shape == 3 || shape == 4) schema.push_back({"e", KeyType::kHash});
  if (shape > 0) schema.push_back({"b", KeyType::kRange});
  if (shape == 2 || shape == 4) schema.push_back({"c", KeyType::kRange});
  std::vector<AttributeDefinition> definitions;
  std::size_t types = source.Below(81);
  for (const KeySchemaElement& element : schema) {
    definitions.push_back({element.attribute_name, kTypes[types % 3]});
    types /= 3;
  }

  Placeholders placeholders(input.names, input.values);
  const auto parsed = KeyConditionExpression::Parse(input.text, placeholders);
  Placeholders of_condition(input.names, input.values);
  const auto as_condition =
      ConditionExpression::Parse("ConditionExpression", input.text, of_condition);
  if (!parsed) return;
  GRAMME_CHECK(as_condition.has_value(), "a key condition is a condition");
  std::set<std::string> attributes;
  parsed->CollectAttributes(attributes);
  GRAMME_CHECK(
      std::vector<std::string>(attributes.begin(), attributes.end()) == as_condition->attributes(),
      "other attributes");
  const auto condition = parsed->Resolve(schema, definitions);
  if (!condition) return;

  for (const auto& value : condition->partition) CheckKeyValue(value, kPartitionKeyBytesMax);
  for (const auto& value : condition->sort_equals) CheckKeyValue(value, kSortKeyBytesMax);
  if (condition->sort_range) {
    CheckKeyValue(condition->sort_range->low, kSortKeyBytesMax);
    CheckKeyValue(condition->sort_range->high, kSortKeyBytesMax);
  }
  // Keys near the condition's values: each of the input's values in each place.
  for (const auto& [token, candidate] : *input.values) {
    Item key;
    std::size_t partition = 0;
    bool has_types = true;
    for (std::size_t i = 0; i < schema.size(); ++i) {
      const bool is_hash = schema[i].key_type == KeyType::kHash;
      const AttributeValue& value = is_hash ? condition->partition[partition++] : candidate;
      has_types = has_types && value.is(definitions[i].attribute_type);
      key.emplace(schema[i].attribute_name, value);
    }
    if (!has_types) continue;
    GRAMME_CHECK(Selects(*condition, schema, key) == as_condition->Holds(key),
                 "the condition selects other keys");
  }
}

}  // namespace
}  // namespace gramme

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gramme::Run({reinterpret_cast<const char*>(data), size});
  return 0;
}
