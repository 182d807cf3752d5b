#include "tests/crash/power_loss_run.h"

#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/random.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "storage/rocksdb/seams.h"
#include "storage/rocksdb/testing/power_loss_disk.h"
#include "storage/rocksdb/testing/power_loss_file_system.h"
#include "tests/crash/power_loss_history.h"

namespace gramme {
namespace {

constexpr int kBootCount = 3;
constexpr int kWriterCount = 4;
constexpr std::uint64_t kKeyCount = 24;
constexpr std::uint64_t kTransactionKeyCountMax = 4;
// About five operations of the disk to a round: the cut falls within the work of most boots, in
// some while the store is still being opened.
constexpr std::uint64_t kOperationCountMax = 600;
constexpr std::size_t kSmallMemory = 8 << 20;

std::string KeyName(std::uint64_t index) { return fmt::format("key{:02}", index); }

// One boot of the machine: a store, and the threads that use it until it has failed.
class Boot {
 public:
  Boot(RocksDbStore& store, KeyspaceId keyspace, PowerLossHistory& history, std::uint64_t seed)
      : store_(store), keyspace_(keyspace), history_(history), seed_(seed) {}

  void Run() {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kWriterCount; ++i) {
      threads.emplace_back([this, i] { Write(i); });
    }
    threads.emplace_back([this] { Read(); });
    threads.emplace_back([this] { MakeImages(); });
    threads.emplace_back([this] { Import(); });
  }

 private:
  bool Over() const { return over_; }

  Key KeyOf(std::string_view name) const {
    return {.keyspace = keyspace_, .placement = 0, .bytes = std::string(name)};
  }

  void Write(int writer) {
    SeededRandom random(seed_ * 100 + static_cast<std::uint64_t>(writer));
    for (int step = 0; !Over(); ++step) {
      std::vector<Key> keys;
      const std::uint64_t count = 1 + random.Below(kTransactionKeyCountMax);
      for (std::uint64_t i = 0; i < count; ++i)
        keys.push_back(KeyOf(KeyName(random.Below(kKeyCount))));
      const std::string value =
          fmt::format("{}/{}/{}:{}", seed_, writer, step, std::string(random.Below(3000), 'v'));
      WriteOnce(keys, value, random.OneIn(8), random.OneIn(6));
    }
  }

  void WriteOnce(const std::vector<Key>& keys, const std::string& value, bool removes,
                 bool needs_all) {
    HistoryCommit commit;
    const auto decide = [&](std::span<const CurrentValue> values) -> std::optional<WriteBatch> {
      commit = HistoryCommit();
      for (const CurrentValue& current : values) {
        if (needs_all && !current) return std::nullopt;
      }
      WriteBatch batch;
      for (const Key& key : keys) {
        if (removes) {
          batch.Delete(key);
        } else {
          batch.Put(key, value);
        }
        commit.writes.emplace_back(key.bytes,
                                   removes ? std::nullopt : std::optional<std::string>(value));
      }
      const std::string suffix = value.substr(0, value.find(':'));
      batch.PutStamped(keyspace_, 0, std::string(PowerLossHistory::kLogPrefix), suffix, "logged");
      commit.log_record = {suffix, "logged"};
      batch.Add(KeyOf(PowerLossHistory::kCounterKey), 1);
      commit.counter_delta = 1;
      return batch;
    };
    const StoreResult<UpdateOutcome> outcome = store_.Update(keys, {}, {}, decide);
    if (!outcome) {
      if (outcome.error().code() != StatusCode::kOverloaded) over_ = true;
      return;
    }
    const std::uint64_t number = outcome->position.commit_number();
    commit.time = outcome->commit_time;
    if (outcome->committed) history_.RecordCommit(number, std::move(commit));
    // Every other answer is waited for, so that rounds of several commits come about.
    const auto answered = [this, number](StoreResult<void> released) {
      if (released) {
        history_.RecordAnswer(number);
      } else {
        over_ = true;
      }
    };
    if (number % 2 == 0) {
      store_.Release(outcome->position, answered);
    } else {
      answered(store_.Await(outcome->position));
    }
  }

  void Read() {
    SeededRandom random(seed_ * 100 + 98);
    while (!Over()) {
      auto view = store_.OpenView(GroupId{1}, ReadTier::kDisk);
      if (!view) return;
      const std::string key = KeyName(random.Below(kKeyCount));
      auto value = (*view)->Get(KeyOf(key));
      if (!value) return;
      history_.RecordRead({.view_number = (*view)->position().commit_number(),
                           .key = key,
                           .value = *std::move(value)});
      std::this_thread::yield();
    }
  }

  void MakeImages() {
    SeededRandom random(seed_ * 100 + 99);
    for (int i = 0; i < 3 && !Over(); ++i) {
      for (std::uint64_t pause = random.Below(200); pause > 0 && !Over(); --pause) {
        std::this_thread::yield();
      }
      const std::string id = fmt::format("image-{}-{}", seed_, i);
      const auto image = store_.Freeze(id, std::span(&keyspace_, 1));
      if (image) history_.RecordImage(id, image->positions[0].commit_number());
    }
  }

  // Into keyspaces of this boot, some of them twice, as a restore that repeats a step does.
  void Import() {
    SeededRandom random(seed_ * 100 + 97);
    for (std::uint64_t i = 0; !Over(); ++i) {
      const KeyspaceId keyspace{1000 * (seed_ + 1) + i / 2};
      const bool is_repeated = i % 2 == 0 || random.OneIn(2);
      if (!is_repeated) continue;
      Content content;
      const std::uint64_t first = random.Below(40);
      for (std::uint64_t index = first; index < 2 * kKeyCount; ++index) {
        content.emplace(KeyName(index), fmt::format("{}/{}:{}", seed_, i, std::string(200, 'i')));
      }
      history_.RecordImportBegun(keyspace, content);
      const std::unique_ptr<Importer> importer = store_.BeginImport();
      for (const auto& [key, value] : content) {
        if (!importer->Append({.keyspace = keyspace, .bytes = key}, value)) return;
      }
      if (!importer->Finish()) return;
      history_.RecordImportFinished(keyspace);
    }
  }

  RocksDbStore& store_;
  const KeyspaceId keyspace_;
  PowerLossHistory& history_;
  const std::uint64_t seed_;
  std::atomic<bool> over_ = false;
};

class Machine {
 public:
  explicit Machine(std::uint64_t seed) : seed_(seed), random_(seed) {}

  PowerLossRun Run() {
    for (int boot = 0; boot < kBootCount && run_.violations.empty(); ++boot) RunBoot(boot);
    if (run_.violations.empty()) {
      // What is left is read once more, with the power on.
      OpenAndCheck(kBootCount);
    }
    run_.commit_count = history_.commit_count();
    run_.read_count = history_.read_count();
    run_.answered_number = history_.answered_number();
    run_.import_count = history_.import_count();
    return std::move(run_);
  }

 private:
  StoreResult<std::unique_ptr<RocksDbStore>> Open(int boot) {
    seams_.file_system = std::make_shared<PowerLossFileSystem>(disk_);
    seams_.boot_id = fmt::format("boot-{}", boot);
    // About half of the imports become tables.
    seams_.imported_table_bytes_min = 5000;
    return RocksDbStore::Open({.directory = "/data/gramme",
                               .memory_bytes = kSmallMemory,
                               .on_warning = [this](std::string_view) { ++run_.torn_log_count; },
                               .seams = &seams_});
  }

  std::unique_ptr<RocksDbStore> OpenAndCheck(int boot) {
    auto store = Open(boot);
    if (!store) {
      // A loss of power during the opening is no fault of the store; a refusal is.
      if (disk_->powered()) run_.violations.push_back("refused: " + store.error().message());
      return nullptr;
    }
    if (!disk_->powered()) return nullptr;
    std::vector<std::string> violations = history_.CheckAndGoOn(**store, keyspace_);
    if (disk_->powered()) run_.violations = std::move(violations);
    return *std::move(store);
  }

  void RunBoot(int boot) {
    // Now and then the power is lost while the store is still recovering.
    const bool cut_early = boot > 0 && random_.OneIn(4);
    if (cut_early) disk_->CutPowerAfter(random_.Below(60));
    std::unique_ptr<RocksDbStore> store = OpenAndCheck(boot);
    if (store != nullptr && run_.violations.empty()) {
      if (!cut_early) disk_->CutPowerAfter(random_.Below(kOperationCountMax));
      Boot(*store, keyspace_, history_, seed_ * kBootCount + static_cast<std::uint64_t>(boot))
          .Run();
    }
    store.reset();
    disk_->PowerLoss(random_);
  }

  const std::uint64_t seed_;
  SeededRandom random_;
  std::shared_ptr<PowerLossDisk> disk_ = std::make_shared<PowerLossDisk>();
  StorageSeams seams_;
  const KeyspaceId keyspace_{100};
  PowerLossHistory history_;
  PowerLossRun run_;
};

}  // namespace

PowerLossRun RunPowerLoss(std::uint64_t seed) { return Machine(seed).Run(); }

}  // namespace gramme
