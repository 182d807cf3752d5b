#include "table/query/key_range.h"

#include <utility>

#include "base/big_endian.h"
#include "base/planted_bug.h"
#include "base/result.h"
#include "encoding/key_encoding.h"
#include "model/key_rules.h"
#include "model/limits.h"
#include "table/index/index_entry.h"
#include "table/item/item_key.h"

namespace gramme {
namespace {

KeyRange RangeOfPrefix(std::string prefix) {
  KeyRange range;
  if (std::string end = PrefixEnd(prefix); !end.empty()) range.end = std::move(end);
  range.start = std::move(prefix);
  return range;
}

KeyValues ValuesOf(const std::vector<AttributeValue>& values) {
  KeyValues borrowed;
  for (const AttributeValue& value : values) borrowed.push_back(&value);
  return borrowed;
}

std::string WithValue(const std::string& prefix, const AttributeValue& value) {
  std::string key = prefix;
  AppendKeyValue(value, key);
  return key;
}

// Further parts of the key follow a value, so "up to it" ends behind all that begin with it.
KeyRange NarrowedBy(const SortRange& sort, const std::string& prefix) {
  KeyRange range = RangeOfPrefix(prefix);
  switch (sort.op) {
    case SortOperator::kLess:
      range.end = WithValue(prefix, sort.low);
      break;
    case SortOperator::kLessOrEqual:
      range.end = PrefixEnd(WithValue(prefix, sort.low));
      break;
    case SortOperator::kGreater:
      range.start = PrefixEnd(WithValue(prefix, sort.low));
      break;
    case SortOperator::kGreaterOrEqual:
      range.start = WithValue(prefix, sort.low);
      break;
    case SortOperator::kBetween:
      range.start = WithValue(prefix, sort.low);
      range.end = PrefixEnd(WithValue(prefix, sort.high));
      break;
    case SortOperator::kBeginsWith: {
      std::string begin = prefix;
      AppendKeyValuePrefix(sort.low, begin);
      return RangeOfPrefix(std::move(begin));
    }
  }
  return range;
}

std::string HashKey(std::uint64_t hash) {
  std::string bytes;
  AppendBigEndian64(hash, bytes);
  return bytes;
}

std::unexpected<ApiError> InvalidStartKey(std::string_view why) {
  std::string message = "The provided starting key is invalid";
  if (!why.empty()) message.append(": ").append(why);
  return ValidationError(std::move(message));
}

Result<void> CheckSizes(const KeySchema& schema, const Item& key) {
  if (KeyValuesBytes(KeyValuesOf(schema, KeyType::kHash, key)) > kPartitionKeyBytesMax ||
      KeyValuesBytes(KeyValuesOf(schema, KeyType::kRange, key)) > kSortKeyBytesMax) {
    return InvalidStartKey("One or more parameter values exceed the size limits of keys");
  }
  return {};
}

}  // namespace

KeyRange PartitionRange(const KeyCondition& condition) {
  return RangeOfPrefix(PartitionPrefix(ValuesOf(condition.partition)));
}

KeyRange ConditionRange(const KeyCondition& condition) {
  std::string prefix = PartitionPrefix(ValuesOf(condition.partition));
  AppendKeyTuple(ValuesOf(condition.sort_equals), prefix);
  if (condition.sort_range) return NarrowedBy(*condition.sort_range, prefix);
  return RangeOfPrefix(std::move(prefix));
}

KeyRange SegmentRange(std::uint64_t segment, std::uint64_t total) {
  __extension__ typedef unsigned __int128 Wide;
  const auto first_hash = [&](std::uint64_t index) {
    return static_cast<std::uint64_t>((static_cast<Wide>(index) << 64) / total);
  };
  KeyRange range;
  if (segment > 0) range.start = HashKey(first_hash(segment));
  if (segment + 1 < total) range.end = HashKey(first_hash(segment + 1));
  return range;
}

bool Contains(const KeyRange& range, std::string_view key) {
  return key >= range.start && (!range.end || key < *range.end);
}

KeyRange After(KeyRange range, std::string_view key, Direction direction) {
  if (direction == Direction::kBackward) {
    if (!range.end || key < *range.end) range.end = std::string(key);
    return range;
  }
  std::string next(key);
  // The planted bug repeats the item that the last page ended with.
  if (!BugIsPlanted("cursor_inclusive")) next.push_back('\0');
  if (next > range.start) range.start = std::move(next);
  return range;
}

Result<std::string> StartKeyOf(const TableDescription& table, const IndexDescription* index,
                               const Item& start_key) {
  const Item expected = index == nullptr ? KeyAttributesOf(table, start_key)
                                         : KeyAttributesOf(table, *index, start_key);
  std::size_t attribute_count = table.key_schema.size();
  if (index != nullptr) {
    for (const KeySchemaElement& element : index->key_schema) {
      if (!IsInSchema(table.key_schema, element.attribute_name)) ++attribute_count;
    }
  }
  // Of an index DynamoDB does not say why.
  if (start_key.size() != attribute_count) {
    return InvalidStartKey(index != nullptr ? ""
                                            : "The provided key element does not match the schema");
  }
  if (expected.size() != attribute_count) {
    return InvalidStartKey("The provided key element does not match the schema");
  }
  for (const auto& [name, value] : start_key) {
    if (!value.is(table.TypeOf(name)) || !EmptyKeyProblem(value).empty()) {
      return InvalidStartKey("The provided key element does not match the schema");
    }
  }
  GRAMME_RETURN_IF_ERROR(CheckSizes(table.key_schema, start_key));
  if (index == nullptr) return KeyOfValidItem(table, start_key).bytes;
  GRAMME_RETURN_IF_ERROR(CheckSizes(index->key_schema, start_key));
  return IndexKeyOf(table, *index, start_key);
}

}  // namespace gramme
