#include "tests/isolation/isolation_server.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <thread>
#include <utility>

#include "base/result.h"
#include "tests/client/environment.h"

namespace gramme {
namespace {

// The server has loops of its own on the same processors.
constexpr int kCrowdThreadCount = 2;
constexpr int kAttemptsMax = 10;

}  // namespace

IsolationOptions IsolationOptions::FromEnvironment(std::uint64_t count_otherwise) {
  return {.seed = SeedFromEnvironment(),
          .count = NumberFromEnvironment("GRAMME_ISOLATION_COUNT", count_otherwise),
          .planted_bug = {}};
}

Asked<std::unique_ptr<IsolationServer>> IsolationServer::Start(const IsolationOptions& options) {
  std::unique_ptr<IsolationServer> server(new IsolationServer);
  const std::string& directory = server->directory_.path();
  ServerCommand command{
      .binary = BinaryFromEnvironment(GRAMME_BINARY),
      .arguments = {"serve", "--data", directory + "/data", "--backup-dir", directory + "/backups",
                    "--memory", "256M", "--log-level", "warning"},
      .environment = {},
      .log_file = directory + "/server.log",
      .ready_file = directory + "/ready.json"};
  if (!options.planted_bug.empty()) {
    command.environment.push_back("GRAMME_PLANTED_BUG=" + options.planted_bug);
  }
  GRAMME_TRY(ServerProcess process, ServerProcess::Start(command));
  server->process_ = std::move(process);
  return server;
}

IsolationServer::~IsolationServer() {
  process_.reset();
  if (!has_ended_) directory_.Remove();
}

std::optional<std::string> IsolationServer::Run(const Actors& actors) {
  auto violation = RunCrowd(port(), actors, kCrowdThreadCount);
  if (!violation) return std::nullopt;
  // A process that ends closes its connections a moment before it can be seen to have ended.
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  has_ended_ = !process_->IsRunning();
  if (!has_ended_) return *violation + " (the server runs)";
  return *violation + "; the server ended by itself, see " + directory_.path() + "/server.log";
}

bool IsCaught(
    std::string_view bug, std::uint64_t count,
    const std::function<std::optional<std::string>(const IsolationOptions&)>& find_violation) {
  IsolationOptions options = IsolationOptions::FromEnvironment(count);
  options.planted_bug = bug;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt, ++options.seed) {
    if (const auto violation = find_violation(options)) {
      std::printf("%s, in run %d: %s\n", options.planted_bug.c_str(), attempt + 1,
                  violation->c_str());
      return true;
    }
  }
  return false;
}

std::string SimpleTableBody(std::string_view name, bool has_sort_key) {
  return fmt::format(
      R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
      R"({{"AttributeName":"k","AttributeType":"S"}}{}],)"
      R"("KeySchema":[{{"AttributeName":"k","KeyType":"HASH"}}{}]}})",
      name, has_sort_key ? R"(,{"AttributeName":"s","AttributeType":"N"})" : "",
      has_sort_key ? R"(,{"AttributeName":"s","KeyType":"RANGE"})" : "");
}

std::string DescribeUnexpected(std::string_view operation, const Answer& answer) {
  return fmt::format("{} got {} {}", operation, answer.status, answer.body.substr(0, 600));
}

std::optional<std::int64_t> NumberIn(const Json& value) {
  const std::string& text = value["N"].text();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.empty() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace gramme
