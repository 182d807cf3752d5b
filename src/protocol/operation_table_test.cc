#include "protocol/operation_table.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "api/stream/shard_id.h"
#include "api/stream/shard_iterator.h"
#include "model/arn.h"
#include "protocol/dispatcher.h"
#include "protocol/testing/test_engine.h"
#include "protocol/testing/test_request.h"

namespace gramme {
namespace {

class DenyAll final : public Authorizer {
 public:
  Result<void> Authorize(const Principal&, const RequestedAccess& wanted) override {
    for (const Access& access : wanted.List()) {
      ++asked_count;
      EXPECT_FALSE(access.action.empty());
      EXPECT_FALSE(access.resource.empty());
    }
    return Error(ErrorCode::kAccessDeniedException, "not allowed");
  }
  int asked_count = 0;
};

// A request of each operation that gets as far as the gate.
std::map<std::string_view, std::string> SampleBodies() {
  const std::string stream_arn = StreamArn({}, "Table", "2026-11-20T11:02:31.123");
  const std::string stream = R"({"StreamArn":")" + stream_arn + "\"";
  constexpr const char* kTable = R"({"TableName":"Table"})";
  constexpr const char* kArn =
      R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table"})";
  constexpr const char* kBackup =
      R"({"BackupArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table/backup/)"
      R"(01489602797149-73d8d5bc"})";
  return {
      {"BatchGetItem", R"({"RequestItems":{"Table":{"Keys":[{"k":{"S":"a"}}]}}})"},
      {"BatchWriteItem", R"({"RequestItems":{"Table":[{"PutRequest":{"Item":{"k":{"S":"a"}}}}]}})"},
      {"CreateBackup", R"({"TableName":"Table","BackupName":"Backup"})"},
      {"CreateBackups", R"({"TableNames":["Table"],"BackupName":"Backup"})"},
      {"CreateTable", R"({"TableName":"Table","BillingMode":"PAY_PER_REQUEST",)"
                      R"("KeySchema":[{"AttributeName":"k","KeyType":"HASH"}],)"
                      R"("AttributeDefinitions":[{"AttributeName":"k","AttributeType":"S"}]})"},
      {"DeleteBackup", kBackup},
      {"DeleteItem", R"({"TableName":"Table","Key":{"k":{"S":"a"}}})"},
      {"DeleteTable", kTable},
      {"DescribeBackup", kBackup},
      {"DescribeContinuousBackups", kTable},
      {"DescribeEndpoints", "{}"},
      {"DescribeLimits", "{}"},
      {"DescribeStream", stream + "}"},
      {"DescribeTable", kTable},
      {"DescribeTimeToLive", kTable},
      {"GetItem", R"({"TableName":"Table","Key":{"k":{"S":"a"}}})"},
      {"GetRecords", R"({"ShardIterator":")" +
                         EncodeShardIterator({.stream_arn = stream_arn, .position = {}}) + "\"}"},
      {"GetShardIterator",
       stream + R"(,"ShardIteratorType":"LATEST","ShardId":")" + ShardId(LogShard()) + "\"}"},
      {"ListBackups", "{}"},
      {"ListJobs", "{}"},
      {"ListStreams", "{}"},
      {"ListTables", "{}"},
      {"ListTagsOfResource", kArn},
      {"PutItem", R"({"TableName":"Table","Item":{"k":{"S":"a"}}})"},
      {"Query", R"({"TableName":"Table","KeyConditionExpression":"k = :k",)"
                R"("ExpressionAttributeValues":{":k":{"S":"a"}}})"},
      {"RestoreTable",
       R"({"SourceTableName":"Table","UseLatestRestorableTime":true,"Keep":["TAGS"]})"},
      {"RestoreTableFromBackup",
       R"({"TargetTableName":"Table","BackupArn":"arn:aws:dynamodb:us-east-1:000000000000:)"
       R"(table/Table/backup/01489602797149-73d8d5bc"})"},
      {"RestoreTableToPointInTime",
       R"({"SourceTableName":"Table","TargetTableName":"Other","UseLatestRestorableTime":true})"},
      {"Scan", kTable},
      {"TagResource", R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table",)"
                      R"("Tags":[{"Key":"a","Value":"b"}]})"},
      {"TransactGetItems",
       R"({"TransactItems":[{"Get":{"TableName":"Table","Key":{"k":{"S":"a"}}}}]})"},
      {"TransactWriteItems",
       R"({"TransactItems":[{"Put":{"TableName":"Table","Item":{"k":{"S":"a"}}}}]})"},
      {"UntagResource", R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table",)"
                        R"("TagKeys":["a"]})"},
      {"UpdateContinuousBackups",
       R"({"TableName":"Table",)"
       R"("PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})"},
      {"UpdateItem",
       R"({"TableName":"Table","Key":{"k":{"S":"a"}},"UpdateExpression":"REMOVE b"})"},
      {"UpdateStreamShardCount", stream + R"(,"ShardCount":2})"},
      {"UpdateTable", R"({"TableName":"Table","DeletionProtectionEnabled":true})"},
      {"UpdateTimeToLive",
       R"({"TableName":"Table","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"t"}})"},
  };
}

TEST(OperationTableTest, ListsEachOperationOnce) {
  std::set<std::string> names;
  for (const ServedOperation& operation : OperationTable()) {
    EXPECT_TRUE(names.insert(std::string(operation.name)).second) << operation.name;
  }
}

TEST(OperationTableTest, ListsTheMembersOfEachRequestOnce) {
  for (const ServedOperation& operation : OperationTable()) {
    std::set<std::string> paths;
    for (const ListedMember& member : operation.list_members()) {
      EXPECT_TRUE(paths.insert(member.path).second) << operation.name << " " << member.path;
    }
  }
}

// The gate stands before every operation: with an authorizer that allows nothing, none of them
// runs, and each has asked for something.
TEST(OperationTableTest, LetsNoOperationGoAroundTheGate) {
  TestEngine parts;
  AnyCredentials anybody;
  DenyAll deny;
  const Gate gate(anybody, deny);
  Registry registry;
  SilentRequestLog log;
  Dispatcher dispatcher({.engine = parts.engine,
                         .gate = gate,
                         .pool = parts.executor,
                         .registry = registry,
                         .log = log,
                         .operations = OperationTable()},
                        {});
  const auto bodies = SampleBodies();
  for (const ServedOperation& operation : OperationTable()) {
    SCOPED_TRACE(operation.name);
    const auto body = bodies.find(operation.name);
    ASSERT_NE(body, bodies.end()) << "add a body to testing/sample_bodies.inc";
    const auto request = TestRequest::Call(operation.name, body->second);
    request->SetHeader("X-Amz-Target",
                       std::string(operation.target) + "." + std::string(operation.name));
    deny.asked_count = 0;
    request->SendTo(dispatcher);
    parts.executor.RunUntilIdle();
    ASSERT_TRUE(request->response().has_value());
    EXPECT_NE(request->response()->body.find("AccessDeniedException"), std::string::npos)
        << request->response()->body;
    EXPECT_GT(deny.asked_count, 0);
  }
}

}  // namespace
}  // namespace gramme
