#include "tests/isolation/witness_item.h"

#include <fmt/format.h>

#include <cstddef>

#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

// Mostly some tens of bytes; sometimes so many that the server takes another way with the item.
std::size_t PayloadBytes(const WitnessKey& key, Version version) {
  const Version mixed = (version * 0x9E3779B97F4A7C15U) >> 32;
  if (key.index % 16 == 1 && mixed % 64 == 0) return 70'000;
  return mixed % 100 == 1 ? 6'000 : mixed % 60;
}

std::string Payload(const WitnessKey& key, Version version) {
  const std::string unit = fmt::format("{:x}.{:x};", version, key.index);
  std::string payload;
  const std::size_t size = PayloadBytes(key, version);
  while (payload.size() < size) payload += unit;
  return payload;
}

}  // namespace

std::string IndexedTableBody() {
  return fmt::format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
      R"({{"AttributeName":"k","AttributeType":"S"}},{{"AttributeName":"v","AttributeType":"N"}}],)"
      R"("KeySchema":[{{"AttributeName":"k","KeyType":"HASH"}}],"GlobalSecondaryIndexes":[)"
      R"({{"IndexName":"ByVersion","KeySchema":[{{"AttributeName":"v","KeyType":"HASH"}}],)"
      R"("Projection":{{"ProjectionType":"KEYS_ONLY"}}}}]}})",
      kIndexedTable);
}

std::string WitnessKey::text() const { return fmt::format("w{}", index); }

std::string WitnessKey::json() const { return fmt::format(R"({{"k":{{"S":"w{}"}}}})", index); }

std::string VersionJson(Version version) { return fmt::format(R"({{"N":"{}"}})", version); }

std::string ItemJson(const WitnessKey& key, Version version) {
  return fmt::format(R"({{"k":{{"S":"w{}"}},"v":{},"p":{{"S":"{}"}}}})", key.index,
                     VersionJson(version), Payload(key, version));
}

std::string UpdateJson(const WitnessKey& key, Version version) {
  return fmt::format(R"("UpdateExpression":"SET v = :v, p = :p","ExpressionAttributeValues":)"
                     R"({{":v":{},":p":{{"S":"{}"}})",
                     VersionJson(version), Payload(key, version));
}

std::expected<Version, std::string> VersionOf(const WitnessKey& key, const Json& item) {
  if (item.kind() != Json::Kind::kObject) return 0;
  const auto version = NumberIn(item["v"]);
  const bool is_ours = version && *version > 0 && item.members().size() == 3 &&
                       item["k"]["S"].text() == key.text() && item["p"].Has("S") &&
                       item["p"]["S"].text() == Payload(key, static_cast<Version>(*version));
  if (is_ours) return static_cast<Version>(*version);
  std::string shown;
  for (const auto& [name, value] : item.members()) {
    for (const auto& [type, scalar] : value.members()) {
      shown += fmt::format(" {}={}:{}", name, type, scalar.text().substr(0, 60));
    }
  }
  return std::unexpected(fmt::format("{} is torn or foreign:{}", key.text(), shown));
}

}  // namespace gramme
