#include "tests/crash/off_host/backup_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "base/result.h"
#include "tests/client/follower.h"

namespace gramme {
namespace {

constexpr int kLooksMax = 6'000;
constexpr std::chrono::milliseconds kLookEvery{10};
constexpr std::size_t kBatchCount = 25;
constexpr std::size_t kBatchBytes = 1 << 20;

std::string RandomText(std::size_t byte_count, Random& random) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text(byte_count, ' ');
  for (char& c : text) c = kLetters[random.Below(kLetters.size())];
  return text;
}

std::string TableRequest(const SampleTable& table) {
  std::string request = fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST",)"
                                    R"("KeySchema":[{{"AttributeName":"id","KeyType":"HASH"}},)"
                                    R"({{"AttributeName":"n","KeyType":"RANGE"}}],)",
                                    table.name);
  std::string definitions =
      R"({"AttributeName":"id","AttributeType":"S"},{"AttributeName":"n","AttributeType":"N"})";
  if (table.kind == SampleKind::kIndexed) {
    definitions += R"(,{"AttributeName":"kind","AttributeType":"S"})";
    request +=
        R"("LocalSecondaryIndexes":[{"IndexName":"local","KeySchema":[)"
        R"({"AttributeName":"id","KeyType":"HASH"},{"AttributeName":"kind","KeyType":"RANGE"}],)"
        R"("Projection":{"ProjectionType":"KEYS_ONLY"}}],)"
        R"("GlobalSecondaryIndexes":[{"IndexName":"global","KeySchema":[)"
        R"({"AttributeName":"kind","KeyType":"HASH"},{"AttributeName":"n","KeyType":"RANGE"}],)"
        R"("Projection":{"ProjectionType":"ALL"}}],)";
  }
  return request + R"("AttributeDefinitions":[)" + definitions + "]}";
}

std::string PutRequest(const SampleTable& table, std::size_t number, Random& random) {
  return fmt::format(
      R"({{"PutRequest":{{"Item":{{"id":{{"S":"id{}"}},"n":{{"N":"{}"}},"kind":{{"S":"k{}"}},)"
      R"("set":{{"NS":["{}","-0.5"]}},"contents":{{"S":"{}"}}}}}}}})",
      number / 10, number, number % 7, number + 1, RandomText(table.item_bytes, random));
}

}  // namespace

Asked<BackupServer> BackupServer::Start(const std::string& binary, const std::string& folder,
                                        const std::string& data_directory,
                                        const std::string& backup_directory) {
  const std::string log_file = folder + "/server.log";
  GRAMME_TRY(ServerProcess process,
             ServerProcess::Start({.binary = binary,
                                   .arguments = {"serve", "--data", data_directory, "--backup-dir",
                                                 backup_directory, "--memory", "128M"},
                                   .environment = {},
                                   .log_file = log_file,
                                   .ready_file = folder + "/ready.json"}));
  return BackupServer(std::move(process), log_file);
}

BackupServer::BackupServer(ServerProcess process, std::string log_file)
    : process_(std::move(process)), log_file_(std::move(log_file)) {
  connection_.emplace(process_->port());
}

std::string BackupServer::Log() const {
  std::ifstream file(log_file_);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Asked<void> BackupServer::Await(std::string_view what, const std::function<Asked<bool>()>& is_so) {
  for (int look = 0; look < kLooksMax; ++look) {
    GRAMME_TRY(const bool so, is_so());
    if (so) return {};
    std::this_thread::sleep_for(kLookEvery);
  }
  return std::unexpected(fmt::format("never: {}", what));
}

Asked<void> BackupServer::Make(const SampleTable& table, Random& random) {
  GRAMME_RETURN_IF_ERROR(CreateTable(*connection_, table.name, TableRequest(table)));
  return Fill(table, random);
}

Asked<void> BackupServer::Fill(const SampleTable& table, Random& random) {
  std::string batch;
  std::size_t in_batch = 0;
  for (std::size_t number = 0; number < table.item_count; ++number) {
    batch += (batch.empty() ? "" : ",") + PutRequest(table, number, random);
    const bool is_full = ++in_batch == kBatchCount || batch.size() > kBatchBytes;
    if (!is_full && number + 1 < table.item_count) continue;
    GRAMME_TRY(const Json answer,
               Ask(*connection_, "BatchWriteItem",
                   fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", table.name, batch)));
    if (!answer["UnprocessedItems"].members().empty()) {
      return std::unexpected("a batch was not taken whole");
    }
    batch.clear();
    in_batch = 0;
  }
  return {};
}

Asked<std::string> BackupServer::BeginBackup(const std::string& table) {
  GRAMME_TRY(const Json answer,
             Ask(*connection_, "CreateBackup",
                 fmt::format(R"({{"TableName":"{}","BackupName":"sample"}})", table)));
  const std::string& arn = answer["BackupDetails"]["BackupArn"].text();
  return arn.substr(arn.rfind('/') + 1);
}

Asked<std::string> BackupServer::BackUp(const std::string& table) {
  GRAMME_TRY(const std::string id, BeginBackup(table));
  GRAMME_RETURN_IF_ERROR(AwaitAvailable(id));
  return id;
}

Asked<void> BackupServer::AwaitAvailable(const std::string& backup_id) {
  return Await(backup_id + " is AVAILABLE", [&]() -> Asked<bool> {
    GRAMME_TRY(const std::string status, BackupStatus(backup_id));
    return status == "AVAILABLE";
  });
}

Asked<std::string> BackupServer::ArnOf(const std::string& backup_id) {
  GRAMME_TRY(const Json answer, Ask(*connection_, "ListBackups", "{}"));
  for (const Json& summary : answer["BackupSummaries"].elements()) {
    const std::string& arn = summary["BackupArn"].text();
    if (arn.ends_with("/" + backup_id)) return arn;
  }
  return std::unexpected(backup_id + " is not listed");
}

Asked<std::string> BackupServer::BackupStatus(const std::string& backup_id) {
  GRAMME_TRY(const std::string arn, ArnOf(backup_id));
  GRAMME_TRY(const Json answer,
             Ask(*connection_, "DescribeBackup", fmt::format(R"({{"BackupArn":"{}"}})", arn)));
  return answer["BackupDescription"]["BackupDetails"]["BackupStatus"].text();
}

Asked<void> BackupServer::BeginRestore(const std::string& backup_id, const std::string& target) {
  GRAMME_TRY(const std::string arn, ArnOf(backup_id));
  GRAMME_RETURN_IF_ERROR(
      Ask(*connection_, "RestoreTableFromBackup",
          fmt::format(R"({{"TargetTableName":"{}","BackupArn":"{}"}})", target, arn)));
  return {};
}

Asked<void> BackupServer::Restore(const std::string& backup_id, const std::string& target) {
  GRAMME_RETURN_IF_ERROR(BeginRestore(backup_id, target));
  return AwaitActive(*connection_, target);
}

Asked<std::string> BackupServer::TableStatus(const std::string& table) {
  GRAMME_TRY(const Json answer,
             Ask(*connection_, "DescribeTable", fmt::format(R"({{"TableName":"{}"}})", table)));
  return answer["Table"]["TableStatus"].text();
}

Asked<std::vector<std::string>> BackupServer::Items(const std::string& table) {
  GRAMME_TRY(const std::vector<Json> items, ScanAll(*connection_, table));
  std::vector<std::string> texts;
  for (const Json& item : items) texts.push_back(Canonical(item));
  std::ranges::sort(texts);
  return texts;
}

}  // namespace gramme
