// The server as a process: what stops it from starting, and how it ends.

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/command.h"
#include "tests/client/requests.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"

namespace gramme {
namespace {

using testing::HasSubstr;

CommandEnd RunGramme(const std::string& arguments, const std::string& environment = "") {
  return RunCommand(GRAMME_BINARY, arguments, environment);
}

constexpr int kFailed = 1;
constexpr int kDataIntegrity = 5;

class ServerProcessTest : public testing::Test {
 protected:
  ~ServerProcessTest() override {
    if (!HasFailure()) directory_.Remove();
  }

  std::string Data() const { return directory_.path() + "/data"; }

  ServerProcess Start(std::vector<std::string> arguments) {
    auto started = ServerProcess::Start({.binary = GRAMME_BINARY,
                                         .arguments = std::move(arguments),
                                         .log_file = directory_.path() + "/log",
                                         .ready_file = directory_.path() + "/ready"});
    if (!started) {
      ADD_FAILURE() << started.error();
      std::abort();
    }
    return *std::move(started);
  }

  ServerProcess StartWithData() { return Start({"dev", "--data", Data()}); }

  TemporaryDirectory directory_{"gramme-server-test"};
};

// One line on standard error that holds `cause`.
void ExpectFailure(const CommandEnd& end, int exit_code, const std::string& cause) {
  EXPECT_EQ(end.exit_code, exit_code) << end.errors;
  EXPECT_EQ(LineCount(end.errors), 1U) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr(cause));
  EXPECT_EQ(end.output, "");
}

TEST_F(ServerProcessTest, ATakenPortIsNamed) {
  ServerProcess server = Start({"dev"});
  const CommandEnd end = RunGramme(fmt::format("dev --port {}", server.port()));
  ExpectFailure(end, kFailed, fmt::format("127.0.0.1:{}", server.port()));
  EXPECT_THAT(end.errors, HasSubstr("--port"));
  EXPECT_TRUE(server.IsRunning());
}

TEST_F(ServerProcessTest, ADirectoryThatCannotBeWrittenIsNamed) {
  const std::string file = directory_.path() + "/file";
  std::ofstream(file) << "x";
  ExpectFailure(RunGramme("dev --port 0 --data " + file), kFailed, file);
  ExpectFailure(RunGramme("dev --port 0 --data " + file + "/below"), kFailed, file + "/below");
  ExpectFailure(RunGramme("dev --port 0 --data /proc/gramme"), kFailed, "/proc/gramme");
  ExpectFailure(RunGramme("dev --port 0 --backup-dir " + file), kFailed, file);
  ExpectFailure(RunGramme("dev --port 0 --backup-dir " + directory_.path() + "/unmounted/backups"),
                kFailed, "is its disk mounted?");
}

TEST_F(ServerProcessTest, ADirectoryHeldByAnotherServerNamesIt) {
  ServerProcess server = StartWithData();
  const CommandEnd end = RunGramme("dev --port 0 --data " + Data());
  ExpectFailure(end, kFailed, Data());
  EXPECT_THAT(end.errors, HasSubstr(std::to_string(server.pid())));
  EXPECT_TRUE(server.IsRunning());
}

TEST_F(ServerProcessTest, RegionAndAccountAreThoseOfTheDirectory) {
  const std::vector<std::string> arguments = {"dev",      "--data",       Data(),
                                              "--region", "eu-central-1", "--account-id",
                                              "123456789012"};
  EXPECT_EQ(Start(arguments).Stop(), 0);
  ExpectFailure(RunGramme("dev --port 0 --region us-west-2 --data " + Data()), kFailed,
                "eu-central-1");
  ExpectFailure(RunGramme("dev --port 0 --account-id 000000000001 --data " + Data()), kFailed,
                "123456789012");
  // Refused, and unharmed.
  ServerProcess server = StartWithData();
  Connection connection(server.port());
  ASSERT_TRUE(CreateTable(connection, "Music",
                          R"({"TableName":"Music","BillingMode":"PAY_PER_REQUEST",)"
                          R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
                          R"("AttributeDefinitions":[{"AttributeName":"id",)"
                          R"("AttributeType":"S"}]})"));
  const auto answer = connection.Call("DescribeTable", R"({"TableName":"Music"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->Parsed()["Table"]["TableArn"].text(),
            "arn:aws:dynamodb:eu-central-1:123456789012:table/Music");
}

TEST_F(ServerProcessTest, AfterSigtermItEndsWell) {
  ServerProcess server = StartWithData();
  {
    Connection connection(server.port());
    ASSERT_TRUE(CreateTable(connection, "Music",
                            R"({"TableName":"Music","BillingMode":"PAY_PER_REQUEST",)"
                            R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
                            R"("AttributeDefinitions":[{"AttributeName":"id",)"
                            R"("AttributeType":"S"}]})"));
    for (int i = 0; i < 20; ++i) {
      const auto put = connection.Call(
          "PutItem", fmt::format(R"({{"TableName":"Music","Item":{{"id":{{"S":"{}"}}}}}})", i));
      ASSERT_TRUE(put && put->is_success());
    }
    // With a connection open.
    EXPECT_EQ(server.Stop(), 0);
  }
  ServerProcess again = StartWithData();
  Connection connection(again.port());
  const auto items = ScanAll(connection, "Music");
  ASSERT_TRUE(items) << items.error();
  EXPECT_EQ(items->size(), 20U);
  EXPECT_EQ(again.Stop(), 0);
}

TEST_F(ServerProcessTest, ADirectoryOfAnotherFormatIsLeftAlone) {
  EXPECT_EQ(StartWithData().Stop(), 0);
  std::ofstream(Data() + "/FORMAT", std::ios::trunc) << "not a format\n";
  const CommandEnd end = RunGramme("dev --port 0 --data " + Data());
  ExpectFailure(end, kDataIntegrity, "FORMAT");
}

}  // namespace
}  // namespace gramme
