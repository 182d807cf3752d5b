#include "tests/crash/kill/main_table.h"

#include <fmt/format.h>
#include <libdeflate.h>

#include <charconv>

#include "base/random.h"

namespace gramme {
namespace {

constexpr std::uint64_t kPayloadBytesMax = 700;

template <typename Number>
bool ParseNumber(const std::string& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string Payload(int key, WriteId id) {
  SeededRandom random(id * kKeyCount + static_cast<WriteId>(key));
  std::string payload(random.Below(kPayloadBytesMax) + 1, ' ');
  for (char& c : payload) c = static_cast<char>('a' + random.Below(26));
  return payload;
}

Attributes ReadAttributes(const Json& item) {
  Attributes attributes;
  for (const auto& [name, value] : item.members()) {
    for (const auto& [type, scalar] : value.members()) {
      attributes[name] = {type, scalar.text()};
    }
  }
  return attributes;
}

std::string Show(const Attributes& attributes) {
  std::string text;
  for (const auto& [name, value] : attributes) {
    text += fmt::format("{}={}:{} ", name, value.first, value.second.substr(0, 40));
  }
  return text;
}

// The key and the number of the write that `attributes` claim.
std::expected<SeenItem, std::string> ReadClaim(const Attributes& attributes) {
  SeenItem seen;
  int partition = 0;
  int sort = 0;
  const auto text = [&](std::string_view name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string() : found->second.second;
  };
  const std::string partition_text = text("pk");
  if (partition_text.empty() || !ParseNumber(partition_text.substr(1), partition) ||
      !ParseNumber(text("sk"), sort) || !ParseNumber(text("id"), seen.id)) {
    return std::unexpected("no item of ours: " + Show(attributes));
  }
  seen.key = partition * kKeysPerPartition + sort;
  if (seen.key < 0 || seen.key >= kKeyCount || sort >= kKeysPerPartition) {
    return std::unexpected("no key of ours: " + Show(attributes));
  }
  return seen;
}

std::expected<SeenItem, std::string> Compare(const Attributes& found, bool is_local_index) {
  const auto seen = ReadClaim(found);
  if (!seen) return seen;
  Attributes wanted = AttributesOf(seen->key, seen->id);
  if (is_local_index) {
    std::erase_if(wanted, [](const auto& attribute) {
      const std::string& name = attribute.first;
      return name != "pk" && name != "sk" && name != "id" && name != "rank";
    });
  }
  if (found == wanted) return seen;
  return std::unexpected("torn or foreign: " + Show(found) + "where " + Show(wanted) +
                         "was written");
}

}  // namespace

std::string CreateMainTableBody() {
  return fmt::format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
      R"({{"AttributeName":"pk","AttributeType":"S"}},)"
      R"({{"AttributeName":"sk","AttributeType":"N"}},)"
      R"({{"AttributeName":"rank","AttributeType":"N"}},)"
      R"({{"AttributeName":"team","AttributeType":"S"}}],)"
      R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}},)"
      R"({{"AttributeName":"sk","KeyType":"RANGE"}}],)"
      R"("LocalSecondaryIndexes":[{{"IndexName":"{}","KeySchema":[)"
      R"({{"AttributeName":"pk","KeyType":"HASH"}},{{"AttributeName":"rank","KeyType":"RANGE"}}],)"
      R"("Projection":{{"ProjectionType":"INCLUDE","NonKeyAttributes":["id"]}}}}],)"
      R"("GlobalSecondaryIndexes":[{{"IndexName":"{}","KeySchema":[)"
      R"({{"AttributeName":"team","KeyType":"HASH"}},)"
      R"({{"AttributeName":"rank","KeyType":"RANGE"}}],)"
      R"("Projection":{{"ProjectionType":"ALL"}}}}],)"
      R"("StreamSpecification":{{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}}})",
      kMainTable, kLocalIndex, kGlobalIndex);
}

bool IsInLocalIndex(WriteId id) { return id % 8 != 0; }

bool IsInGlobalIndex(WriteId id) { return IsInLocalIndex(id) && id % 4 != 1; }

Attributes AttributesOf(int key, WriteId id) {
  Attributes attributes;
  attributes["pk"] = {"S", PartitionName(key / kKeysPerPartition)};
  attributes["sk"] = {"N", std::to_string(key % kKeysPerPartition)};
  attributes["id"] = {"N", std::to_string(id)};
  if (IsInLocalIndex(id)) attributes["rank"] = {"N", std::to_string(id * 7 % 1000)};
  if (IsInGlobalIndex(id)) {
    attributes["team"] = {"S", GroupName(static_cast<int>(id % kGroupCount))};
  }
  const std::string payload = Payload(key, id);
  const std::uint32_t checksum = libdeflate_crc32(0, payload.data(), payload.size());
  attributes["payload"] = {"S", payload};
  attributes["crc"] = {"N", std::to_string(checksum)};
  return attributes;
}

std::string PartitionName(int partition) { return fmt::format("p{:02}", partition); }

std::string GroupName(int group) { return fmt::format("team{}", group); }

std::string KeyJson(int key) {
  return fmt::format(R"({{"pk":{{"S":"{}"}},"sk":{{"N":"{}"}}}})",
                     PartitionName(key / kKeysPerPartition), key % kKeysPerPartition);
}

std::string ItemJson(int key, WriteId id) {
  std::string text = "{";
  for (const auto& [name, value] : AttributesOf(key, id)) {
    text += fmt::format(R"({}"{}":{{"{}":"{}"}})", text.size() > 1 ? "," : "", name, value.first,
                        value.second);
  }
  return text + "}";
}

std::string UpdateJson(int key, WriteId id) {
  std::string set;
  std::string names;
  std::string values;
  for (const auto& [name, value] : AttributesOf(key, id)) {
    if (name == "pk" || name == "sk") continue;
    const std::string comma = set.empty() ? "" : ",";
    set += fmt::format("{}#{} = :{}", comma, name, name);
    names += fmt::format(R"({}"#{}":"{}")", comma, name, name);
    values += fmt::format(R"({}":{}":{{"{}":"{}"}})", comma, name, value.first, value.second);
  }
  std::string remove;
  for (const auto& [name, is_there] :
       {std::pair("rank", IsInLocalIndex(id)), std::pair("team", IsInGlobalIndex(id))}) {
    if (is_there) continue;
    remove += fmt::format("{}#{}", remove.empty() ? " REMOVE " : ", ", name);
    names += fmt::format(R"(,"#{}":"{}")", name, name);
  }
  return fmt::format(R"("UpdateExpression":"SET {}{}","ExpressionAttributeNames":{{{}}},)"
                     R"("ExpressionAttributeValues":{{{}}})",
                     set, remove, names, values);
}

std::expected<SeenItem, std::string> ReadItem(const Json& item) {
  return Compare(ReadAttributes(item), false);
}

std::expected<SeenItem, std::string> ReadLocalIndexEntry(const Json& entry) {
  return Compare(ReadAttributes(entry), true);
}

}  // namespace gramme
