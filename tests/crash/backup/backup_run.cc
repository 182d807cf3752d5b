#include "tests/crash/backup/backup_run.h"

#include <fmt/format.h>

#include <thread>
#include <utility>

#include "base/result.h"
#include "tests/client/scrub.h"

namespace gramme {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kLooksMax = 60'000;
constexpr std::chrono::milliseconds kLookEvery{1};

std::string TableJson(std::string_view name) {
  return fmt::format(R"({{"TableName":"{}"}})", name);
}

std::string BackupJson(std::string_view arn) { return fmt::format(R"({{"BackupArn":"{}"}})", arn); }

// Kills the server after a time, on its own thread, while this one still talks to it.
class LateKill {
 public:
  LateKill(ServerProcess& server, std::chrono::microseconds after)
      : thread_([&server, after] {
          std::this_thread::sleep_for(after);
          server.Kill();
        }) {}
  ~LateKill() { thread_.join(); }

 private:
  std::thread thread_;
};

std::chrono::microseconds Since(SteadyClock::time_point start) {
  return std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - start);
}

}  // namespace

BackupRun::BackupRun(std::string binary, std::uint64_t seed)
    : binary_(std::move(binary)), random_(seed), directory_("gramme-backup") {}

Asked<void> BackupRun::Start() {
  const std::string& path = directory_.path();
  GRAMME_TRY(
      ServerProcess server,
      ServerProcess::Start({.binary = binary_,
                            .arguments = {"serve", "--data", path + "/data", "--backup-dir",
                                          path + "/backups", "--memory", "128M",
                                          "--recovery-base-log", "64K", "--log-level", "warning"},
                            .environment = {},
                            .log_file = path + "/server.log",
                            .ready_file = path + "/ready.json"}));
  server_ = std::move(server);
  return {};
}

Asked<void> BackupRun::Prepare() {
  GRAMME_RETURN_IF_ERROR(Start());
  Connection connection(server_->port());
  GRAMME_RETURN_IF_ERROR(Money::Create(connection));
  auto start = SteadyClock::now();
  ExpectedBackup backup;
  GRAMME_RETURN_IF_ERROR(RequestBackup(connection, backup, false));
  GRAMME_RETURN_IF_ERROR(AwaitAvailable(connection, backup.arn));
  backup_time_ = Since(start);
  start = SteadyClock::now();
  GRAMME_RETURN_IF_ERROR(RestoreAndCheck(connection, backup));
  restore_time_ = Since(start);
  return {};
}

Asked<void> BackupRun::RequestBackup(Connection& connection, ExpectedBackup& backup, bool may_end) {
  const std::string name = fmt::format("backup{}", ++name_count_);
  backup.acknowledged_before = money_.Acknowledged();
  const auto answer = connection.Call(
      "CreateBackup", fmt::format(R"({{"TableName":"{}","BackupName":"{}"}})", kMoneyTable, name));
  backup.sent_before = money_.Sent();
  if (!answer && may_end) return {};
  if (!answer || !answer->is_success()) {
    return std::unexpected("CreateBackup got " + (answer ? answer->body : "no answer"));
  }
  const Json details = answer->Parsed()["BackupDetails"];
  if (details["BackupStatus"].text() != "CREATING") {
    return std::unexpected("CreateBackup answered " + answer->body);
  }
  backup.arn = details["BackupArn"].text();
  return {};
}

Asked<void> BackupRun::AwaitAvailable(Connection& connection, const std::string& arn) {
  std::string status;
  for (int look = 0; look < kLooksMax; ++look) {
    GRAMME_TRY(const Json answer, Ask(connection, "DescribeBackup", BackupJson(arn)));
    status = answer["BackupDescription"]["BackupDetails"]["BackupStatus"].text();
    if (status == "AVAILABLE") return {};
    if (status != "CREATING") break;
    std::this_thread::sleep_for(kLookEvery);
  }
  return std::unexpected(fmt::format("{} is {}, not AVAILABLE", arn, status));
}

Asked<std::string> BackupRun::FindBackup(Connection& connection, std::string_view name) {
  GRAMME_TRY(const Json answer, Ask(connection, "ListBackups", TableJson(kMoneyTable)));
  for (const Json& summary : answer["BackupSummaries"].elements()) {
    if (summary["BackupName"].text() == name) return summary["BackupArn"].text();
  }
  return std::string();
}

Asked<void> BackupRun::CheckInstant(const ExpectedBackup& backup, const Counts& counts) const {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] >= backup.acknowledged_before[i] && counts[i] <= backup.sent_before[i]) continue;
    return std::unexpected(fmt::format(
        "{} holds {} transactions of writer {}; {} were acknowledged before the request and {} "
        "sent "
        "before the answer",
        backup.arn, counts[i], i, backup.acknowledged_before[i], backup.sent_before[i]));
  }
  return {};
}

Asked<Counts> BackupRun::RestoreAndCheck(Connection& connection, const ExpectedBackup& backup) {
  const std::string target = fmt::format("Restored{}", ++name_count_);
  GRAMME_TRY(const Json answer, Ask(connection, "RestoreTableFromBackup",
                                    fmt::format(R"({{"TargetTableName":"{}","BackupArn":"{}"}})",
                                                target, backup.arn)));
  if (answer["TableDescription"]["TableStatus"].text() != "CREATING") {
    return std::unexpected("RestoreTableFromBackup did not answer CREATING");
  }
  GRAMME_RETURN_IF_ERROR(AwaitActive(connection, target));
  GRAMME_TRY(const Counts counts, Money::Check(connection, target));
  GRAMME_RETURN_IF_ERROR(CheckInstant(backup, counts));
  GRAMME_RETURN_IF_ERROR(Drop(connection, target));
  ++tally_.restored;
  return counts;
}

Asked<void> BackupRun::Drop(Connection& connection, const std::string& table) {
  GRAMME_RETURN_IF_ERROR(Ask(connection, "DeleteTable", TableJson(table)));
  return {};
}

Asked<void> BackupRun::BackUpUnderLoad() {
  Connection connection(server_->port());
  MoneyWriters writers(money_, server_->port(), random_.Next64());
  std::this_thread::sleep_for(std::chrono::milliseconds(20 + random_.Below(100)));
  ExpectedBackup backup;
  GRAMME_RETURN_IF_ERROR(RequestBackup(connection, backup, false));
  GRAMME_RETURN_IF_ERROR(AwaitAvailable(connection, backup.arn));
  GRAMME_RETURN_IF_ERROR(RestoreAndCheck(connection, backup));
  GRAMME_RETURN_IF_ERROR(Ask(connection, "DeleteBackup", BackupJson(backup.arn)));
  writers.Stop();
  return money_.Settle(connection);
}

std::chrono::microseconds BackupRun::RandomTimeIn(std::chrono::microseconds usual) {
  // Half of the kills come in the first tenth, where the request itself is answered; the others at
  // any moment until a little after the end.
  const auto whole = static_cast<std::uint64_t>(usual.count());
  return std::chrono::microseconds(
      random_.Below((random_.OneIn(2) ? whole / 10 : whole * 5 / 4) + 1));
}

Asked<void> BackupRun::KillDuringBackup() {
  ExpectedBackup backup;
  {
    Connection connection(server_->port());
    MoneyWriters writers(money_, server_->port(), random_.Next64());
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random_.Below(50)));
    const LateKill kill(*server_, RandomTimeIn(backup_time_));
    GRAMME_RETURN_IF_ERROR(RequestBackup(connection, backup, true));
  }
  ++tally_.killed_backups;
  const std::string name = fmt::format("backup{}", name_count_);
  GRAMME_RETURN_IF_ERROR(Start());
  Connection connection(server_->port());
  GRAMME_TRY(const std::string listed, FindBackup(connection, name));
  if (backup.arn.empty()) {
    ++tally_.unanswered_backups;
    backup.arn = listed;
  }
  if (listed != backup.arn) {
    return std::unexpected(backup.arn + " was answered and is not listed after the restart");
  }
  if (backup.arn.empty()) {
    ++tally_.absent_backups;
    return money_.Settle(connection);
  }
  GRAMME_RETURN_IF_ERROR(AwaitAvailable(connection, backup.arn));
  GRAMME_RETURN_IF_ERROR(RestoreAndCheck(connection, backup));
  GRAMME_RETURN_IF_ERROR(Ask(connection, "DeleteBackup", BackupJson(backup.arn)));
  return money_.Settle(connection);
}

Asked<void> BackupRun::KillDuringRestore() {
  ExpectedBackup backup;
  Counts counts{};
  const std::string target = fmt::format("Killed{}", ++name_count_);
  bool is_answered = false;
  {
    Connection connection(server_->port());
    GRAMME_RETURN_IF_ERROR(RequestBackup(connection, backup, false));
    GRAMME_RETURN_IF_ERROR(AwaitAvailable(connection, backup.arn));
    GRAMME_TRY(counts, RestoreAndCheck(connection, backup));
    const LateKill kill(*server_, RandomTimeIn(restore_time_));
    const auto answer = connection.Call(
        "RestoreTableFromBackup",
        fmt::format(R"({{"TargetTableName":"{}","BackupArn":"{}"}})", target, backup.arn));
    is_answered = answer && answer->is_success();
  }
  ++tally_.killed_restores;
  GRAMME_RETURN_IF_ERROR(Start());
  Connection connection(server_->port());
  const auto described = connection.Call("DescribeTable", TableJson(target));
  if (!described) return std::unexpected("no answer after a restart");
  if (described->error == "ResourceNotFoundException") {
    if (is_answered) return std::unexpected(target + " was answered and is gone after a restart");
    ++tally_.absent_targets;
  } else {
    GRAMME_RETURN_IF_ERROR(AwaitActive(connection, target));
    GRAMME_TRY(const Counts found, Money::Check(connection, target));
    if (found != counts) return std::unexpected(target + " differs from an earlier restore");
    GRAMME_RETURN_IF_ERROR(Drop(connection, target));
    ++tally_.restored;
  }
  GRAMME_RETURN_IF_ERROR(Ask(connection, "DeleteBackup", BackupJson(backup.arn)));
  return money_.Settle(connection);
}

Asked<void> BackupRun::Protect() {
  Connection connection(server_->port());
  GRAMME_RETURN_IF_ERROR(Ask(connection, "UpdateContinuousBackups",
                             fmt::format(R"({{"TableName":"{}","PointInTimeRecoverySpecification":)"
                                         R"({{"PointInTimeRecoveryEnabled":true}}}})",
                                         kMoneyTable)));
  protection_time_ = std::chrono::system_clock::now();
  return {};
}

Asked<void> BackupRun::RestoreSecond() {
  using std::chrono::seconds;
  using std::chrono::system_clock;
  std::optional<MoneyWriters> writers;
  const auto write = [&] { writers.emplace(money_, server_->port(), random_.Next64()); };
  const auto restart = [&]() -> Asked<void> {
    server_->Kill();
    writers->Stop();
    GRAMME_RETURN_IF_ERROR(Start());
    Connection connection(server_->port());
    GRAMME_RETURN_IF_ERROR(money_.Settle(connection));
    write();
    return {};
  };
  write();
  std::this_thread::sleep_for(std::chrono::milliseconds(200 + random_.Below(1500)));
  if (random_.OneIn(3)) {
    ++tally_.kills_under_load;
    GRAMME_RETURN_IF_ERROR(restart());
  }
  // Of the last seconds mostly: there the base is far and the log is new.
  const auto first = std::chrono::ceil<seconds>(protection_time_);
  std::this_thread::sleep_until(first);
  const auto last = std::chrono::floor<seconds>(system_clock::now());
  const auto range = static_cast<std::uint64_t>((last - first).count()) + 1;
  const auto time = last - seconds(random_.Below(random_.OneIn(2) ? range : std::min(range, 5ul)));
  const std::string target = fmt::format("Moment{}", ++name_count_);
  Connection connection(server_->port());
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "RestoreTableToPointInTime",
          fmt::format(R"({{"SourceTableName":"{}","TargetTableName":"{}","RestoreDateTime":{}}})",
                      kMoneyTable, target, time.time_since_epoch().count())));
  if (random_.OneIn(3)) {
    ++tally_.kills_while_restoring;
    std::this_thread::sleep_for(RandomTimeIn(restore_time_));
    GRAMME_RETURN_IF_ERROR(restart());
  }
  Connection again(server_->port());
  GRAMME_RETURN_IF_ERROR(AwaitActive(again, target));
  GRAMME_TRY(const Counts counts, Money::Check(again, target));
  if (const auto checked = money_.CheckMoment(counts, time); !checked) {
    return std::unexpected(
        fmt::format("{} of {}: {}", target, time.time_since_epoch().count(), checked.error()));
  }
  GRAMME_RETURN_IF_ERROR(Drop(again, target));
  ++tally_.restored_seconds;
  writers->Stop();
  return money_.Settle(again);
}

Asked<void> BackupRun::Finish() {
  if (server_->Stop() != 0) return std::unexpected("the server did not stop cleanly");
  GRAMME_RETURN_IF_ERROR(ScrubIsClean(
      binary_, fmt::format("--data '{0}/data' --backup-dir '{0}/backups'", directory_.path())));
  directory_.Remove();
  return {};
}

}  // namespace gramme
