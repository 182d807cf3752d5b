#include "tests/crash/stream/stream_run.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "tests/client/scrub.h"

namespace gramme {
namespace {

constexpr std::string_view kTable = "Followed";
constexpr std::uint64_t kKeyCount = 3000;
constexpr int kWriterCount = 6;
constexpr std::uint64_t kBatchMax = 25;
constexpr int kLifeMillisecondsMin = 300;
constexpr std::uint64_t kLifeMillisecondsMore = 1200;
// The shards are split before a kill, once in so many, until there are so many.
constexpr std::uint64_t kSplitOneIn = 4;
constexpr std::uint32_t kShardCountMax = 8;

// Writes until it is told to stop or the server is gone.
class Writer {
 public:
  Writer(std::uint16_t port, std::uint64_t seed)
      : random_(seed), connection_(port), name_(fmt::format("{:x}", seed)) {}

  void Run(const std::atomic<bool>& stop) {
    while (!stop && WriteOnce()) {
    }
  }

 private:
  // False when the server is gone.
  bool WriteOnce() {
    const std::uint64_t what = random_.Below(10);
    if (what < 6) return Send("BatchWriteItem", Batch());
    if (what < 7) return PutTwice();
    if (what < 8) return Send("UpdateItem", Update());
    if (what < 9) return Send("DeleteItem", Delete());
    return Send("TransactWriteItems", Transaction());
  }

  bool Send(std::string_view operation, const std::string& body) {
    return connection_.Call(operation, body).has_value();
  }

  std::string RandomKey() { return fmt::format("item{}", random_.Below(kKeyCount)); }
  std::string KeyJson(std::string_view key) { return fmt::format(R"({{"pk":{{"S":"{}"}}}})", key); }
  // No two are the same.
  std::string ItemJson(std::string_view key, std::string_view more = {}) {
    return fmt::format(R"({{"pk":{{"S":"{}"}},"version":{{"S":"{}-{}"}},"pad":{{"S":"{}"}}{}}})",
                       key, name_, ++version_, std::string(random_.Below(200), 'x'), more);
  }

  std::string Batch() {
    std::string requests;
    const std::uint64_t first = random_.Below(kKeyCount);
    const std::uint64_t count = random_.Below(kBatchMax) + 1;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::string key = fmt::format("item{}", (first + 7 * i) % kKeyCount);
      if (!requests.empty()) requests += ',';
      requests += random_.OneIn(5)
                      ? fmt::format(R"({{"DeleteRequest":{{"Key":{}}}}})", KeyJson(key))
                      : fmt::format(R"({{"PutRequest":{{"Item":{}}}}})", ItemJson(key));
    }
    return fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", kTable, requests);
  }

  // The second one changes nothing, unless another writer came between.
  bool PutTwice() {
    const std::string body =
        fmt::format(R"({{"TableName":"{}","Item":{}}})", kTable, ItemJson(RandomKey()));
    return Send("PutItem", body) && Send("PutItem", body);
  }

  std::string Update() {
    return fmt::format(
        R"({{"TableName":"{}","Key":{},"UpdateExpression":"ADD n :n REMOVE #t, actions",)"
        R"("ExpressionAttributeNames":{{"#t":"transaction"}},)"
        R"("ExpressionAttributeValues":{{":n":{{"N":"{}"}}}}}})",
        kTable, KeyJson(RandomKey()), random_.Below(3));
  }

  std::string Delete() {
    return fmt::format(R"({{"TableName":"{}","Key":{}}})", kTable, KeyJson(RandomKey()));
  }

  std::string Transaction() {
    const std::uint64_t count = random_.Below(4) + 2;
    const std::uint64_t first = random_.Below(kKeyCount);
    const std::string more = fmt::format(R"(,"transaction":{{"S":"{}-{}"}},"actions":{{"N":"{}"}})",
                                         name_, ++version_, count);
    std::string actions;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!actions.empty()) actions += ',';
      actions += fmt::format(R"({{"Put":{{"TableName":"{}","Item":{}}}}})", kTable,
                             ItemJson(fmt::format("item{}", (first + i) % kKeyCount), more));
    }
    return fmt::format(R"({{"TransactItems":[{}]}})", actions);
  }

  SeededRandom random_;
  Connection connection_;
  const std::string name_;
  std::uint64_t version_ = 0;
};

}  // namespace

StreamRun::StreamRun(std::string binary, std::uint64_t seed, std::string planted_bug)
    : binary_(std::move(binary)),
      planted_bug_(std::move(planted_bug)),
      random_(seed),
      directory_("gramme-stream"),
      write_seed_(seed << 20) {}

Asked<void> StreamRun::Start() {
  const std::string& path = directory_.path();
  std::vector<std::string> environment;
  if (!planted_bug_.empty()) environment.push_back("GRAMME_PLANTED_BUG=" + planted_bug_);
  GRAMME_TRY(ServerProcess server,
             ServerProcess::Start({.binary = binary_,
                                   .arguments = {"serve", "--data", path + "/data", "--memory",
                                                 "128M", "--log-level", "warning"},
                                   .environment = environment,
                                   .log_file = path + "/server.log",
                                   .ready_file = path + "/ready.json"}));
  server_ = std::move(server);
  return {};
}

Asked<void> StreamRun::Prepare() {
  GRAMME_RETURN_IF_ERROR(Start());
  Connection connection(server_->port());
  GRAMME_RETURN_IF_ERROR(CreateTable(
      connection, kTable,
      fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
                  R"({{"AttributeName":"pk","AttributeType":"S"}}],)"
                  R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}],)"
                  R"("StreamSpecification":{{"StreamEnabled":true,)"
                  R"("StreamViewType":"NEW_AND_OLD_IMAGES"}}}})",
                  kTable)));
  GRAMME_TRY(const Json table,
             Ask(connection, "DescribeTable", fmt::format(R"({{"TableName":"{}"}})", kTable)));
  stream_arn_ = table["Table"]["LatestStreamArn"].text();
  return {};
}

Asked<void> StreamRun::Split(Connection& connection) {
  if (shard_count_ >= kShardCountMax || !random_.OneIn(kSplitOneIn)) return {};
  shard_count_ *= 2;
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "GrammeAdmin_20261101.UpdateStreamShardCount",
          fmt::format(R"({{"StreamArn":"{}","ShardCount":{}}})", stream_arn_, shard_count_)));
  return {};
}

Asked<void> StreamRun::WriteAndKill() {
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriterCount; ++i) {
    threads.emplace_back(
        [&stop, port = server_->port(), seed = ++write_seed_] { Writer(port, seed).Run(stop); });
  }
  Asked<void> followed;
  threads.emplace_back([&, seed = ++write_seed_] {
    SeededRandom random(seed);
    Connection connection(server_->port());
    Follower follower(connection, stream_arn_, checkpoint_, random);
    for (;;) {
      const auto found = follower.ReadSome();
      if (!found) followed = std::unexpected(found.error());
      if (!found || !*found) return;
    }
  });
  const std::chrono::milliseconds life(
      kLifeMillisecondsMin + static_cast<std::int64_t>(random_.Below(kLifeMillisecondsMore)));
  std::this_thread::sleep_for(life / 2);
  Connection connection(server_->port());
  const Asked<void> split = Split(connection);
  std::this_thread::sleep_for(life / 2);
  server_->Kill();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  ++kill_count_;
  GRAMME_RETURN_IF_ERROR(split);
  GRAMME_RETURN_IF_ERROR(followed);
  return Start();
}

Asked<void> StreamRun::Compare() {
  Connection connection(server_->port());
  Follower follower(connection, stream_arn_, checkpoint_, random_);
  GRAMME_RETURN_IF_ERROR(follower.ReadAll());
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, kTable));
  return Follower::Compare(checkpoint_, {"pk"}, items);
}

Asked<void> StreamRun::Finish() {
  if (const int code = server_->Stop(); code != 0) {
    return std::unexpected(fmt::format("the server ended with {}", code));
  }
  GRAMME_RETURN_IF_ERROR(ScrubIsClean(binary_, fmt::format("--data '{}/data'", directory_.path())));
  directory_.Remove();
  return {};
}

}  // namespace gramme
