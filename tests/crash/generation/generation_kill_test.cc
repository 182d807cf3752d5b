// B5: a table is deleted and made again under its name at once, generation after generation, and
// the server is killed around the deletion. No item of an earlier generation is ever seen again,
// its space comes back, and where it had point-in-time recovery its last state is kept.
//
//   GRAMME_GENERATIONS   how many; 12 when it is not set
//   GRAMME_SEED          drawn and printed when it is not set
//   GRAMME_BINARY        the server; that of this build when it is not set

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/random.h"
#include "base/result.h"
#include "tests/client/environment.h"
#include "tests/client/requests.h"
#include "tests/client/scrub.h"
#include "tests/client/server_process.h"
#include "tests/client/temporary_directory.h"

namespace gramme {
namespace {

constexpr std::string_view kTable = "Again";
constexpr int kItemCount = 60;
constexpr int kItemBytes = 8'000;
constexpr int kBatchCount = 20;
// What many empty generations may still take: the log of the store, a table of the newest items.
constexpr std::uint64_t kSpaceBytesMax = std::uint64_t{24} << 20;
// The deadline ends a hung test only.
constexpr std::chrono::minutes kSpaceDeadline{5};

struct Tally {
  int kills = 0;
  int unanswered = 0;      // of those, deletions without an answer
  int kept_tables = 0;     // of those, deletions that had not happened
  int system_backups = 0;  // each restored
};

std::uint64_t BytesBelow(const std::string& directory) {
  std::uint64_t bytes = 0;
  std::error_code error;  // files come and go
  for (auto entry = std::filesystem::recursive_directory_iterator(directory, error);
       entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    const std::uint64_t size = entry->is_regular_file(error) ? entry->file_size(error) : 0;
    if (!error) bytes += size;
  }
  return bytes;
}

class GenerationRun {
 public:
  GenerationRun(std::string binary, std::uint64_t seed)
      : binary_(std::move(binary)), random_(seed), directory_("gramme-generations") {}

  Asked<void> Start() {
    const std::string& path = directory_.path();
    GRAMME_TRY(ServerProcess server,
               ServerProcess::Start(
                   {.binary = binary_,
                    .arguments = {"serve", "--data", path + "/data", "--backup-dir",
                                  path + "/backups", "--memory", "64M", "--log-level", "warning"},
                    .environment = {},
                    .log_file = path + "/server.log",
                    .ready_file = path + "/ready.json"}));
    server_ = std::move(server);
    connection_.emplace(server_->port());
    return {};
  }

  // One life of the table, which is gone at the end.
  Asked<void> Live(int generation) {
    GRAMME_RETURN_IF_ERROR(Create());
    GRAMME_RETURN_IF_ERROR(ExpectHolds(kTable, generation, false));
    const bool is_protected = random_.OneIn(3);
    if (is_protected) GRAMME_RETURN_IF_ERROR(Protect());
    if (random_.OneIn(3)) GRAMME_RETURN_IF_ERROR(EnableStream());
    GRAMME_RETURN_IF_ERROR(Fill(generation));
    GRAMME_RETURN_IF_ERROR(ExpectHolds(kTable, generation, true));
    GRAMME_RETURN_IF_ERROR(Delete());
    if (is_protected) GRAMME_RETURN_IF_ERROR(RestoreDeleted(generation));
    return {};
  }

  Asked<void> ExpectSpaceReturned() {
    const auto end = std::chrono::steady_clock::now() + kSpaceDeadline;
    std::uint64_t bytes = 0;
    while (std::chrono::steady_clock::now() < end) {
      bytes = BytesBelow(directory_.path() + "/data");
      if (bytes <= kSpaceBytesMax) return {};
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return std::unexpected(fmt::format("dropped tables still take {} bytes", bytes));
  }

  Asked<void> Finish() {
    if (server_->Stop() != 0) return std::unexpected("the server did not stop cleanly");
    const std::string& path = directory_.path();
    GRAMME_RETURN_IF_ERROR(ScrubIsClean(
        binary_, fmt::format("--data '{}/data' --backup-dir '{}/backups'", path, path)));
    directory_.Remove();
    return {};
  }

  const Tally& tally() const { return tally_; }
  const std::string& directory() const { return directory_.path(); }

 private:
  static std::string TableJson(std::string_view name) {
    return fmt::format(R"({{"TableName":"{}"}})", name);
  }

  // At once, whatever is left to be dropped of the table before.
  Asked<void> Create() {
    const std::string body =
        fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[)"
                    R"({{"AttributeName":"pk","AttributeType":"S"}},)"
                    R"({{"AttributeName":"kind","AttributeType":"S"}}],)"
                    R"("KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}],)"
                    R"("GlobalSecondaryIndexes":[{{"IndexName":"ByKind","KeySchema":[)"
                    R"({{"AttributeName":"kind","KeyType":"HASH"}}],)"
                    R"("Projection":{{"ProjectionType":"ALL"}}}}]}})",
                    kTable);
    return CreateTable(*connection_, kTable, body);
  }

  Asked<void> Protect() {
    GRAMME_RETURN_IF_ERROR(Ask(*connection_, "UpdateContinuousBackups",
                               fmt::format(R"({{"TableName":"{}",)"
                                           R"("PointInTimeRecoverySpecification":)"
                                           R"({{"PointInTimeRecoveryEnabled":true}}}})",
                                           kTable)));
    return {};
  }

  Asked<void> EnableStream() {
    GRAMME_RETURN_IF_ERROR(Ask(*connection_, "UpdateTable",
                               fmt::format(R"({{"TableName":"{}","StreamSpecification":)"
                                           R"({{"StreamEnabled":true,)"
                                           R"("StreamViewType":"NEW_AND_OLD_IMAGES"}}}})",
                                           kTable)));
    return AwaitActive(*connection_, kTable);
  }

  Asked<void> Fill(int generation) {
    for (int first = 0; first < kItemCount; first += kBatchCount) {
      std::string puts;
      for (int i = first; i < first + kBatchCount; ++i) {
        puts += fmt::format(R"({}{{"PutRequest":{{"Item":{{"pk":{{"S":"item{}"}},)"
                            R"("kind":{{"S":"k{}"}},"generation":{{"N":"{}"}},)"
                            R"("text":{{"S":"{}"}}}}}}}})",
                            puts.empty() ? "" : ",", i, i % 3, generation, RandomText());
      }
      GRAMME_TRY(const Json answer,
                 Ask(*connection_, "BatchWriteItem",
                     fmt::format(R"({{"RequestItems":{{"{}":[{}]}}}})", kTable, puts)));
      if (!answer["UnprocessedItems"].members().empty()) {
        return std::unexpected("BatchWriteItem left items unprocessed");
      }
    }
    return {};
  }

  std::string RandomText() {
    std::string text(kItemBytes, ' ');
    for (char& letter : text) letter = static_cast<char>('A' + random_.Below(58));
    std::ranges::replace(text, '\\', '/');
    return text;
  }

  // All items of this generation, in table and index, or none; and none of another.
  Asked<void> ExpectHolds(std::string_view table, int generation, bool is_full) {
    const std::size_t wanted = is_full ? kItemCount : 0;
    for (const std::string_view index : {"", "ByKind"}) {
      GRAMME_TRY(const std::vector<Json> items,
                 ScanAll(*connection_, table, index, !index.empty()));
      const bool is_right = std::ranges::all_of(items, [&](const Json& item) {
        return item["generation"]["N"].text() == std::to_string(generation);
      });
      if (is_right && items.size() == wanted) continue;
      return std::unexpected(fmt::format("{}{}{} of generation {} shows {} items{}", table,
                                         index.empty() ? "" : "/", index, generation, items.size(),
                                         is_right ? "" : ", some of another generation"));
    }
    return {};
  }

  // Every other time the server is killed around the request.
  Asked<void> Delete() {
    const bool is_killed = random_.OneIn(2);
    bool is_answered = false;
    {
      std::optional<std::jthread> kill;
      if (is_killed) {
        const std::chrono::microseconds after(random_.Below(random_.OneIn(2) ? 3'000 : 30'000));
        kill.emplace([this, after] {
          std::this_thread::sleep_for(after);
          server_->Kill();
        });
      }
      const auto answer = connection_->Call("DeleteTable", TableJson(kTable));
      is_answered = answer && answer->is_success();
      if (!is_killed && !is_answered) return std::unexpected("DeleteTable was not answered");
    }
    if (!is_killed) return {};
    ++tally_.kills;
    GRAMME_RETURN_IF_ERROR(Start());
    if (is_answered) return {};
    ++tally_.unanswered;
    const auto again = connection_->Call("DeleteTable", TableJson(kTable));
    if (again && again->is_success()) {
      ++tally_.kept_tables;
      return {};
    }
    if (again && again->error == "ResourceNotFoundException") return {};
    return std::unexpected("DeleteTable after a kill got " + (again ? again->body : "no answer"));
  }

  // The newest backup that the deletions have left.
  Asked<std::string> FindSystemBackup() {
    GRAMME_TRY(const Json answer,
               Ask(*connection_, "ListBackups",
                   fmt::format(R"({{"TableName":"{}","BackupType":"SYSTEM"}})", kTable)));
    const auto& summaries = answer["BackupSummaries"].elements();
    if (static_cast<int>(summaries.size()) <= tally_.system_backups) return std::string();
    return summaries.back()["BackupArn"].text();
  }

  Asked<void> RestoreDeleted(int generation) {
    std::string arn;
    const auto end = std::chrono::steady_clock::now() + kSpaceDeadline;
    while (arn.empty() && std::chrono::steady_clock::now() < end) {
      GRAMME_TRY(arn, FindSystemBackup());
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (arn.empty()) return std::unexpected("a deleted table left no backup");
    ++tally_.system_backups;
    const std::string body = fmt::format(R"({{"TargetTableName":"Kept","BackupArn":"{}"}})", arn);
    for (;;) {
      const auto answer = connection_->Call("RestoreTableFromBackup", body);
      if (answer && answer->is_success()) break;
      // It is still being made.
      if (!answer || answer->error != "BackupInUseException") {
        return std::unexpected("RestoreTableFromBackup got " +
                               (answer ? answer->body : "no answer"));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    GRAMME_RETURN_IF_ERROR(AwaitActive(*connection_, "Kept"));
    GRAMME_RETURN_IF_ERROR(ExpectHolds("Kept", generation, true));
    GRAMME_RETURN_IF_ERROR(Ask(*connection_, "DeleteTable", TableJson("Kept")));
    return {};
  }

  const std::string binary_;
  SeededRandom random_;
  TemporaryDirectory directory_;
  std::optional<ServerProcess> server_;
  std::optional<Connection> connection_;
  Tally tally_;
};

// Fails the test, and says where the directory is, when `asked` holds an error.
#define GRAMME_ASSERT_ASKED(run, asked)                                               \
  do {                                                                                \
    const Asked<void> done = (asked);                                                 \
    ASSERT_TRUE(done.has_value()) << done.error() << "; kept: " << (run).directory(); \
  } while (false)

TEST(GenerationKillTest, NothingOfADeletedTableIsSeenUnderItsNameAgain) {
  GenerationRun run(BinaryFromEnvironment(GRAMME_BINARY), SeedFromEnvironment());
  GRAMME_ASSERT_ASKED(run, run.Start());
  const int count = static_cast<int>(NumberFromEnvironment("GRAMME_GENERATIONS", 12));
  for (int generation = 1; generation <= count; ++generation) {
    SCOPED_TRACE("generation " + std::to_string(generation));
    GRAMME_ASSERT_ASKED(run, run.Live(generation));
  }
  GRAMME_ASSERT_ASKED(run, run.ExpectSpaceReturned());
  GRAMME_ASSERT_ASKED(run, run.Finish());
  const Tally& tally = run.tally();
  std::printf(
      "%d generations, none seen again, their space returned; %d kills around a deletion (%d not "
      "answered, %d of them not done), %d system backups restored\n",
      count, tally.kills, tally.unanswered, tally.kept_tables, tally.system_backups);
}

}  // namespace
}  // namespace gramme
