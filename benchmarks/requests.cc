#include "benchmarks/requests.h"

#include <fmt/format.h>

#include <utility>

namespace gramme {
namespace {

constexpr int kItemCount = 2000;
constexpr int kGroupCount = 1000;
constexpr int kItemsPerGroup = 10;
constexpr int kBatchCount = 25;
constexpr std::string_view kCallNumber = "2f1f6a5e-7c5f-4c38-9a3b-0c9d8f6f7a10";

std::string Frame(std::string_view operation, std::string_view host, const std::string& body) {
  return fmt::format(
      "POST / HTTP/1.1\r\n"
      "host: {}\r\n"
      "content-type: application/x-amz-json-1.0\r\n"
      "x-amz-target: DynamoDB_20120810.{}\r\n"
      "x-amz-date: 20261120T110000Z\r\n"
      "x-amz-user-agent: aws-sdk-js/3.1000.0\r\n"
      "user-agent: aws-sdk-js/3.1000.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#22.0.0 "
      "api/dynamodb#3.1000.0 m/E\r\n"
      "amz-sdk-invocation-id: {}\r\n"
      "amz-sdk-request: attempt=1; max=3\r\n"
      "authorization: AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;"
      "x-amz-target;x-amz-user-agent, Signature={:064x}\r\n"
      "content-length: {}\r\n\r\n{}",
      host, operation, kCallNumber, 0x5eed, body.size(), body);
}

std::string ItemKey(int item) { return fmt::format("customer#{:08}", item); }
std::string GroupKey(int group) { return fmt::format("order#{:06}", group); }

// An item is put in two versions in turn, so that every put changes what is there.
constexpr int kVersionCount = 2;

// About 980 bytes of JSON.
std::string ItemJson(int item, int version) {
  return fmt::format(
      R"({{"pk":{{"S":"{}"}},"name":{{"S":"Customer number {}"}},)"
      R"("email":{{"S":"customer.{}@example.com"}},"balance":{{"N":"{}.25"}},)"
      R"("active":{{"BOOL":true}},"visits":{{"N":"{}"}},)"
      R"("tags":{{"L":[{{"S":"gold"}},{{"S":"newsletter"}},{{"N":"42"}}]}},)"
      R"("address":{{"M":{{"street":{{"S":"{} Long Road"}},"city":{{"S":"Springfield"}},)"
      R"("zip":{{"S":"{:05}"}}}}}},"created":{{"S":"2026-11-20T11:00:00.000Z"}},)"
      R"("note":{{"S":"{:a>520}"}}}})",
      ItemKey(item), item, item, item * 3, 1'000'000 + item * kVersionCount + version, item,
      item % 100000, item);
}

std::string GroupItemJson(int group, int sort) {
  return fmt::format(
      R"({{"PutRequest":{{"Item":{{"pk":{{"S":"{}"}},"sk":{{"N":"{}"}},"note":{{"S":"{:b>70}"}}}}}}}})",
      GroupKey(group), sort, group * kItemsPerGroup + sort);
}

BenchmarkRequest Put(int item, int version, std::string_view host) {
  return {.bytes = Frame("PutItem", host,
                         fmt::format(R"({{"TableName":"Items","Item":{}}})",
                                     ItemJson(item, version))),
          .expected = {"{}"}};
}

BenchmarkRequest Get(int item, std::string_view host) {
  return {.bytes = Frame(
              "GetItem", host,
              fmt::format(R"({{"TableName":"Items","Key":{{"pk":{{"S":"{}"}}}}}})", ItemKey(item))),
          .expected = {ItemKey(item), fmt::format("{:a>520}", item)}};
}

// All of one item; told apart by the number that the SDK gives each call.
BenchmarkRequest Add(int number, std::string_view host) {
  std::string bytes =
      Frame("UpdateItem", host,
            R"({"TableName":"Items","Key":{"pk":{"S":"hot"}},"UpdateExpression":"ADD hits :one",)"
            R"("ExpressionAttributeValues":{":one":{"N":"1"}}})");
  const std::string digits = fmt::format("{:08x}", number);
  bytes.replace(bytes.find(kCallNumber), digits.size(), digits);
  return {.bytes = std::move(bytes), .expected = {"{}"}};
}

BenchmarkRequest Query(int group, std::string_view host) {
  BenchmarkRequest request{
      .bytes = Frame("Query", host,
                     fmt::format(R"({{"TableName":"Groups","KeyConditionExpression":"pk = :p",)"
                                 R"("ExpressionAttributeValues":{{":p":{{"S":"{}"}}}}}})",
                                 GroupKey(group))),
      .expected = {R"("Count":10)"}};
  for (int sort = 0; sort < kItemsPerGroup; ++sort) {
    request.expected.push_back(fmt::format("{:b>70}", group * kItemsPerGroup + sort));
  }
  return request;
}

std::vector<BenchmarkRequest> FillGroups(std::string_view host) {
  std::vector<BenchmarkRequest> requests;
  for (int first = 0; first < kGroupCount * kItemsPerGroup; first += kBatchCount) {
    std::string batch;
    for (int i = first; i < first + kBatchCount; ++i) {
      batch += (i > first ? "," : "") + GroupItemJson(i / kItemsPerGroup, i % kItemsPerGroup);
    }
    requests.push_back(
        {.bytes = Frame("BatchWriteItem", host,
                        fmt::format(R"({{"RequestItems":{{"Groups":[{}]}}}})", batch)),
         .expected = {R"("UnprocessedItems":{})"}});
  }
  return requests;
}

}  // namespace

std::vector<BenchmarkRequest> BuildRequests(std::string_view kind, std::string_view host) {
  if (kind == "fill-groups") return FillGroups(host);
  std::vector<BenchmarkRequest> requests;
  if (kind == "put") {
    for (int version = 0; version < kVersionCount; ++version) {
      for (int i = 0; i < kItemCount; ++i) requests.push_back(Put(i, version, host));
    }
    return requests;
  }
  for (int i = 0; i < (kind == "query" ? kGroupCount : kItemCount); ++i) {
    if (kind == "get") requests.push_back(Get(i, host));
    if (kind == "add") requests.push_back(Add(i, host));
    if (kind == "query") requests.push_back(Query(i, host));
  }
  return requests;
}

}  // namespace gramme
