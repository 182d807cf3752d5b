#include "tests/crash/kill/kill_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/result.h"
#include "tests/client/follower.h"
#include "tests/client/requests.h"
#include "tests/client/scrub.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"

namespace gramme {
namespace {

// A restore of the table follows every so many kills.
constexpr int kKillsPerRestore = 5;
constexpr std::uint64_t kLifeMsMin = 50;

using Found = std::vector<std::optional<WriteId>>;

class KillRun {
 public:
  explicit KillRun(const KillOptions& options);
  KillReport Run();

 private:
  Asked<void> Prepare();
  // One life of the server, from ready to ready again.
  Asked<void> KillOnce();
  void RunClients();
  Asked<void> Verify(Connection& connection);
  Asked<Found> ReadTable(Connection& connection, std::string_view name);
  Asked<void> CompareIndex(Connection& connection, const Found& table, bool is_global);
  Asked<void> CompareItemCount(Connection& connection, const Found& table);
  Asked<void> CompareStream(Connection& connection);
  Asked<void> CompareRestored(Connection& connection, const Found& table);
  Asked<void> Start();
  void Blame(std::string violation) { report_.violations.push_back(std::move(violation)); }

  const KillOptions& options_;
  SeededRandom random_;
  TemporaryDirectory directory_;
  RegisterOracle registers_;
  Bank bank_;
  std::optional<ServerProcess> server_;
  std::string stream_arn_;
  Checkpoint checkpoint_;  // of who follows the stream of the table
  KillReport report_;
};

KillRun::KillRun(const KillOptions& options)
    : options_(options), random_(options.seed), directory_("gramme-kill") {
  report_.directory = directory_.path();
}

KillReport KillRun::Run() {
  Asked<void> done = Prepare();
  while (done && report_.kill_count < options_.kill_count && report_.violations.empty()) {
    done = KillOnce();
    ++report_.kill_count;
    report_.token_retry_count = bank_.token_retry_count();
  }
  if (!done) Blame(done.error());
  if (report_.violations.empty() && server_ && server_->Stop() != 0) {
    Blame("the server did not stop cleanly at the end");
  }
  if (report_.violations.empty()) {
    const auto scrubbed = ScrubIsClean(
        options_.binary,
        fmt::format("--data '{0}/data' --backup-dir '{0}/backups'", directory_.path()));
    if (!scrubbed) Blame(scrubbed.error());
  }
  if (report_.violations.empty()) {
    directory_.Remove();
  } else {
    server_.reset();
  }
  return std::move(report_);
}

Asked<void> KillRun::Start() {
  ServerCommand command{
      .binary = options_.binary,
      .arguments = {"serve", "--data", directory_.path() + "/data", "--backup-dir",
                    directory_.path() + "/backups", "--memory", "128M", "--recovery-base-log",
                    "64K", "--ttl-sweep-interval", "1", "--log-level", "warning"},
      .environment = {},
      .log_file = directory_.path() + "/server.log",
      .ready_file = directory_.path() + "/ready.json"};
  if (!options_.planted_bug.empty()) {
    command.environment.push_back("GRAMME_PLANTED_BUG=" + options_.planted_bug);
  }
  GRAMME_TRY(ServerProcess server, ServerProcess::Start(command));
  server_ = std::move(server);
  return {};
}

Asked<void> KillRun::Prepare() {
  GRAMME_RETURN_IF_ERROR(Start());
  Connection connection(server_->port());
  GRAMME_RETURN_IF_ERROR(CreateTable(connection, kMainTable, CreateMainTableBody()));
  // The ids of writes are times long past: each item is in the index of what expires, and none of
  // them ever does, for it has been due for more than five years.
  GRAMME_RETURN_IF_ERROR(Ask(connection, "UpdateTimeToLive",
                             fmt::format(R"({{"TableName":"{}","TimeToLiveSpecification":)"
                                         R"({{"Enabled":true,"AttributeName":"id"}}}})",
                                         kMainTable)));
  GRAMME_TRY(const Json table,
             Ask(connection, "DescribeTable", fmt::format(R"({{"TableName":"{}"}})", kMainTable)));
  stream_arn_ = table["Table"]["LatestStreamArn"].text();
  GRAMME_RETURN_IF_ERROR(Ask(connection, "UpdateContinuousBackups",
                             fmt::format(R"({{"TableName":"{}","PointInTimeRecoverySpecification":)"
                                         R"({{"PointInTimeRecoveryEnabled":true}}}})",
                                         kMainTable)));
  return Bank::Create(connection);
}

void KillRun::RunClients() {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kClientCount; ++i) {
    clients.push_back(std::make_unique<Client>(i, random_.Next64(), options_.mix, server_->port(),
                                               registers_, bank_));
  }
  const std::chrono::milliseconds life(kLifeMsMin +
                                       random_.Below(options_.life_ms_max - kLifeMsMin));
  std::vector<std::thread> threads;
  for (const auto& client : clients) {
    threads.emplace_back([client = client.get()] { client->Run(); });
  }
  std::this_thread::sleep_for(life);
  if (!server_->IsRunning()) Blame("the server ended by itself under load");
  server_->Kill();
  for (std::thread& thread : threads) thread.join();
  for (const auto& client : clients) {
    report_.clients.Add(client->report());
  }
  for (std::string& violation : report_.clients.violations) Blame(std::move(violation));
  report_.clients.violations.clear();
}

Asked<void> KillRun::KillOnce() {
  RunClients();
  GRAMME_RETURN_IF_ERROR(Start());
  report_.restart_ms.push_back(server_->start_time().count());
  Connection connection(server_->port());
  return Verify(connection);
}

Asked<void> KillRun::Verify(Connection& connection) {
  GRAMME_TRY(const Found table, ReadTable(connection, kMainTable));
  GRAMME_RETURN_IF_ERROR(CompareIndex(connection, table, true));
  GRAMME_RETURN_IF_ERROR(CompareIndex(connection, table, false));
  GRAMME_RETURN_IF_ERROR(CompareItemCount(connection, table));
  GRAMME_RETURN_IF_ERROR(CompareStream(connection));
  if (report_.kill_count % kKillsPerRestore == 0) {
    GRAMME_RETURN_IF_ERROR(CompareRestored(connection, table));
  }
  for (std::string& violation : registers_.Settle(table)) Blame(std::move(violation));
  GRAMME_TRY(std::vector<std::string> wrong, bank_.Settle(connection));
  for (std::string& violation : wrong) Blame(std::move(violation));
  return {};
}

// What point-in-time recovery makes of the table as it is now is the table.
Asked<void> KillRun::CompareRestored(Connection& connection, const Found& table) {
  const std::string target = fmt::format("Restored{}", report_.kill_count);
  GRAMME_RETURN_IF_ERROR(Ask(connection, "RestoreTableToPointInTime",
                             fmt::format(R"({{"SourceTableName":"{}","TargetTableName":"{}",)"
                                         R"("UseLatestRestorableTime":true}})",
                                         kMainTable, target)));
  GRAMME_RETURN_IF_ERROR(AwaitActive(connection, target));
  GRAMME_TRY(const Found restored, ReadTable(connection, target));
  if (restored != table) Blame("the restored table differs from its source");
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "DeleteTable", fmt::format(R"({{"TableName":"{}"}})", target)));
  ++report_.restore_count;
  return {};
}

Asked<Found> KillRun::ReadTable(Connection& connection, std::string_view name) {
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, name));
  Found found(static_cast<std::size_t>(kKeyCount));
  for (const Json& item : items) {
    ++report_.item_check_count;
    const auto seen = ReadItem(item);
    if (!seen) {
      Blame(seen.error());
      continue;
    }
    auto& place = found[static_cast<std::size_t>(seen->key)];
    if (place) Blame(fmt::format("a scan shows {} twice", KeyJson(seen->key)));
    place = seen->id;
  }
  return found;
}

Asked<void> KillRun::CompareIndex(Connection& connection, const Found& table, bool is_global) {
  const std::string_view name = is_global ? kGlobalIndex : kLocalIndex;
  GRAMME_TRY(const std::vector<Json> entries, ScanAll(connection, kMainTable, name, is_global));
  Found index(static_cast<std::size_t>(kKeyCount));
  for (const Json& entry : entries) {
    ++report_.item_check_count;
    const auto seen = is_global ? ReadItem(entry) : ReadLocalIndexEntry(entry);
    if (!seen) {
      Blame(fmt::format("{}: {}", name, seen.error()));
      continue;
    }
    auto& place = index[static_cast<std::size_t>(seen->key)];
    if (place) Blame(fmt::format("{} shows {} twice", name, KeyJson(seen->key)));
    place = seen->id;
  }
  for (std::size_t key = 0; key < table.size(); ++key) {
    std::optional<WriteId> wanted = table[key];
    if (wanted && !(is_global ? IsInGlobalIndex(*wanted) : IsInLocalIndex(*wanted))) wanted.reset();
    if (index[key] == wanted) continue;
    Blame(fmt::format("{} shows write {} of {}, the table says {}", name, index[key].value_or(0),
                      KeyJson(static_cast<int>(key)), wanted.value_or(0)));
  }
  return {};
}

Asked<void> KillRun::CompareItemCount(Connection& connection, const Found& table) {
  GRAMME_TRY(const Json answer,
             Ask(connection, "DescribeTable", fmt::format(R"({{"TableName":"{}"}})", kMainTable)));
  const auto count = std::ranges::count_if(table, [](const auto& id) { return id.has_value(); });
  const std::string& said = answer["Table"]["ItemCount"].text();
  if (said != std::to_string(count)) {
    Blame(fmt::format("DescribeTable says {} items, the table has {}", said, count));
  }
  return {};
}

Asked<void> KillRun::CompareStream(Connection& connection) {
  Follower follower(connection, stream_arn_, checkpoint_, random_);
  GRAMME_RETURN_IF_ERROR(follower.ReadAll());
  report_.change_count = checkpoint_.change_count;
  GRAMME_TRY(const std::vector<Json> items, ScanAll(connection, kMainTable));
  return Follower::Compare(checkpoint_, {"pk", "sk"}, items);
}

}  // namespace

std::string KillReport::Summary() const {
  std::vector<std::int64_t> sorted = restart_ms;
  std::ranges::sort(sorted);
  const std::int64_t median = sorted.empty() ? 0 : sorted[sorted.size() / 2];
  const std::int64_t longest = sorted.empty() ? 0 : sorted.back();
  return fmt::format(
      "{} kills: {} writes and {} transactions acknowledged, {} refused, {} open at a kill, {} "
      "items "
      "read before and {} after, {} changes followed in the stream, {} restores of the latest "
      "moment, {} tokens retried; restart {} "
      "ms "
      "(median) to {} ms",
      kill_count, clients.write_count, clients.transaction_count, clients.refused_count,
      clients.open_count, clients.read_count, item_check_count, change_count, restore_count,
      token_retry_count + clients.token_retry_count, median, longest);
}

KillReport RunKills(const KillOptions& options) { return KillRun(options).Run(); }

}  // namespace gramme
