// BackupWorld: a store, a backup storage and a process on them that can crash and start again, in
// one thread from one seed. For the tests of backups and of the operations on them.

#ifndef GRAMME_BACKUP_TESTING_BACKUP_WORLD_H_
#define GRAMME_BACKUP_TESTING_BACKUP_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/backups.h"
#include "backup/memory_backup_storage.h"
#include "backup/recovery.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "storage/memory/memory_store.h"
#include "table/catalog.h"
#include "table/jobs/jobs.h"
#include "table/settings.h"

namespace gramme {

struct BackupWorldOptions {
  std::uint64_t seed = 1;
  std::size_t group_count = 1;
  StoreFaults* faults = nullptr;
  // Small, so that little data has many blocks, files and steps.
  BackupJobOptions jobs = {.writer = {.block_bytes = 300, .file_bytes = 900},
                           .step_bytes = 500,
                           .import_bytes = 700,
                           .durable_bytes = 1100};
  // Bases are made again after little.
  RecoveryOptions recovery = {.base_log_bytes_min = 2000};
};

// Items by their key bytes.
using StoredItems = std::map<std::string, Item>;

class BackupWorld {
 public:
  explicit BackupWorld(const BackupWorldOptions& options = {});
  ~BackupWorld();

  // What a process has in memory.
  struct Process {
    Process(BackupWorld& world);

    SimulatedExecutor executor;
    Catalog catalog;
    Jobs jobs;
    Backups backups;
    Recovery recovery;
    std::vector<Status> failures;  // of job steps
  };

  Process& process() { return *process_; }
  Backups& backups() { return process_->backups; }
  Recovery& recovery() { return process_->recovery; }

  // Ends the process and what is not durable, and starts another one.
  void CrashAndStart();
  // Until no job is left; false if that takes too long.
  bool RunJobs();
  bool RunOneTask() { return process_->executor.RunOne(); }

  // An ACTIVE on-demand table: key `id` (S) and `n` (N), LSI `by-color` (id, color: KEYS_ONLY), GSI
  // `by-owner` (owner, n: ALL), tags, deletion protection.
  TableRef MakeTable(std::string_view name);
  // The same from a description of the test's own.
  TableRef MakeTable(TableDescription description);
  // Puts items of one table, and deletes those with these keys, as one transaction, durably.
  void Write(std::string_view table_name, const std::vector<Item>& puts,
             const std::vector<Item>& deleted_keys = {});
  // Deletes a table and runs the jobs.
  void Drop(std::string_view table_name);
  // Writes an item with its index entries and counts, past the change log, durably.
  void Put(const TableRef& table, const Item& item);
  // `item_count` random items.
  void Fill(const TableRef& table, std::size_t item_count);

  TableRef Find(std::string_view table_name) { return process_->catalog.view()->Find(table_name); }
  StoredItems ItemsOf(const TableRef& table);
  // Entries and counters are what the items make of them. An explanation, or nothing.
  std::string FindInconsistency(const TableRef& table);

  // Creates a backup and runs it to its end. The id.
  std::string MakeBackup(std::string_view table_name, std::string_view backup_name = "Backup");
  RestoreRequest RestoreOf(std::string_view backup_id, std::string_view target);

  SimulatedClock clock;
  SeededRandom random;
  MemoryStore store;
  MemoryBackupStorage storage;
  Settings settings;
  const BackupWorldOptions options;

 private:
  std::optional<Process> process_;
};

// An item of the tables that MakeTable makes, with both index keys.
Item SampleItem(std::string_view id, std::int64_t n);

}  // namespace gramme

#endif  // GRAMME_BACKUP_TESTING_BACKUP_WORLD_H_
