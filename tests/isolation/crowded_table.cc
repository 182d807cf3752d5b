#include "tests/isolation/crowded_table.h"

#include <fmt/format.h>

#include "base/result.h"
#include "tests/isolation/isolation_server.h"

namespace gramme {
namespace {

std::uint64_t Mix(const CrowdedItem& item) {
  std::uint64_t mixed = item.version * 1'000'003 + static_cast<std::uint64_t>(item.key.partition);
  mixed = mixed * 1'000'003 + static_cast<std::uint64_t>(item.key.sort);
  return (mixed * 0x9E3779B97F4A7C15U) >> 32;
}

std::string Text(const CrowdedItem& item) {
  const std::string unit =
      fmt::format("{:x}-{}-{};", item.version, item.key.partition, item.key.sort);
  std::string text;
  while (text.size() < Mix(item) % 200) text += unit;
  return text;
}

}  // namespace

std::string CrowdedKey::ToJson() const {
  return fmt::format(R"({{"k":{{"S":"p{}"}},"s":{{"N":"{}"}}}})", partition, sort);
}

int CrowdedItem::group() const { return static_cast<int>(Mix(*this) % kCrowdedGroupCount); }

int CrowdedItem::rank() const { return static_cast<int>(Mix(*this) / 8 % 30); }

std::string CrowdedItem::ToJson() const {
  return fmt::format(R"({{"k":{{"S":"p{}"}},"s":{{"N":"{}"}},"g":{{"S":"g{}"}},"r":{{"N":"{}"}},)"
                     R"("v":{{"N":"{}"}},"p":{{"S":"{}"}}}})",
                     key.partition, key.sort, group(), rank(), version, Text(*this));
}

Asked<void> CreateCrowdedTable(Connection& connection) {
  GRAMME_RETURN_IF_ERROR(CreateTable(
      connection, kCrowdedTable,
      fmt::format(
          R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
          R"({{"AttributeName":"k","AttributeType":"S"}},)"
          R"({{"AttributeName":"s","AttributeType":"N"}},)"
          R"({{"AttributeName":"g","AttributeType":"S"}},)"
          R"({{"AttributeName":"r","AttributeType":"N"}}],)"
          R"("KeySchema":[{{"AttributeName":"k","KeyType":"HASH"}},)"
          R"({{"AttributeName":"s","KeyType":"RANGE"}}],"LocalSecondaryIndexes":[)"
          R"({{"IndexName":"{}","KeySchema":[{{"AttributeName":"k","KeyType":"HASH"}},)"
          R"({{"AttributeName":"r","KeyType":"RANGE"}}],)"
          R"("Projection":{{"ProjectionType":"ALL"}}}}],)"
          R"("GlobalSecondaryIndexes":[{{"IndexName":"{}","KeySchema":[)"
          R"({{"AttributeName":"g","KeyType":"HASH"}},{{"AttributeName":"r","KeyType":"RANGE"}}],)"
          R"("Projection":{{"ProjectionType":"ALL"}}}}]}})",
          kCrowdedTable, kCrowdedLocalIndex, kCrowdedGlobalIndex)));
  for (int partition = 0; partition < kCrowdedPartitionCount; ++partition) {
    for (int sort = 0; sort < kCrowdedSortCount; sort += 2) {
      const CrowdedItem item{.key = {.partition = partition, .sort = sort}};
      GRAMME_RETURN_IF_ERROR(
          Ask(connection, "PutItem",
              fmt::format(R"({{"TableName":"{}","Item":{}}})", kCrowdedTable, item.ToJson())));
    }
  }
  for (int pair = 0; pair < kPairCount * 2; ++pair) {
    GRAMME_RETURN_IF_ERROR(Ask(connection, "PutItem",
                               fmt::format(R"({{"TableName":"{}","Item":{}}})", kCrowdedTable,
                                           PairItemJson(pair / 2, pair % 2, 0))));
  }
  return {};
}

std::expected<CrowdedItem, std::string> ReadCrowdedItem(const Json& item) {
  const std::string& partition = item["k"]["S"].text();
  CrowdedItem read;
  if (partition.size() == 2 && partition[0] == 'p') {
    read.key = {.partition = partition[1] - '0',
                .sort = static_cast<int>(NumberIn(item["s"]).value_or(-1))};
  }
  read.version = static_cast<std::uint64_t>(NumberIn(item["v"]).value_or(0));
  const bool is_ours = partition == fmt::format("p{}", read.key.partition) &&
                       read.key.is_stable() == (read.version == 0) &&
                       item["g"]["S"].text() == fmt::format("g{}", read.group()) &&
                       NumberIn(item["r"]) == read.rank() && item["p"]["S"].text() == Text(read) &&
                       item.members().size() == (item.Has("t") ? 7 : 6);
  if (is_ours) return read;
  std::string shown;
  for (const auto& [name, value] : item.members()) {
    for (const auto& [type, scalar] : value.members()) {
      shown += fmt::format(" {}={}", name, scalar.text().substr(0, 40));
    }
  }
  return std::unexpected("torn or foreign:" + shown);
}

std::string PairKeyJson(int pair, int half) {
  return fmt::format(R"({{"k":{{"S":"pair{}"}},"s":{{"N":"{}"}}}})", pair, half);
}

std::string PairItemJson(int pair, int half, std::uint64_t version) {
  return fmt::format(R"({{"k":{{"S":"pair{}"}},"s":{{"N":"{}"}},"v":{{"N":"{}"}}}})", pair, half,
                     version);
}

}  // namespace gramme
