// However much is asked at once, the server answers, and stays within the memory that it was given.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/client/connection.h"
#include "tests/client/requests.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"

namespace gramme {
namespace {

constexpr int kClientCount = 24;
constexpr int kRoundCount = 2;
// --memory is 64 MB, of which a request of 16 MB needs all that there is for requests. What comes
// on top is described in docs/reference/configuration.md, and was less than 90 MB on two cores.
constexpr std::size_t kPeakBytesMax = 250'000'000;

std::size_t PeakOf(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  }
  return 0;
}

// 25 items of 390 KB.
std::string LargeWrite() {
  std::string puts;
  for (int i = 0; i < 25; ++i) {
    puts +=
        fmt::format(R"({}{{"PutRequest":{{"Item":{{"id":{{"S":"{}"}},"note":{{"S":"{}"}}}}}}}})",
                    i == 0 ? "" : ",", i, std::string(390'000, 'y'));
  }
  return R"({"RequestItems":{"Music":[)" + puts + "]}}";
}

std::string LargeRead() {
  std::string keys;
  for (int i = 0; i < 25; ++i) {
    keys += fmt::format(R"({}{{"id":{{"S":"{}"}}}})", i == 0 ? "" : ",", i);
  }
  return R"({"RequestItems":{"Music":{"Keys":[)" + keys + "]}}}";
}

// Ten items of 390 KB, in one transaction. Of each client its own: they would conflict.
std::string LargeTransaction(int client) {
  std::string puts;
  for (int i = 0; i < 10; ++i) {
    puts += fmt::format(R"({}{{"Put":{{"TableName":"Music","Item":)"
                        R"({{"id":{{"S":"{}-{}"}},"note":{{"S":"{}"}}}}}}}})",
                        i == 0 ? "" : ",", client, i, std::string(390'000, 'z'));
  }
  return R"({"TransactItems":[)" + puts + "]}";
}

std::string LargeTransactionRead(int client) {
  std::string gets;
  for (int i = 0; i < 10; ++i) {
    gets += fmt::format(R"({}{{"Get":{{"TableName":"Music","Key":{{"id":{{"S":"{}-{}"}}}}}}}})",
                        i == 0 ? "" : ",", client, i);
  }
  return R"({"TransactItems":[)" + gets + "]}";
}

// Clients that all ask at the same time.
class Crowd {
 public:
  explicit Crowd(std::uint16_t port) : port_(port) {}

  // Everyone is answered with what was asked for. `body` is made for each client.
  void Ask(std::string_view operation, const std::function<std::string(int)>& body) {
    std::vector<std::thread> clients;
    for (int i = 0; i < kClientCount; ++i) {
      clients.emplace_back([this, i, operation, &body] {
        const std::string text = body(i);
        Connection connection(port_);
        for (int round = 0; round < kRoundCount; ++round) {
          auto answer = connection.Call(operation, text);
          // Who has waited for 20 s is told to ask again.
          while (answer.has_value() && answer->status == 503)
            answer = connection.Call(operation, text);
          ASSERT_TRUE(answer.has_value()) << operation << ": no answer";
          ASSERT_EQ(answer->status, 200) << operation << ": " << answer->body.substr(0, 300);
        }
      });
    }
    for (std::thread& client : clients) client.join();
  }

 private:
  const std::uint16_t port_;
};

TEST(MemoryTest, ManyLargeRequestsStayWithinTheMemory) {
  TemporaryDirectory directory("gramme-memory-test");
  auto server = ServerProcess::Start(
      {.binary = GRAMME_BINARY,
       .arguments = {"dev", "--memory", "64M", "--data", directory.path() + "/data"},
       .log_file = directory.path() + "/log",
       .ready_file = directory.path() + "/ready"});
  ASSERT_TRUE(server.has_value()) << server.error();
  Connection connection(server->port());
  ASSERT_TRUE(CreateTable(connection, "Music",
                          R"({"TableName":"Music","BillingMode":"PAY_PER_REQUEST",)"
                          R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],)"
                          R"("AttributeDefinitions":[{"AttributeName":"id",)"
                          R"("AttributeType":"S"}]})"));
  Crowd crowd(server->port());
  const auto same = [](const std::string& body) { return [body](int) { return body; }; };
  // Large bodies, and small requests whose answers are large: they wait for their turn, and none is
  // refused.
  crowd.Ask("BatchWriteItem", same(LargeWrite()));
  crowd.Ask("TransactWriteItems", LargeTransaction);
  crowd.Ask("BatchGetItem", same(LargeRead()));
  crowd.Ask("TransactGetItems", LargeTransactionRead);
  crowd.Ask("Scan", same(R"({"TableName":"Music"})"));
  EXPECT_LT(PeakOf(server->pid()), kPeakBytesMax);
  // It lives, and has everything back.
  const auto answer = Connection(server->port()).Call("DescribeTable", R"({"TableName":"Music"})");
  EXPECT_TRUE(answer && answer->is_success());
  EXPECT_EQ(server->Stop(), 0);
  if (!testing::Test::HasFailure()) directory.Remove();
}

}  // namespace
}  // namespace gramme
