#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "backup/backups.h"
#include "backup/directory_backup_storage.h"
#include "backup/recovery.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/rocksdb/encoded_key.h"
#include "storage/rocksdb/rocksdb_store.h"
#include "table/item/item_writer.h"
#include "table/table_creation.h"
#include "table/table_drop.h"
#include "tests/crash/off_host/file_set.h"

namespace gramme {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTable = "Protected";
constexpr std::size_t kWriteCount = 400;
constexpr std::size_t kTaskCountMax = 10'000;

// A store on disk with a table that has point-in-time recovery, and processes on it, one after the
// other.
struct RecoveryWorld {
  // What a process has in memory.
  struct Process {
    explicit Process(RecoveryWorld& world)
        : executor(world.clock, world.random),
          catalog(*world.store),
          jobs(*world.store, executor, world.clock, world.random),
          parts{*world.store, catalog,      jobs,          *world.storage,
                world.clock,  world.random, world.settings},
          backups(parts),
          recovery(parts, backups) {
      RegisterTableDrop(jobs, *world.store, catalog);
      jobs.OnFailure([this](const Job&, const Status& status) { failure = status.message(); });
    }
    StoreResult<void> Load() {
      GRAMME_RETURN_IF_ERROR(catalog.Load());
      GRAMME_RETURN_IF_ERROR(backups.Load());
      return jobs.Resume();
    }
    bool RunJobs() {
      for (std::size_t i = 0; i < kTaskCountMax && !jobs.List().empty(); ++i) executor.RunOne();
      return jobs.List().empty();
    }

    SimulatedExecutor executor;
    Catalog catalog;
    Jobs jobs;
    BackupParts parts;
    Backups backups;
    Recovery recovery;
    std::string failure;  // the last
  };

  Asked<void> Open(const std::string& path) {
    auto opened = RocksDbStore::Open({.directory = path, .clock = &clock});
    if (!opened) return std::unexpected(opened.error().message());
    store = *std::move(opened);
    return {};
  }

  std::string directory;
  SimulatedClock clock;
  SeededRandom random{1};
  std::unique_ptr<Store> store;
  std::unique_ptr<DirectoryBackupStorage> storage;
  Settings settings;
  KeyspaceId log_keyspace{};
};

Item RandomItem(Random& random) {
  Item item = {{"id", "item-" + std::to_string(random.Below(60))}};
  std::string text(random.Below(400), ' ');
  for (char& letter : text) letter = static_cast<char>('a' + random.Below(26));
  item["text"] = std::move(text);
  return item;
}

Asked<void> Fill(RecoveryWorld& world, RecoveryWorld::Process& process) {
  for (std::size_t i = 0; i < kWriteCount; ++i) {
    const Item item = RandomItem(world.random);
    WriteAction action = {.table = process.catalog.FreshView()->Find(kTable), .item = &item};
    if (!BindAction(action)) return std::unexpected("an item that is none");
    const ItemWrite write = WriteItem(*world.store, ReadTier::kDisk, action);
    if (write.store_failure || !world.store->Await(write.position)) {
      return std::unexpected("a write failed");
    }
    world.clock.Advance(std::chrono::milliseconds(5));
  }
  return {};
}

Asked<void> Prepare(RecoveryWorld& world) {
  auto storage = DirectoryBackupStorage::Make(world.directory + "/backups",
                                              DirectoryBackupStorage::Open::kCreate);
  if (!storage) return std::unexpected(storage.error().message());
  world.storage = *std::move(storage);
  if (const auto opened = world.Open(world.directory + "/data"); !opened) return opened;
  {
    RecoveryWorld::Process process(world);
    TableDescription table;
    table.name = kTable;
    table.key_schema = {{"id", KeyType::kHash}};
    table.attribute_definitions = {{"id", AttributeType::kString}};
    table.billing_mode = BillingMode::kPayPerRequest;
    if (!process.Load() || !GiveIdentity(table, *world.store, world.clock, world.random) ||
        !BeginTable(std::move(table), process.catalog, process.jobs, world.settings)) {
      return std::unexpected("the table cannot be made");
    }
    if (const auto filled = Fill(world, process); !filled) return filled;
    if (!process.recovery.Enable(kTable, 35) || !process.RunJobs()) {
      return std::unexpected("point-in-time recovery cannot be enabled");
    }
    if (const auto filled = Fill(world, process); !filled) return filled;
    world.log_keyspace =
        KeyspaceId{process.catalog.FreshView()->Find(kTable)->description().change_log->keyspace};
  }
  // Everything is in tables afterwards, and nothing in memory.
  if (!world.store->Close()) return std::unexpected("the store cannot be closed");
  world.store.reset();
  return {};
}

// The tables that may hold keys of the keyspace.
std::vector<std::string> TablesOf(const std::string& database, KeyspaceId keyspace) {
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::OpenForReadOnly({}, database, &opened).ok()) return {};
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::vector<rocksdb::LiveFileMetaData> tables;
  db->GetLiveFilesMetaData(&tables);
  const EncodedRange range = EncodeRange(keyspace, {});
  std::vector<std::string> names;
  for (const rocksdb::LiveFileMetaData& table : tables) {
    if (table.smallestkey < range.end && table.largestkey >= range.start) {
      names.push_back(table.relative_filename);
    }
  }
  return names;
}

std::string JudgeRestoreHere(RecoveryWorld& world, const std::string& file) {
  RecoveryWorld::Process process(world);
  if (const auto loaded = process.Load(); !loaded) {
    return loaded.error().message().find(file) != std::string::npos ? "" : loaded.error().message();
  }
  for (const auto& [id, status] : process.backups.damaged()) {
    // The base is left out, by its name: nothing can be restored from it.
    if (status.message().find(file) != std::string::npos) return "";
  }
  const auto begun = process.recovery.BeginRestore(
      {.source_table_name = std::string(kTable), .target_table_name = "Copy", .overrides = {}});
  if (!begun) return "the restore did not begin: " + begun.error().message;
  if (!process.RunJobs()) return "the restore's jobs do not end";
  const bool is_restored = process.catalog.FreshView()->Find("Copy") != nullptr;
  if (is_restored) {
    const auto dropped = BeginTableDrop(
        "Copy", [](TableDescription&) -> Result<void> { return {}; }, process.catalog, process.jobs,
        world.settings);
    return dropped && process.RunJobs() ? "it was restored" : "it was restored and stays";
  }
  if (process.failure.find(file) != std::string::npos) return "";
  return "the restore was refused with: " + process.failure;
}

// A restore of the latest moment must be refused, by the file's name, and leave no table. On a copy
// of the data whose tables are links, for a table is never changed in its place.
std::string JudgeRestore(RecoveryWorld& world, const std::string& file) {
  const std::string copy = world.directory + "/copy";
  CopyWithLinkedTables(world.directory + "/data", copy);
  if (const auto opened = world.Open(copy); !opened) {
    return opened.error().find(file) != std::string::npos ? "" : opened.error();
  }
  std::string said = JudgeRestoreHere(world, file);
  world.store.reset();
  return said;
}

FileSet SetOf(std::string name, std::string directory,
              const std::shared_ptr<RecoveryWorld>& world) {
  return {.name = std::move(name),
          .directory = std::move(directory),
          .files = {},
          .judge = [world](const std::string& file) { return JudgeRestore(*world, file); }};
}

}  // namespace

Asked<std::vector<FileSet>> RecoveryFileSets(const std::string&, const std::string& folder,
                                             std::uint64_t seed) {
  const auto world = std::make_shared<RecoveryWorld>();
  world->directory = folder;
  world->random = SeededRandom(seed);
  if (const auto prepared = Prepare(*world); !prepared) return std::unexpected(prepared.error());
  const auto bases = world->storage->List();
  if (!bases || bases->size() != 1) return std::unexpected("there is not one base");
  FileSet base = SetOf("base", folder + "/backups/" + bases->front(), world);
  for (const auto& entry : fs::directory_iterator(base.directory)) {
    base.files.push_back(entry.path().filename().string());
  }
  std::ranges::sort(base.files);
  FileSet log = SetOf("change log", folder + "/data/db", world);
  log.files = TablesOf(log.directory, world->log_keyspace);
  if (log.files.empty()) return std::unexpected("the change log is in no table");
  return std::vector<FileSet>{std::move(base), std::move(log)};
}

}  // namespace gramme
