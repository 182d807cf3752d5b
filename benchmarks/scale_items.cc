#include "benchmarks/scale_items.h"

#include <fmt/format.h>

#include <iterator>

namespace gramme {
namespace {

constexpr std::size_t kNoteLength = 420;
constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
constexpr int kBitsPerCharacter = 6;

void Frame(std::string_view operation, std::string_view body, std::string& bytes) {
  fmt::format_to(
      std::back_inserter(bytes),
      "POST / HTTP/1.1\r\n"
      "host: 127.0.0.1\r\n"
      "content-type: application/x-amz-json-1.0\r\n"
      "x-amz-target: DynamoDB_20120810.{}\r\n"
      "x-amz-date: 20261120T110000Z\r\n"
      "x-amz-user-agent: aws-sdk-js/3.1000.0\r\n"
      "user-agent: aws-sdk-js/3.1000.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#22.0.0 "
      "api/dynamodb#3.1000.0 m/E\r\n"
      "amz-sdk-invocation-id: 2f1f6a5e-7c5f-4c38-9a3b-0c9d8f6f7a10\r\n"
      "amz-sdk-request: attempt=1; max=3\r\n"
      "authorization: AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/aws4_request, "
      "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;"
      "x-amz-target;x-amz-user-agent, Signature={:064x}\r\n"
      "content-length: {}\r\n\r\n{}",
      operation, 0x5eed, body.size(), body);
}

std::string KeyMembers(std::uint64_t item) {
  return fmt::format(R"("pk":{{"S":"order#{:08}"}},"sk":{{"N":"{}"}})", item / kItemsPerPartition,
                     item % kItemsPerPartition);
}

std::string ItemJson(std::uint64_t item) {
  return fmt::format(R"({{{},"number":{{"N":"{}"}},"active":{{"BOOL":true}},"note":{{"S":"{}"}}}})",
                     KeyMembers(item), item, NoteOf(item));
}

}  // namespace

std::uint64_t Scatter(std::uint64_t number) {
  std::uint64_t z = number + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::string NoteOf(std::uint64_t item) {
  std::string note;
  note.reserve(kNoteLength);
  std::uint64_t state = Scatter(item);
  while (note.size() < kNoteLength) {
    state = Scatter(state);
    std::uint64_t bits = state;
    for (int i = 0; i < 10 && note.size() < kNoteLength; ++i, bits >>= kBitsPerCharacter) {
      note.push_back(kAlphabet[bits % kAlphabet.size()]);
    }
  }
  return note;
}

void WriteGet(std::uint64_t item, std::string& bytes) {
  Frame("GetItem", fmt::format(R"({{"TableName":"Large","Key":{{{}}}}})", KeyMembers(item)), bytes);
}

void WritePut(std::uint64_t item, std::string& bytes) {
  Frame("PutItem", fmt::format(R"({{"TableName":"Large","Item":{}}})", ItemJson(item)), bytes);
}

void WriteQuery(std::uint64_t partition, std::string& bytes) {
  Frame("Query",
        fmt::format(R"({{"TableName":"Large","KeyConditionExpression":"pk = :p",)"
                    R"("ExpressionAttributeValues":{{":p":{{"S":"order#{:08}"}}}}}})",
                    partition),
        bytes);
}

void WriteBatch(std::uint64_t first, std::uint64_t end, std::string& bytes) {
  std::string puts;
  for (std::uint64_t item = first; item < end; ++item) {
    if (item > first) puts.push_back(',');
    fmt::format_to(std::back_inserter(puts), R"({{"PutRequest":{{"Item":{}}}}})", ItemJson(item));
  }
  Frame("BatchWriteItem", fmt::format(R"({{"RequestItems":{{"Large":[{}]}}}})", puts), bytes);
}

}  // namespace gramme
