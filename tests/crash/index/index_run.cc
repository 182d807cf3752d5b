#include "tests/crash/index/index_run.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "base/random.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/power_loss_disk.h"
#include "storage/rocksdb/testing/power_loss_file_system.h"
#include "tests/crash/index/random_write.h"
#include "tests/crash/index/table_check.h"
#include "tests/crash/index/table_process.h"

namespace gramme {
namespace {

constexpr std::uint64_t kWriterCount = 4;
// Between two looks, of which each is a snapshot while a job runs, and else one in so many.
constexpr std::uint64_t kWritesPerLook = 25;
constexpr std::uint64_t kLooksPerSnapshot = 10;
constexpr std::uint64_t kWritesPerEditMax = 800;
constexpr std::uint64_t kOperationCountMax = 6'000;  // of the disk, until its power is cut
constexpr std::size_t kSmallMemory = 8 << 20;
constexpr auto kPause = std::chrono::microseconds(500);

// What the threads of all boots count and find.
struct Findings {
  std::mutex mutex;
  IndexRun run;  // under the mutex, but for what is here
  std::atomic<std::uint64_t> write_count = 0;
  std::atomic<std::uint64_t> refused_count = 0;
  std::atomic<std::uint64_t> awaited_number = 0;  // the last commit that was answered as durable
  std::atomic<bool> is_violated = false;
  // Every keyspace that was made for an index, and whether it was seen filled.
  std::map<std::uint64_t, bool> keyspaces;  // of the editor, and between boots

  void AddViolation(std::string violation) {
    const std::lock_guard lock(mutex);
    run.violations.push_back(std::move(violation));
    is_violated = true;
  }
};

// One boot of the machine, until its power is lost or enough was written.
class Boot {
 public:
  Boot(TableProcess& process, const PowerLossDisk& disk, Findings& findings,
       const IndexRunOptions& options, std::uint64_t seed)
      : process_(process), disk_(disk), findings_(findings), options_(options), seed_(seed) {}

  void Run() {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < kWriterCount; ++i) {
      threads.emplace_back([this, i] { Write(i); });
    }
    threads.emplace_back([this] { Edit(); });
    if (options_.takes_snapshots) threads.emplace_back([this] { TakeSnapshots(); });
  }

 private:
  bool Over() const {
    return !disk_.powered() || findings_.is_violated ||
           findings_.write_count >= options_.write_count;
  }

  // False when nothing more is to come in this boot.
  bool WaitForWrites(std::uint64_t count) const {
    const std::uint64_t wanted = findings_.write_count + count;
    while (!Over() && findings_.write_count < wanted) std::this_thread::sleep_for(kPause);
    return !Over();
  }

  // Without power everything fails.
  void Failed(std::string_view what, std::string_view message) {
    if (disk_.powered()) findings_.AddViolation(fmt::format("{}: {}", what, message));
  }

  void Write(std::uint64_t writer) {
    SeededRandom random(seed_ * 100 + writer);
    while (!Over()) {
      const RandomWriteOutcome outcome = RandomWrite(process_.Find(), random).Run(process_.store());
      if (!outcome.item_count) {
        const ErrorCode code = outcome.item_count.error().code;
        if (code == ErrorCode::kRetryStale) process_.catalog().FreshView();
        if (code == ErrorCode::kInternalServerError) Failed("a write", "internal server error");
        ++findings_.refused_count;
        continue;
      }
      findings_.write_count += *outcome.item_count;
      // Every other one is waited for, so that rounds of several commits come about.
      if (random.OneIn(2)) Await(outcome.position);
    }
  }

  void Await(const Position& position) {
    const auto released = process_.store().Await(position);
    if (!released) return Failed("a commit", released.error().message());
    const std::uint64_t number = position.commit_number();
    std::uint64_t last = findings_.awaited_number;
    while (last < number && !findings_.awaited_number.compare_exchange_weak(last, number)) {
    }
  }

  void TakeSnapshots() {
    for (std::uint64_t look = 1; WaitForWrites(kWritesPerLook); ++look) {
      if (!process_.HasJobs() && look % kLooksPerSnapshot != 0) continue;
      const Group group = process_.group();
      const auto view = process_.store().OpenView(group.id, ReadTier::kDisk);
      if (!view) return Failed("a view", view.error().message());
      const auto check = CheckTable(**view, group, kTableName);
      if (!check) return Failed("a snapshot", check.error().message());
      for (const std::string& difference : check->differences) {
        findings_.AddViolation("snapshot " + difference);
      }
      const std::lock_guard lock(findings_.mutex);
      ++findings_.run.snapshot_count;
      findings_.run.filling_count += check->is_filling ? 1 : 0;
      findings_.run.entry_count += check->entry_count;
    }
  }

  void Edit() {
    SeededRandom random(seed_ * 100 + kWriterCount);
    while (WaitForWrites(1 + random.Below(kWritesPerEditMax))) {
      static_cast<void>(process_.SweepSome());
      const TableDescription& table = process_.Find()->description();
      const auto& time_to_live = table.time_to_live;
      if (!time_to_live || random.OneIn(6)) {
        // Refused in the middle of another such change.
        static_cast<void>(process_.SetTimeToLive(!time_to_live));
      } else {
        EditIndex(random.OneIn(2) ? "extra-1" : "extra-2", table, random);
      }
    }
  }

  // One that is being filled is dropped now and then.
  void EditIndex(std::string_view name, const TableDescription& table, Random& random) {
    const IndexDescription* const index = table.FindIndex(name);
    if (index == nullptr) {
      if (const auto keyspace = process_.AddIndex(name, random)) {
        findings_.keyspaces[*keyspace] = false;
      }
      return;
    }
    const bool is_active = index->status == IndexStatus::kActive;
    if (is_active) findings_.keyspaces[index->keyspace] = true;
    const bool drops_early = index->status == IndexStatus::kCreating && random.OneIn(3);
    if (!is_active && !drops_early) return;
    if (!process_.DropIndex(name)) return;
    const std::lock_guard lock(findings_.mutex);
    ++findings_.run.dropped_count;
  }

  TableProcess& process_;
  const PowerLossDisk& disk_;
  Findings& findings_;
  const IndexRunOptions& options_;
  const std::uint64_t seed_;
};

class Machine {
 public:
  explicit Machine(const IndexRunOptions& options) : options_(options), random_(options.seed) {}

  IndexRun Run() {
    CreateTable();
    while (!findings_.is_violated && findings_.write_count < options_.write_count) RunBoot();
    if (!findings_.is_violated) EndJobs();
    IndexRun& run = findings_.run;
    run.write_count = findings_.write_count;
    run.refused_count = findings_.refused_count;
    for (const auto& [keyspace, is_filled] : findings_.keyspaces) run.filled_count += is_filled;
    return std::move(run);
  }

 private:
  // Nothing where the power was lost meanwhile, or there is a violation.
  std::unique_ptr<TableProcess> Open() {
    seams_.file_system = std::make_shared<PowerLossFileSystem>(disk_);
    seams_.boot_id = fmt::format("boot-{}", boot_count_++);
    auto store = RocksDbStore::Open(
        {.directory = "/data/gramme", .memory_bytes = kSmallMemory, .seams = &seams_});
    if (!store) return Refused("the store", store.error());
    auto process = std::make_unique<TableProcess>(*std::move(store));
    if (const auto loaded = process->Load(); !loaded) return Refused("the catalog", loaded.error());
    return process;
  }

  std::unique_ptr<TableProcess> Refused(std::string_view what, const Status& status) {
    if (disk_->powered()) {
      findings_.AddViolation(fmt::format("{} is not opened: {}", what, status.message()));
    }
    return nullptr;
  }

  void CreateTable() {
    const auto process = Open();
    if (process == nullptr) return;
    const auto created = process->CreateTable();
    if (!created) findings_.AddViolation("no table: " + created.error().message);
    disk_->PowerLoss(random_);
  }

  void RunBoot() {
    // Now and then the power is lost while the store is still recovering.
    const bool cut_early = random_.OneIn(4);
    const std::uint64_t operation_count = random_.Below(cut_early ? 60 : kOperationCountMax);
    if (options_.loses_power) disk_->CutPowerAfter(operation_count);
    if (const auto process = Open()) {
      CheckRecovery(*process);
      if (!findings_.is_violated && process->ResumeJobs()) {
        const std::uint64_t seed = options_.seed * 1000 + boot_count_;
        Boot(*process, *disk_, findings_, options_, seed).Run();
      }
    }
    disk_->PowerLoss(random_);
  }

  // What is there before anything is written.
  void CheckRecovery(TableProcess& process) {
    if (const auto check = Check(process, "after recovery")) {
      ++findings_.run.recovery_count;
      findings_.run.resumed_count += check->is_filling || check->is_removing ? 1 : 0;
    }
  }

  // Nothing where it cannot be looked at. While nobody writes.
  std::optional<CheckedTable> Check(TableProcess& process, std::string_view when) {
    const Group group = process.group();
    const auto view = process.store().OpenView(group.id, ReadTier::kDisk);
    const auto check = view ? CheckTable(**view, group, kTableName)
                            : StoreResult<CheckedTable>(std::unexpected(view.error()));
    if (!check) {
      Refused("the table", check.error());
      return std::nullopt;
    }
    for (const std::string& difference : check->differences) {
      findings_.AddViolation(fmt::format("{} {}", when, difference));
    }
    const std::uint64_t recovered = (*view)->position().commit_number();
    if (recovered < findings_.awaited_number) {
      findings_.AddViolation(fmt::format("commit {} was answered, but commits end at {}",
                                         findings_.awaited_number.load(), recovered));
    }
    findings_.run.entry_count += check->entry_count;
    return *check;
  }

  // With the power on, all jobs come to their end, and so does an index that is added now.
  void EndJobs() {
    const auto process = Open();
    if (process == nullptr) return;
    CheckRecovery(*process);
    if (const auto resumed = process->ResumeJobs(); !resumed) {
      Refused("the list of jobs", resumed.error());
      return;
    }
    const auto added = process->AddIndex("last", random_);
    if (!added) return findings_.AddViolation("no index: " + added.error().message);
    findings_.keyspaces[*added] = false;
    while (process->HasJobs()) std::this_thread::sleep_for(kPause);
    std::set<std::uint64_t> kept;
    for (const IndexDescription& index : process->Find()->description().indexes) {
      kept.insert(index.keyspace);
      const bool is_active = index.status == IndexStatus::kActive;
      if (!is_active) findings_.AddViolation(index.name + " is never ACTIVE");
      const auto extra = findings_.keyspaces.find(index.keyspace);
      if (extra != findings_.keyspaces.end()) extra->second = is_active;
    }
    Check(*process, "at the end");
    CheckDropped(*process, kept);
  }

  void CheckDropped(TableProcess& process, const std::set<std::uint64_t>& kept) {
    const auto view = process.store().OpenView(process.group().id, ReadTier::kDisk);
    if (!view) return findings_.AddViolation("no view: " + view.error().message());
    for (const auto& [keyspace, is_filled] : findings_.keyspaces) {
      if (kept.contains(keyspace)) continue;
      bool is_empty = true;
      const auto visit = [&](std::string_view, std::string_view) {
        is_empty = false;
        return ScanStep::kStop;
      };
      const auto scanned = (*view)->Scan(KeyspaceId{keyspace}, {}, Direction::kForward, visit);
      if (!scanned) findings_.AddViolation("no scan: " + scanned.error().message());
      if (!is_empty) findings_.AddViolation("entries of a dropped index are left");
    }
  }

  const IndexRunOptions options_;
  SeededRandom random_;
  const std::shared_ptr<PowerLossDisk> disk_ = std::make_shared<PowerLossDisk>();
  StorageSeams seams_;
  std::uint64_t boot_count_ = 0;
  Findings findings_;
};

}  // namespace

IndexRun RunIndexes(const IndexRunOptions& options) { return Machine(options).Run(); }

}  // namespace gramme
