#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/random.h"
#include "base/result.h"
#include "tests/client/command.h"
#include "tests/client/scrub.h"
#include "tests/crash/off_host/backup_server.h"
#include "tests/crash/off_host/file_set.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr int kDataIntegrity = 5;
// Each stop of the server leaves a table; four become one.
constexpr int kStartCount = 6;
constexpr int kChangeCount = 150;

// A table with indexes, a stream, a time to live and point-in-time recovery, and something under
// each.
Asked<void> MakeTable(BackupServer& server, const std::string& name, Random& random) {
  GRAMME_RETURN_IF_ERROR(server.Make(
      {.name = name, .kind = SampleKind::kIndexed, .item_count = 300, .item_bytes = 500}, random));
  Connection& connection = server.connection();
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "UpdateTable",
          fmt::format(R"({{"TableName":"{}","StreamSpecification":{{"StreamEnabled":true,)"
                      R"("StreamViewType":"NEW_AND_OLD_IMAGES"}}}})",
                      name)));
  GRAMME_RETURN_IF_ERROR(AwaitActive(connection, name));
  GRAMME_RETURN_IF_ERROR(
      Ask(connection, "UpdateTimeToLive",
          fmt::format(R"({{"TableName":"{}","TimeToLiveSpecification":{{"AttributeName":"until",)"
                      R"("Enabled":true}}}})",
                      name)));
  GRAMME_RETURN_IF_ERROR(Ask(connection, "UpdateContinuousBackups",
                             fmt::format(R"({{"TableName":"{}","PointInTimeRecoverySpecification":)"
                                         R"({{"PointInTimeRecoveryEnabled":true}}}})",
                                         name)));
  for (int change = 0; change < kChangeCount; ++change) {
    const std::uint64_t number = random.Below(300);
    const std::string key =
        fmt::format(R"("id":{{"S":"id{}"}},"n":{{"N":"{}"}})", number / 10, number);
    const std::string operation = random.OneIn(4) ? "DeleteItem" : "PutItem";
    const std::string body =
        operation == "DeleteItem"
            ? fmt::format(R"({{"TableName":"{}","Key":{{{}}}}})", name, key)
            : fmt::format(R"({{"TableName":"{}","Item":{{{},"kind":{{"S":"k{}"}},)"
                          R"("until":{{"N":"{}"}}}}}})",
                          name, key, random.Below(5), 4'000'000'000 + random.Below(1000));
    GRAMME_RETURN_IF_ERROR(Ask(connection, operation, body));
  }
  return {};
}

// A restore lays its items down as a table of its own.
Asked<void> RestoreTable(BackupServer& server, Random& random) {
  GRAMME_RETURN_IF_ERROR(
      server.Make({.name = "Large", .item_count = 16, .item_bytes = 390'000}, random));
  GRAMME_TRY(const std::string id, server.BackUp("Large"));
  return server.Restore(id, "Restored");
}

std::string JudgeScrub(const std::string& binary, const fs::path& data, const std::string& file) {
  const fs::path copy = data.string() + "-copy";
  CopyWithLinkedTables(data, copy);
  const CommandEnd end = RunCommand(binary, fmt::format("scrub --data '{}'", copy.string()));
  if (end.exit_code == kDataIntegrity && end.output.find(file) != std::string::npos) return "";
  return fmt::format("the scrub ended with {} and said {}{}", end.exit_code, end.output,
                     end.errors);
}

}  // namespace

void CopyWithLinkedTables(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path path = to / fs::relative(entry.path(), from);
    if (entry.is_directory()) continue;
    fs::create_directories(path.parent_path());
    if (entry.path().extension() == ".sst") {
      fs::create_hard_link(entry.path(), path);
    } else {
      fs::copy_file(entry.path(), path);
    }
  }
}

Asked<std::vector<FileSet>> StoreFileSets(const std::string& binary, const std::string& folder,
                                          std::uint64_t seed) {
  const std::string data = folder + "/data";
  SeededRandom random(seed);
  for (int start = 1; start <= kStartCount; ++start) {
    GRAMME_TRY(BackupServer server, BackupServer::Start(binary, folder, data, folder + "/backups"));
    GRAMME_RETURN_IF_ERROR(MakeTable(server, fmt::format("Table{}", start), random));
    if (start == kStartCount) GRAMME_RETURN_IF_ERROR(RestoreTable(server, random));
    if (server.process().Stop() != 0) return std::unexpected("the server did not stop cleanly");
  }
  GRAMME_RETURN_IF_ERROR(
      ScrubIsClean(binary, fmt::format("--data '{}' --backup-dir '{}/backups'", data, folder)));
  FileSet set = {
      .name = "tables of the store", .directory = data + "/db", .files = {}, .judge = {}};
  for (const auto& entry : fs::directory_iterator(set.directory)) {
    if (entry.path().extension() == ".sst") set.files.push_back(entry.path().filename().string());
  }
  std::ranges::sort(set.files);
  set.judge = [=](const std::string& file) { return JudgeScrub(binary, data, file); };
  return std::vector<FileSet>{std::move(set)};
}

}  // namespace gramme
