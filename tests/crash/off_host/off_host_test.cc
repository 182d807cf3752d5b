// Backups on another file system than the data: made, copied and restored there, also when it is
// full or the copy is killed.
//
//   GRAMME_COPY_KILLS   kills of a copy; 10 when it is not set
//   GRAMME_SEED         drawn and printed when it is not set
//   GRAMME_BINARY       the server; that of this build when it is not set

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/random.h"
#include "tests/client/command.h"
#include "tests/client/environment.h"
#include "tests/client/temporary_directory.h"
#include "tests/crash/off_host/backup_server.h"
#include "tests/crash/off_host/tiny_disk.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kFailed = 1;
constexpr std::uint64_t kMb = 1 << 20;

#define GRAMME_ASSERT_ASKED(asked)                                                    \
  do {                                                                                \
    const auto& done = (asked);                                                       \
    ASSERT_TRUE(done.has_value()) << done.error() << "; kept: " << directory_.path(); \
  } while (false)

class OffHostTest : public ::testing::Test {
 protected:
  ~OffHostTest() override {
    if (!HasFailure()) directory_.Remove();
  }

  // On a data directory and a directory of backups of their own, below `directory_` or elsewhere.
  Asked<BackupServer> Start(const std::string& data, const std::string& backups) {
    return BackupServer::Start(binary_, directory_.path(), data, backups);
  }
  std::string Below(std::string_view name) const {
    return fmt::format("{}/{}", directory_.path(), name);
  }
  CommandEnd Run(const std::string& arguments) { return RunCommand(binary_, arguments); }
  CommandEnd Copy(const std::string& from, const std::string& to) {
    return Run(fmt::format("backup copy --backup-dir '{}' --to '{}'", from, to));
  }
  void ExpectGood(const std::string& backups) {
    const CommandEnd end = Run(fmt::format("backup verify --backup-dir '{}'", backups));
    EXPECT_EQ(end.exit_code, 0) << end.output << end.errors;
    EXPECT_THAT(end.output, HasSubstr("good"));
  }

  const std::string binary_ = BinaryFromEnvironment(GRAMME_BINARY);
  const std::uint64_t seed_ = SeedFromEnvironment();
  SeededRandom random_{seed_};
  TemporaryDirectory directory_{"gramme-off-host"};
};

std::vector<std::string> NamesIn(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

dev_t DeviceOf(const std::string& path) {
  struct stat found = {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_dev : 0;
}

const SampleTable kIndexed = {
    .name = "Indexed", .kind = SampleKind::kIndexed, .item_count = 400, .item_bytes = 2000};

// /dev/shm is a file system of its own on every Linux, and anybody may write to it: what renames or
// links across would fail here.
TEST_F(OffHostTest, BackupsOnAnotherFileSystemAreMadeCopiedAndRestored) {
  const std::string disk = fmt::format("/dev/shm/gramme-off-host-{}", ::getpid());
  if (!fs::exists("/dev/shm") || DeviceOf("/dev/shm") == DeviceOf(directory_.path())) {
    std::printf("not run: /dev/shm is no file system of its own\n");
    return;
  }
  std::error_code error;
  fs::remove_all(disk, error);
  ASSERT_TRUE(fs::create_directory(disk));
  auto server = Start(Below("data"), disk + "/backups");
  GRAMME_ASSERT_ASKED(server);
  GRAMME_ASSERT_ASKED(server->Make(kIndexed, random_));
  const auto items = server->Items(kIndexed.name);
  GRAMME_ASSERT_ASKED(server->BackUp(kIndexed.name));
  const CommandEnd copied = Copy(disk + "/backups", Below("copies"));
  EXPECT_EQ(copied.exit_code, 0) << copied.errors;
  server->process().Kill();
  fs::remove_all(Below("data"));
  fs::remove_all(disk);

  auto fresh = Start(Below("fresh"), Below("copies"));
  GRAMME_ASSERT_ASKED(fresh);
  const std::vector<std::string> ids = NamesIn(Below("copies"));
  ASSERT_EQ(ids.size(), 1u);
  GRAMME_ASSERT_ASKED(fresh->Restore(ids[0], "Restored"));
  EXPECT_EQ(fresh->Items("Restored"), items);
}

TEST_F(OffHostTest, ABackupThatFindsTheDiskFullIsCompletedOnceThereIsRoom) {
  const auto disk = TinyDisk::Mount(Below("disk"), 64);
  if (disk == nullptr) return;
  const std::string backups = disk->path() + "/backups";
  auto server = Start(Below("data"), backups);
  GRAMME_ASSERT_ASKED(server);
  const SampleTable table = {.name = "Table", .item_count = 600, .item_bytes = 20'000};
  GRAMME_ASSERT_ASKED(server->Make(table, random_));
  const auto items = server->Items(table.name);
  ASSERT_TRUE(disk->FillUpTo(4 * kMb));
  const auto id = server->BeginBackup(table.name);
  GRAMME_ASSERT_ASKED(id);
  GRAMME_ASSERT_ASKED(BackupServer::Await("the log names the full disk", [&]() -> Asked<bool> {
    return server->Log().find("No space left on device") != std::string::npos;
  }));
  EXPECT_THAT(server->Log(), HasSubstr("job_step_failed"));
  EXPECT_EQ(server->BackupStatus(*id), "CREATING");
  // The source is served and written meanwhile, and no part of it is in the backup.
  EXPECT_EQ(server->Items(table.name), items);
  GRAMME_ASSERT_ASKED(
      Ask(server->connection(), "PutItem",
          R"({"TableName":"Table","Item":{"id":{"S":"later"},"n":{"N":"1"},"kind":{"S":"k"}}})"));
  disk->MakeRoom();
  GRAMME_ASSERT_ASKED(server->AwaitAvailable(*id));
  EXPECT_THAT(NamesIn(backups), ElementsAre(*id));
  ExpectGood(backups);
  GRAMME_ASSERT_ASKED(server->Restore(*id, "Restored"));
  EXPECT_EQ(server->Items("Restored"), items);
  EXPECT_THAT(NamesIn(Below("data/images")), IsEmpty());
}

TEST_F(OffHostTest, ABackupThatFindsTheDiskFullIsCompletedByTheNextServer) {
  const auto disk = TinyDisk::Mount(Below("disk"), 64);
  if (disk == nullptr) return;
  const std::string backups = disk->path() + "/backups";
  auto server = Start(Below("data"), backups);
  GRAMME_ASSERT_ASKED(server);
  const SampleTable table = {.name = "Table", .item_count = 300, .item_bytes = 20'000};
  GRAMME_ASSERT_ASKED(server->Make(table, random_));
  const auto items = server->Items(table.name);
  ASSERT_TRUE(disk->FillUpTo(2 * kMb));
  const auto id = server->BeginBackup(table.name);
  GRAMME_ASSERT_ASKED(id);
  GRAMME_ASSERT_ASKED(BackupServer::Await("the log names the full disk", [&]() -> Asked<bool> {
    return server->Log().find("No space left on device") != std::string::npos;
  }));
  server->process().Kill();
  // Full at the start, too.
  server = Start(Below("data"), backups);
  GRAMME_ASSERT_ASKED(server);
  EXPECT_EQ(server->BackupStatus(*id), "CREATING");
  disk->MakeRoom();
  GRAMME_ASSERT_ASKED(server->AwaitAvailable(*id));
  EXPECT_THAT(NamesIn(backups), ElementsAre(*id));
  GRAMME_ASSERT_ASKED(server->Restore(*id, "Restored"));
  EXPECT_EQ(server->Items("Restored"), items);
}

TEST_F(OffHostTest, ACopyThatFindsTheDiskFullLeavesNothingAndIsMadeOnceThereIsRoom) {
  const auto disk = TinyDisk::Mount(Below("disk"), 64);
  if (disk == nullptr) return;
  auto server = Start(Below("data"), Below("backups"));
  GRAMME_ASSERT_ASKED(server);
  const SampleTable table = {.name = "Table", .item_count = 600, .item_bytes = 20'000};
  GRAMME_ASSERT_ASKED(server->Make(table, random_));
  const auto id = server->BackUp(table.name);
  GRAMME_ASSERT_ASKED(id);
  const std::string copies = disk->path() + "/copies";
  for (const std::uint64_t room_mb : {0, 4, 8}) {
    ASSERT_TRUE(disk->FillUpTo(room_mb * kMb));
    const CommandEnd full = Copy(Below("backups"), copies);
    EXPECT_EQ(full.exit_code, kFailed) << full.output;
    EXPECT_THAT(full.errors, HasSubstr("No space left on device"));
    if (fs::exists(copies)) {
      EXPECT_THAT(NamesIn(copies), IsEmpty());
    }
    ExpectGood(Below("backups"));
    disk->MakeRoom();
  }
  const CommandEnd copied = Copy(Below("backups"), copies);
  EXPECT_EQ(copied.exit_code, 0) << copied.errors;
  EXPECT_THAT(NamesIn(copies), ElementsAre(*id));
  ExpectGood(copies);
}

TEST_F(OffHostTest, ARestoreThatFindsTheDiskFullIsCompletedOnceThereIsRoom) {
  const auto disk = TinyDisk::Mount(Below("disk"), 512);
  if (disk == nullptr) return;
  const SampleTable table = {.name = "Table", .item_count = 1500, .item_bytes = 20'000};
  auto source = Start(Below("source"), Below("backups"));
  GRAMME_ASSERT_ASKED(source);
  GRAMME_ASSERT_ASKED(source->Make(table, random_));
  const auto items = source->Items(table.name);
  const auto id = source->BackUp(table.name);
  GRAMME_ASSERT_ASKED(id);
  EXPECT_EQ(source->process().Stop(), 0);

  auto server = Start(disk->path() + "/data", Below("backups"));
  GRAMME_ASSERT_ASKED(server);
  const SampleTable other = {.name = "Other", .item_count = 20, .item_bytes = 100};
  GRAMME_ASSERT_ASKED(server->Make(other, random_));
  const auto other_items = server->Items("Other");
  ASSERT_TRUE(disk->FillUpTo(10 * kMb));
  GRAMME_ASSERT_ASKED(server->BeginRestore(*id, "Restored"));
  GRAMME_ASSERT_ASKED(BackupServer::Await("the log names the full disk", [&]() -> Asked<bool> {
    return server->Log().find("job_step_failed") != std::string::npos;
  }));
  EXPECT_THAT(server->Log(), HasSubstr("No space left on device"));
  EXPECT_EQ(server->TableStatus("Restored"), "CREATING");
  EXPECT_EQ(server->Items("Other"), other_items);
  ExpectGood(Below("backups"));
  disk->MakeRoom();
  GRAMME_ASSERT_ASKED(AwaitActive(server->connection(), "Restored"));
  EXPECT_EQ(server->Items("Restored"), items);
  EXPECT_THAT(NamesIn(disk->path() + "/data/imports"), IsEmpty());
  EXPECT_EQ(server->process().Stop(), 0);
}

TEST_F(OffHostTest, ARestoreToAMomentThatFindsTheDiskFullIsCompletedOnceThereIsRoom) {
  const auto disk = TinyDisk::Mount(Below("disk"), 512);
  if (disk == nullptr) return;
  auto server = Start(disk->path() + "/data", Below("backups"));
  GRAMME_ASSERT_ASKED(server);
  const SampleTable table = {.name = "Table", .item_count = 1000, .item_bytes = 20'000};
  GRAMME_ASSERT_ASKED(server->Make({.name = table.name}, random_));
  GRAMME_ASSERT_ASKED(Ask(server->connection(), "UpdateContinuousBackups",
                          R"({"TableName":"Table","PointInTimeRecoverySpecification":)"
                          R"({"PointInTimeRecoveryEnabled":true}})"));
  GRAMME_ASSERT_ASKED(server->Fill(table, random_));
  const auto items = server->Items(table.name);
  ASSERT_TRUE(disk->FillUpTo(10 * kMb));
  const std::string body =
      R"({"SourceTableName":"Table","TargetTableName":"Restored","UseLatestRestorableTime":true})";
  GRAMME_ASSERT_ASKED(Ask(server->connection(), "RestoreTableToPointInTime", body));
  GRAMME_ASSERT_ASKED(BackupServer::Await("the log names the full disk", [&]() -> Asked<bool> {
    return server->Log().find("the disk is full") != std::string::npos;
  }));
  EXPECT_EQ(server->TableStatus("Restored"), "CREATING");
  EXPECT_EQ(server->Items("Table"), items);
  disk->MakeRoom();
  GRAMME_ASSERT_ASKED(AwaitActive(server->connection(), "Restored"));
  EXPECT_EQ(server->Items("Restored"), items);
  EXPECT_EQ(server->Items("Table"), items);
  EXPECT_THAT(NamesIn(disk->path() + "/data/images"), IsEmpty());
  EXPECT_EQ(server->process().Stop(), 0);
}

TEST_F(OffHostTest, ADiskThatCannotBeWrittenIsReadFromAndRefusedByAServer) {
  const auto disk = TinyDisk::Mount(Below("disk"), 64);
  if (disk == nullptr) return;
  const std::string backups = disk->path() + "/backups";
  auto source = Start(Below("source"), backups);
  GRAMME_ASSERT_ASKED(source);
  GRAMME_ASSERT_ASKED(source->Make(kIndexed, random_));
  const auto items = source->Items(kIndexed.name);
  const auto id = source->BackUp(kIndexed.name);
  GRAMME_ASSERT_ASKED(id);
  EXPECT_EQ(source->process().Stop(), 0);
  fs::create_directory(backups + "/01489602797149-73d8d5bc");  // a draft
  ASSERT_TRUE(disk->MakeReadOnly());

  ExpectGood(backups);
  const CommandEnd refused =
      Run(fmt::format("serve --data '{}' --backup-dir '{}' --port 0", Below("refused"), backups));
  EXPECT_EQ(refused.exit_code, kFailed);
  EXPECT_THAT(refused.errors, HasSubstr(backups + " cannot be written: Read-only file system"));
  const CommandEnd restored =
      Run(fmt::format("backup restore --backup-dir '{}' --data '{}' --target-table Restored {}",
                      backups, Below("data"), *id));
  EXPECT_EQ(restored.exit_code, 0) << restored.errors;
  const CommandEnd copied = Copy(backups, Below("copies"));
  EXPECT_EQ(copied.exit_code, 0) << copied.errors;
  auto server = Start(Below("data"), Below("copies"));
  GRAMME_ASSERT_ASKED(server);
  EXPECT_EQ(server->Items("Restored"), items);
}

// Data and backups on one disk, as they are by default.
TEST_F(OffHostTest, ADiskThatIsFullOfEverythingLosesNothing) {
  const auto disk = TinyDisk::Mount(Below("disk"), 256);
  if (disk == nullptr) return;
  auto server = Start(disk->path() + "/data", disk->path() + "/data/backups");
  GRAMME_ASSERT_ASKED(server);
  const SampleTable table = {.name = "Table", .item_count = 300, .item_bytes = 20'000};
  GRAMME_ASSERT_ASKED(server->Make(table, random_));
  const auto items = server->Items(table.name);
  for (const std::uint64_t room_kb : {0, 64, 1024, 4096}) {
    SCOPED_TRACE(room_kb);
    ASSERT_TRUE(disk->FillUpTo(room_kb << 10));
    // Refused, or answered and then completed.
    const auto begun = server->BeginBackup(table.name);
    const auto refused = server->BeginBackup(table.name);
    EXPECT_EQ(server->Items(table.name), items);
    disk->MakeRoom();
    if (begun) GRAMME_ASSERT_ASKED(server->AwaitAvailable(*begun));
    if (refused) GRAMME_ASSERT_ASKED(server->AwaitAvailable(*refused));
    auto id = server->BackUp(table.name);
    GRAMME_ASSERT_ASKED(BackupServer::Await("there is room", [&]() -> Asked<bool> {
      if (!id) id = server->BackUp(table.name);
      return id.has_value();
    }));
    const std::string restored = fmt::format("Restored{}", room_kb);
    GRAMME_ASSERT_ASKED(server->Restore(*id, restored));
    EXPECT_EQ(server->Items(restored), items);
    EXPECT_THAT(NamesIn(disk->path() + "/data/images"), IsEmpty());
    ExpectGood(disk->path() + "/data/backups");
    std::printf("with %llu KB: %s, %s\n", static_cast<unsigned long long>(room_kb),
                begun ? "answered" : begun.error().c_str(),
                refused ? "answered" : refused.error().c_str());
  }
  EXPECT_EQ(server->process().Stop(), 0);
}

// A copy as a process of its own, which is killed after a while.
void CopyAndKill(const std::string& binary, const std::string& from, const std::string& to,
                 std::uint64_t after_us) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execl(binary.c_str(), binary.c_str(), "backup", "copy", "--backup-dir", from.c_str(), "--to",
            to.c_str(), nullptr);
    ::_exit(127);
  }
  ::usleep(static_cast<useconds_t>(after_us));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

TEST_F(OffHostTest, AKilledCopyIsReplacedByTheNext) {
  auto server = Start(Below("data"), Below("backups"));
  GRAMME_ASSERT_ASKED(server);
  GRAMME_ASSERT_ASKED(server->Make(kIndexed, random_));
  for (int i = 0; i < 3; ++i) GRAMME_ASSERT_ASKED(server->BackUp(kIndexed.name));
  const std::uint64_t kill_count = NumberFromEnvironment("GRAMME_COPY_KILLS", 10);
  int whole_count = 0;
  int draft_count = 0;
  for (std::uint64_t kill = 0; kill < kill_count; ++kill) {
    SCOPED_TRACE(kill);
    fs::remove_all(Below("copies"));
    CopyAndKill(binary_, Below("backups"), Below("copies"), random_.Below(40'000));
    if (fs::exists(Below("copies"))) {
      for (const std::string& id : NamesIn(Below("copies"))) {
        ++(fs::exists(Below("copies/" + id + "/MANIFEST")) ? whole_count : draft_count);
      }
      // What is whole after the kill is good.
      EXPECT_EQ(Run("backup verify --backup-dir " + Below("copies")).exit_code, 0);
    }
    const CommandEnd copied = Copy(Below("backups"), Below("copies"));
    EXPECT_EQ(copied.exit_code, 0) << copied.output << copied.errors;
    EXPECT_EQ(NamesIn(Below("copies")), NamesIn(Below("backups")));
    ExpectGood(Below("copies"));
  }
  std::printf("%llu kills of a copy: %d backups whole, %d drafts, all whole after the next copy\n",
              static_cast<unsigned long long>(kill_count), whole_count, draft_count);
}

}  // namespace
}  // namespace gramme
